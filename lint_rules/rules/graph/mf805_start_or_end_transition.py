"""MF805."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class StartOrEndTransition(Rule):
    """
    ## What it does
    Checks that no step leads to the start step, that the end step leads to no other step, and that
    it is not a join.

    ## Why is this bad?
    Metaflow refuses the flow: "The start step *start* has incoming transitions from …", "The end
    step *end* has outgoing transitions", "The terminal step *end* should not have a self.next()
    transition. Just remove it", "The terminal step *end* should not be a join step (it gets an
    extra argument). Add a join step before it".

    ## References
    Metaflow, "Basics of Metaflow": the structure of flows.
    """

    code, name = "MF805", "start-or-end-transition"
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
                    self.more = "no"
                    self.next({"yes": self.start, "no": self.end}, condition="more")

                @step
                def end(self):
                    pass
            """,
            at="self.start",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    self.next(self.report)

                @step
                def report(self):
                    pass
            """,
            at="self.next(self.report)",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def words(self):
                    self.next(self.end)

                @step
                def authors(self):
                    self.next(self.end)

                @step
                def end(self, inputs):
                    pass
            """,
            at="end",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.model)

            @step
            def model(self):
                self.more = "no"
                self.next({"yes": self.model, "no": self.end}, condition="more")

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name = problem.names[0]
            if problem.kind == "start-entered":
                start = problem.names[1]
                message = (
                    f"`{name}` leads back to the start step `{start}`, but no step may do that"
                )
                help = "move the repeated work into a step after it, and lead to that step instead"
            elif problem.kind == "end-goes-on":
                message = f"The end step `{name}` calls `self.next`"
                help = (
                    f"remove the call; if a step must run after `{name}`, move it before `{name}`"
                )
            else:
                message = f"The end step `{name}` takes inputs, but the end step must not be a join"
                help = f"write `def {name}(self):`, and add a join step before it"
            yield self.finding(problem, message, help, related=problem.related)
