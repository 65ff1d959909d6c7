"""MF811."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class CyclicFlow(Rule):
    """
    ## What it does
    Checks that no path leads from a step back to the same step.

    ## Why is this bad?
    Metaflow refuses the flow: "There is a loop in your flow: *model->check->model*. Break the loop
    by fixing self.next() transitions". Only a switch may lead back, and only to its own step.

    ## References
    Metaflow, "Conditional and recursive flows".
    """

    code, name = "MF811", "cyclic-flow"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)

                @step
                def model(self):
                    self.next(self.check)

                @step
                def check(self):
                    self.next({"bad": self.model, "good": self.end}, condition="result")

                @step
                def end(self):
                    pass
            """,
            at="self.model",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model, self.end)

                @step
                def model(self):
                    self.next(self.model)

                @step
                def end(self):
                    pass
            """,
            at="self.model",
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)

                @step
                def model(self):
                    self.next({"bad": self.model, "good": self.end}, condition="result")

                @step
                def end(self):
                    pass
            """,
            why="A switch may repeat its own step.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            source = problem.step
            if problem.kind == "itself":
                message = (
                    f"The step `{source}` leads to itself, but no switch decides when to continue"
                )
                help = (
                    'write a switch: `self.next({"again": self.'
                    f'{source}, "done": self.next_step}}, condition="…")`'
                )
            else:
                way = " → ".join(f"`{name}`" for name in problem.way)
                message = f"There is a loop in the flow: {way}"
                help = (
                    f"lead to a step after `{source}` instead; to repeat work, put it into one step, "
                    "and let its switch lead to the step itself"
                )
            yield self.finding(problem, message, help, related=problem.related)
