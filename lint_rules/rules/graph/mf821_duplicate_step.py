"""MF821."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class DuplicateStep(Rule):
    """
    ## What it does
    Checks that a class defines each of its steps once.

    ## Why is this bad?
    If two methods have the same name, Python keeps only the last. The flow passes Metaflow's check
    and runs, but the first method never runs.

    ## References
    Metaflow, "Basics of Metaflow": the structure of flows.
    """

    code, name = "MF821", "duplicate-step"
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
                    self.topics = 20
                    self.next(self.end)

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="model",
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class Base(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass


            class ArxivTopics(Base):
                @step
                def end(self):
                    print("done")
            """,
            why="A flow may replace an inherited step with its own.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name = problem.names[0]
            message = f"The step `{name}` is defined again below, so this one never runs"
            help = "rename one of the two, or remove this one"
            yield self.finding(problem, message, help, related=problem.related)
