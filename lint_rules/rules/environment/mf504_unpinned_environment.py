"""MF504."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.environments import environment_kind, is_true, package_attributes
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant, Dict, Expression
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_PINNED = re.compile(r"={0,3}\s*v?\d[\w.+!=-]*")
_SOURCES = re.compile(r"git\+|https?://|@|file:")


class UnpinnedEnvironment(Rule):
    """
    ## What it does
    Checks that `@pypi`, `@conda`, `@pypi_base` and `@conda_base` name a version for each package
    and for Python.

    ## Why is this bad?
    Metaflow resolves the environment when a run or a deployment begins, and takes the newest
    versions that fit. Next month, or on a colleague's machine, these may be other versions. Without
    `python=`, it takes the Python version of the person who starts the run. So a flow can fail, or
    its results can change, although nobody changed the flow.

    ## References
    Metaflow, "Managing libraries": "The @pypi decorator".
    """

    code, name, default = "MF504", "unpinned-environment", False
    group = Group.STYLE
    base_flows = True
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, pypi, pypi_base, step


            @pypi_base(packages={"pandas": ">=2", "scikit-learn": "1.5.1"})
            class ArxivTopics(FlowSpec):
                @pypi(packages={"umap-learn": ""})
                @step
                def start(self):
                    pass
            """,
            at=('pypi_base(packages={"pandas": ">=2", "scikit-learn": "1.5.1"})', '">=2"', '""'),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, conda, pypi_base, step


        @pypi_base(python="3.11.9", packages={"pandas": "2.2.2", "scikit-learn": "==1.5.1"})
        class ArxivTopics(FlowSpec):
            @conda(libraries={"umap-learn": "0.5.6"})
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, config_expr, pypi, step


            class ArxivTopics(FlowSpec):
                config = Config("config", default="environment.json")

                @pypi(python=config_expr("config.python"), packages=config_expr("config.packages"))
                @step
                def start(self):
                    pass
            """,
            why="The versions are in a config.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        bases = [d for owner in flow.lineage for d in owner.decorators if environment_kind(d)]
        has_python = any(decorator.argument("python") is not None for decorator in bases)
        placed = [*flow.decorators, *(d for s in flow.steps for d in s.function.decorators)]
        for decorator in placed:
            kind = environment_kind(decorator)
            if kind is None or decorator.call is None or decorator.call.has_unpacking:
                continue
            given = [decorator.argument(name) for name in package_attributes(kind)]
            packages = [one for one in given if one is not None]
            if not packages or is_true(decorator.argument("disabled")):
                continue
            if not has_python and decorator.argument("python") is None:
                has_python = kind.endswith("_base")
                yield self.finding(
                    decorator.value,
                    f"`@{kind}` gives no version of Python, so each run takes the version of the person who starts it",
                    'add `python="3.…"`',
                )
            for one in packages:
                yield from self._packages(one, kind, flow.module)

    def _packages(self, packages: Expression, kind: str, module: Module) -> Iterator[Finding]:
        display = module.known(packages)
        for key, value in display.items if isinstance(display, Dict) else ():
            version = module.known(value)
            package = module.text(key) if key is not None else None
            if package is None or not isinstance(version, Constant):
                continue
            text = (version.text or "").strip() if version.value is not None else ""
            is_source = _SOURCES.search(text) or _SOURCES.search(package)
            if not isinstance(version.value, str | None) or is_source:
                continue
            if _PINNED.fullmatch(text) is None or "*" in text:
                yield self.finding(
                    value if value.file == module.resolver.path else packages,
                    f"`@{kind}` names no exact version of `{package}`, so it takes the newest that fits",
                    f'write a whole version, as in `"{package}": "1.2.3"`',
                )
