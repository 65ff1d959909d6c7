"""MF807."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class StepArguments(Rule):
    """
    ## What it does
    Checks that a step takes only `self`, and a join only `self` and its inputs.

    ## Why is this bad?
    Metaflow refuses the flow: "Step train has too many arguments. Normal steps take only 'self' as
    an argument. Join steps take 'self' and 'inputs'", or "Step *train* is missing the 'self'
    argument". It counts plain arguments only, so it does not see `*args` or an argument before `/`.

    ## References
    Metaflow, "Basics of Metaflow": artifacts; data flow through joins.
    """

    code, name = "MF807", "step-arguments"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start():
                    self.next(self.train)

                @step
                def train(self, papers, topics=20):
                    self.next(self.report)

                @step
                def report(*args):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("start", "train", "report"),
        ),
    ]
    good = [
        Good(
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
                def authors(self, *, most=3):
                    self.next(self.join)

                @step
                def join(self, branches):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="A join's inputs may have any name, and arguments after `*` are not counted.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name = problem.names[0]
            if problem.kind == "too-many":
                given = ", ".join(f"`{one}`" for one in problem.names[1].split(", "))
                message = f"The step `{name}` has too many arguments: {given}"
                help = (
                    f"write `def {name}(self):`, or `def {name}(self, inputs):` if it is a join, "
                    "and pass values as artifacts or parameters"
                )
            elif problem.kind == "marked":
                message = f"The step `{name}` has no plain argument `self`"
                help = f"write `def {name}(self):`, without `*` and `/`"
            else:
                message = f"The step `{name}` is missing the argument `self`"
                help = f"write `def {name}(self):`"
            yield self.finding(problem, message, help)
