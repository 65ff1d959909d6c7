"""MF810."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class UnreachableStep(Rule):
    """
    ## What it does
    Checks that a path leads from the start to every step.

    ## Why is this bad?
    Metaflow refuses the flow: "Step *report* is unreachable from the entry step *start*. Add
    self.next(report) in another step or remove *report*".

    If several unreachable steps follow each other, the rule reports the first.

    ## References
    Metaflow, "Basics of Metaflow": transitions.
    """

    code, name = "MF810", "unreachable-step"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def report(self):
                    self.next(self.send)

                @step
                def send(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="report",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next({"some": self.report, "none": self.end}, condition="papers")

            @step
            def report(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name, start = problem.names
            message = f"The step `{name}` is unreachable: no path leads to it from `{start}`"
            help = f"write `self.next(self.{name})` in another step, or remove `{name}`"
            yield self.finding(problem, message, help, related=problem.related)
