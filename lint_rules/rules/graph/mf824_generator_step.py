"""MF824."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.own_yields import first_yield
from lint_rules.analysis.step_decorators import others
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class GeneratorStep(Rule):
    """
    ## What it does
    Checks that no step contains `yield` or is an `async def`.

    ## Why is this bad?
    Metaflow calls the step as a plain function. If it contains `yield`, the call only creates a
    generator, and the call of an `async def` only creates a coroutine. The body never runs, not even its first
    line: nothing is printed, no artifact is set, and `self.next` is not called. The run ends with
    "Internal error: Based on static analysis of the code, step *start* was expected to transition
    to step(s) *end*. However, when the code was executed, self.next() was called with .". The end
    step does nothing and the run succeeds.

    The rule does not report a step with a decorator that is not Metaflow's, because that may run the
    generator.

    ## References
    Python, "Generators" and "Coroutines".
    """

    code, name = "MF824", "generator-step"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    for page in range(3):
                        yield page
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="yield page",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                async def start(self):
                    self.papers = []
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="start",
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                def pages(self):
                    yield from range(3)

                @step
                def start(self):
                    def titles():
                        yield "a title"

                    self.papers = [*self.pages(), *titles()]
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The generators are other functions that the step calls.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for step in flow.steps:
            function = step.function
            found = first_yield(function, flow.module)
            if not (function.is_async or found) or others(step):
                continue
            if found is None:
                message = f"`{step.name}` is an `async def`, so its body never runs"
                help = "write `def`, and run the coroutine in the step with `asyncio.run(…)`"
                yield self.finding(step, message, help)
            else:
                message = f"`yield` makes `{step.name}` a generator, so its body never runs"
                help = "move the `yield` into a function of its own, which the step loops over"
                yield self.finding(found, message, help)
