"""MF808."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding, InsertLines, Safety
from lint_rules.model.code import Function
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class MissingNext(Rule):
    """
    ## What it does
    Checks that each step except the end calls `self.next`.

    ## Why is this bad?
    Metaflow refuses the flow: "Step *train* is missing a self.next() transition to the next step.
    Add a self.next() as the last line in the function". It looks for the text `self.next`, so it
    does not find the call in a step whose first argument has another name.

    ## Fix safety
    The fix adds the call. It is safe, because Metaflow refuses the flow without it. There is a fix if only one step can follow. That is the next step in the class, if no step
    leads to it, and some step leads to every other one.

    ## References
    Metaflow, "Basics of Metaflow": transitions.
    """

    code, name = "MF808", "missing-next"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = 3

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="start",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = 3
                    self.next(self.model)

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
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
                    self.count = 3

                @step
                def authors(flow):
                    flow.next(flow.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("words", "flow.next(flow.join)"),
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.last)

                @step(end=True)
                def last(self):
                    self.papers = 3
            """,
            why="The end step calls no `self.next`.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name, other = problem.names
            if problem.kind == "self-name":
                message = (
                    f"The step `{name}` calls `{other}.next`, but Metaflow reads only `self.next`"
                )
                yield self.finding(
                    problem, message, f"rename the first argument from `{other}` to `self`"
                )
                continue
            fix = None
            if other and isinstance(problem.thing, Function):
                last = problem.thing.body[-1]
                line = f"self.next(self.{other})"
                edits = [InsertLines(last.location, (line,), after=True)]
                fix = self.fix(f"Add `{line}`", edits)
            message = f"The step `{name}` is missing a `self.next` transition to the next step"
            shown = f"self.next(self.{other})" if other else "self.next(…)"
            yield self.finding(problem, message, f"end it with `{shown}`", fix)
