"""MF813."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class InvalidSplit(Rule):
    """
    ## What it does
    Checks that no join splits, and that no foreach or switch leads directly to a join.

    ## Why is this bad?
    Metaflow refuses the flow: "Step *join* is both a join step (it takes an extra argument) and a
    split step (it transitions to multiple steps). This is not allowed. Add a new step so that
    split and join become separate steps", "Step *start* is a foreach split that has no children:
    it is followed immediately by a join step", or "A conditional path cannot lead directly to a
    join step".

    ## References
    Metaflow, "Basics of Metaflow": branch, foreach; "Conditional and recursive flows".
    """

    code, name = "MF813", "invalid-split"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def words(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.report, self.end)

                @step
                def report(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.next(self.report, self.end)",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = [1, 2]
                    self.next(self.join, foreach="papers")

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='self.next(self.join, foreach="papers")',
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
                    self.next({"many": self.most, "few": self.join}, condition="number")

                @step
                def most(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='self.next({"many": self.most, "few": self.join}, condition="number")',
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.papers = [1, 2]
                self.next(self.model, foreach="papers")

            @step
            def model(self):
                self.next(self.join)

            @step
            def join(self, inputs):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            step = problem.names[0]
            if problem.kind == "join-splits":
                _, kind, taken = problem.names
                what = {"split": "a split", "foreach": "a foreach", "switch": "a switch"}[kind]
                message = f"The step `{step}` takes `{taken}` like a join, but ends in {what}"
                help = f"let `{step}` only join, and add a step after it that ends in {what}"
            else:
                kind = problem.kind.partition("-")[0]
                join = problem.names[1]
                message = f"The {kind} in `{step}` leads directly to the join `{join}`"
                help = f"add a step between `{step}` and `{join}`"
            yield self.finding(problem, message, help, related=problem.related)
