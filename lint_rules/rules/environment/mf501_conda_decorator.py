"""MF501."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant, Decorator
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class CondaDecorator(Rule):
    """
    ## What it does
    Checks for `@conda` and `@conda_base`.

    ## Why is this bad?
    Metaflow must solve, store and load an environment for each step. The step cannot see the
    project's own packages, and every run depends on one more tool. For most flows, the project's
    own environment is enough, or an image built from it.

    If a step needs one of these decorators, give the reason on the same line:
    `# noqa: MF501 (needs CUDA 11)`. If your team treats `@pypi` the same way, add it to
    `conda-decorators`.

    The original guide also warns that these decorators fail with Python 3.9. That was a bug in an
    old version of Metaflow. Today's Metaflow works with every Python version that it supports.

    ## References
    The guide, "Environments".
    """

    code, name = "MF501", "conda-decorator"
    group = Group.STYLE
    options = ("conda-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, conda, conda_base, step


            @conda_base(python="3.11")
            class ArxivTopics(FlowSpec):
                @conda(libraries={"pandas": "2.2"})
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=('@conda_base(python="3.11")', '@conda(libraries={"pandas": "2.2"})'),
        ),
        Bad(
            """
            import metaflow as mf
            from switches import only_if


            class Base(mf.FlowSpec):
                pass


            @only_if(True, mf.conda_base(python="3.11"))
            class ArxivTopics(Base):
                @mf.pypi
                @mf.step
                def start(self):
                    pass
            """,
            at=('@only_if(True, mf.conda_base(python="3.11"))', "@mf.pypi"),
            options={"conda-decorators": ["conda", "conda_base", "pypi"]},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, pypi, step
            from metaflow_helper import conda


            class ArxivTopics(FlowSpec):
                @conda
                @pypi(packages={"pandas": "2.2"})
                @step
                def start(self):
                    pass
            """,
            why="`@pypi` is not a conda decorator, and neither is one from another package.",
        ),
        Good(
            """
            from metaflow import FlowSpec, conda, step


            class ArxivTopics(FlowSpec):
                @conda(libraries={"cudatoolkit": "11.8"})  # noqa: MF501 (the driver is that old)
                @step
                def start(self):
                    pass
            """,
            why="The comment gives the reason.",
        ),
        Good(
            """
            from metaflow import FlowSpec, conda, step


            class ArxivTopics(FlowSpec):
                @conda(disabled=True)
                @step
                def start(self):
                    pass
            """,
            why="The decorator turns the environment off.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        for flow in module.flows:
            for decorator in flow.decorators:
                yield from self._judge(decorator, f"The flow `{flow.name}`")
            for step in flow.steps:
                for decorator in step.function.decorators:
                    yield from self._judge(decorator, f"The step `{step.name}`")

    def _judge(self, decorator: Decorator, owner: str) -> Iterator[Finding]:
        used = _used(decorator, self.settings.conda_decorators)
        if used:
            yield self.finding(
                decorator,
                f"{owner} has `@{used}`, which creates a separate environment",
                "remove it and add its packages to the project's environment, or keep it and write the "
                f"reason on this line: `# noqa: {self.code} (why)`",
            )


def _used(decorator: Decorator, names: tuple[str, ...]) -> str | None:
    """The first of these Metaflow decorators that a decorator uses."""
    disabled = decorator.argument("disabled")
    if isinstance(disabled, Constant) and disabled.value is True:
        return None
    for expression in decorator.value.walk():
        name = metaflow_name(expression.qualified)
        if name in names:
            return name
    return None
