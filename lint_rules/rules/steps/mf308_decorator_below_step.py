"""MF308."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import DeleteStatement, Edit, Finding, InsertLines, Safety
from lint_rules.model.code import Decorator, Name
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_STEP_DECORATORS = frozenset(
    [
        "batch",
        "card",
        "catch",
        "checkpoint",
        "conda",
        "environment",
        "huggingface_hub",
        "kubernetes",
        "model",
        "parallel",
        "pypi",
        "resources",
        "retry",
        "secrets",
        "timeout",
        "torchrun",
        "uv",
    ]
)


class DecoratorBelowStep(Rule):
    """
    ## What it does
    Checks for Metaflow's step decorators below `@step`.

    ## Why is this bad?
    Metaflow's step decorators need a step. Below `@step` they get a plain function, and Metaflow
    refuses to load the flow ("which is not declared as a @step"). Decorators of plain functions
    can be below `@step` if they use `functools.wraps` (see decorator-without-wraps).

    ## Fix safety
    The fix moves `@step` down to the function, with the comment behind it. It is safe, because
    Metaflow refuses the flow as it is. There is no fix if `@step` is not written as a plain name.

    ## References
    Metaflow, step decorators: `@step` is on the line directly above the function.
    """

    code, name, fix_safety = "MF308", "decorator-below-step", Safety.SAFE
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, retry, step


            class ArxivTopics(FlowSpec):
                @step
                @retry(times=3)
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="@retry(times=3)",
            fixed="""
            from metaflow import FlowSpec, retry, step


            class ArxivTopics(FlowSpec):
                @retry(times=3)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            import metaflow as mf

            from topics import timed


            class ArxivTopics(mf.FlowSpec):
                @mf.card
                @mf.step
                # As long as it takes.
                @mf.timeout(hours=1)
                @mf.resources(
                    cpu=2,
                )
                async def start(self):
                    self.next(self.end)

                @mf.step
                @mf.retry
                @timed
                def end(self):
                    pass
            """,
            at=("@mf.timeout(hours=1)", "@mf.retry"),
            fixed="""
            import metaflow as mf

            from topics import timed


            class ArxivTopics(mf.FlowSpec):
                @mf.card
                # As long as it takes.
                @mf.timeout(hours=1)
                @mf.resources(
                    cpu=2,
                )
                @mf.step
                async def start(self):
                    self.next(self.end)

                @mf.retry
                @mf.step
                @timed
                def end(self):
                    pass
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, retry, step


        class ArxivTopics(FlowSpec):
            @retry(times=3)
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step
            from tenacity import retry

            from topics import timed


            class ArxivTopics(FlowSpec):
                @step
                @timed
                @retry
                def start(self):
                    pass
            """,
            why="Decorators of plain functions may stand there.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        decorators = step.function.decorators
        below = decorators[decorators.index(step.decorator) + 1 :]
        wrong = [d for d in below if metaflow_name(d.qualified) in _STEP_DECORATORS]
        if wrong:
            *others, last = (f"`@{decorator.name}`" for decorator in wrong)
            names = f"{', '.join(others)} and {last}" if others else last
            yield self.finding(
                wrong[0],
                f"{names} of the step `{step.name}` {'is' if len(wrong) == 1 else 'are'} below `@step`, "
                "so Metaflow refuses the flow",
                "move `@step` to the line directly above the function, or above its own decorators",
                self.fix("Move `@step` down", _move_down(step, wrong[-1], below)),
            )


def _move_down(step: Step, last: Decorator, below: tuple[Decorator, ...]) -> list[Edit] | None:
    """The edits that put `@step` below the last decorator that must be above it."""
    if not isinstance(step.decorator.value, Name):
        return None
    after = below[below.index(last) + 1 :]
    before = after[0].location if after else step.function.location
    line = f"@{step.decorator.value.name}"
    origin = step.decorator.location
    return [DeleteStatement(origin), InsertLines(before, (line,), comment_of=origin)]
