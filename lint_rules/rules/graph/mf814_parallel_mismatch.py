"""MF814."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class ParallelMismatch(Rule):
    """
    ## What it does
    Checks that `num_parallel` leads to a step with `@parallel`, that only `num_parallel` leads to
    such a step, and that a join follows it.

    ## Why is this bad?
    Metaflow refuses the flow: "Step *start* is called as a parallel step with
    self.next(num_parallel=..) but does not have a @parallel decorator", "Step *train* has a
    @parallel decorator, but is not called with self.next(num_parallel=...) from step *start*", or
    "An @parallel step should be followed by a join step".

    ## References
    Metaflow, "Distributed computing".
    """

    code, name = "MF814", "parallel-mismatch"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.train, num_parallel=2)

                @step
                def train(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.next(self.train, num_parallel=2)",
        ),
        Bad(
            """
            from metaflow import FlowSpec, parallel, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.train)

                @parallel
                @step
                def train(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="train",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, parallel, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.train, num_parallel=2)

            @parallel
            @step
            def train(self):
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
            step, *names = problem.names
            match problem.kind:
                case "undecorated":
                    message = f"`{step}` calls `{names[0]}` with `num_parallel`, but `{names[0]}` has no `@parallel`"
                    help = f"write `@parallel` above the `@step` of `{names[0]}`, or use `foreach`"
                case "uncalled":
                    message = f"The step `{step}` has `@parallel`, but `{names[0]}` leads to it without `num_parallel`"
                    help = f"write `self.next(self.{step}, num_parallel=…)` in `{names[0]}`, or remove `@parallel`"
                case "unjoined":
                    message = f"The step `{step}` has `@parallel`, but the next step `{names[0]}` is not a join"
                    help = f"write `def {names[0]}(self, inputs):`"
                case kind:
                    message = f"The step `{step}` has `@parallel`, but it is the {kind} step"
                    help = "remove `@parallel`, or move the work into a step that `num_parallel` leads to"
            yield self.finding(problem, message, help, related=problem.related)
