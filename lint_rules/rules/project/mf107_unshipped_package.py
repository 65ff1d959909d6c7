"""MF107."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lint_rules.analysis.packaging import is_included_by_itself, names_as_source
from lint_rules.diagnostics.diagnostic import AddToFile, Edit, Finding, InsertLines, Safety
from lint_rules.model.code import Import
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver

_INCLUDED = 'METAFLOW_PACKAGE_POLICY = "include"\n'


class UnshippedPackage(Rule):
    """
    ## What it does
    Checks that a flow's packages from the same repository reach the machines that run its steps.

    ## Why is this bad?
    Metaflow packages the files below the folder of the flow file. A package in another folder
    exists on the machine that starts the flow, but not on the others. To include it, do both:

    - write `METAFLOW_PACKAGE_POLICY = "include"` in its `__init__.py`;
    - import it at module level of the flow file. Metaflow does not see the imports inside steps
      when it packages the code.

    ## Fix safety
    The fix writes the policy into the package's `__init__.py`, and adds an import at module level
    of the flow file if there is none. It changes these files only if you pass both to the linter.
    It is unsafe for two reasons. Every machine then imports the package, and the packages that it
    imports may be missing there. And only the authors of the package can decide whether to include
    it.

    The fix is not offered if the package has no `__init__.py`, or if the flow file would need the
    import and has no other import at module level.

    ## References
    Metaflow's behaviour (`metaflow.packaging_sys`, since 2.16), and the guide, "Imports".
    """

    code, name, fix_safety = "MF107", "unshipped-package", Safety.UNSAFE
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.papers import fetch

                    self.papers = fetch()
            """,
            at="from arxiv_topics.papers import fetch",
            packages={"../src/arxiv_topics/__init__.py": "", "../pyproject.toml": ""},
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.papers import fetch

                    self.papers = fetch()
            """,
            at="from arxiv_topics.papers import fetch",
            fixed="""
            from metaflow import FlowSpec, step
            import arxiv_topics  # noqa: F401


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.papers import fetch

                    self.papers = fetch()
            """,
            packages={"../src/arxiv_topics/__init__.py": _INCLUDED, "../pyproject.toml": ""},
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step

            import arxiv_topics


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv_topics.papers import fetch

                    self.papers = fetch()
            """,
            why="The package has the policy, and the flow file imports it at module level.",
            packages={"../src/arxiv_topics/__init__.py": _INCLUDED, "../pyproject.toml": ""},
        ),
        Good(
            """
            from metaflow import FlowSpec, step

            from arxiv_topics.schedules import nightly


            @nightly
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Metaflow includes a module that defines mutators or step decorators.",
            packages={
                "../src/arxiv_topics/__init__.py": "",
                "../src/arxiv_topics/schedules.py": "from metaflow import FlowMutator\n\n\n"
                "class nightly(FlowMutator):\n    pass\n",
                "../pyproject.toml": "",
            },
        ),
        Good(
            """
            from metaflow import FlowSpec, package_sources, step

            from arxiv_topics.papers import fetch


            @package_sources(["../src/arxiv_topics"])
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
            """,
            why="The flow names the package.",
            packages={
                "../src/arxiv_topics/__init__.py": "",
                "../src/arxiv_topics/papers.py": "",
                "../pyproject.toml": "",
            },
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pandas
                    from papers import fetch

                    self.papers = fetch(pandas)
            """,
            why="One package is installed, and the other is in the flow's folder.",
            packages={"papers.py": "", "../pyproject.toml": ""},
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        module = flow.module
        first = module.runnable[0]
        if flow is not first or module.is_test:
            return
        around = module.resolver
        seen = {p for owner in flow.lineage for s in owner.module.imports for p in s.packages()}
        reported: set[str] = set()
        for statement in _imports(flow):
            for package in sorted(statement.packages() - reported - {"metaflow"}):
                travels = around.travels(package)
                if not around.is_in_another_folder(package) or (travels and package in seen):
                    continue
                if statement in module.imports and is_included_by_itself(
                    statement, package, around
                ):
                    continue
                if names_as_source(flow, package):
                    continue
                reported.add(package)
                if not travels:
                    yield self.finding(
                        statement,
                        f"`{flow.name}` uses the package `{package}`, which Metaflow does not "
                        "package for other machines",
                        f'write `METAFLOW_PACKAGE_POLICY = "include"` into {_file(around, package)}'
                        + ("" if package in seen else f", and `import {package}` at module level"),
                        self.fix(
                            "Include the package",
                            _let_travel(around, flow, package, is_seen=package in seen),
                        ),
                    )
                else:
                    yield self.finding(
                        statement,
                        f"`{flow.name}` imports the package `{package}` only inside steps, so Metaflow "
                        "does not package it for other machines",
                        f"add `import {package}` at module level",
                        self.fix("Import it at module level", _imported(flow, package)),
                    )


def _imports(flow: Flow) -> list[Import]:
    """The imports of the flow's file, at module level and in its steps and methods."""
    owners = (owner for owner in flow.lineage if owner.module is flow.module)
    nested = [
        statement
        for owner in owners
        for function in owner.definition.functions
        for statement in function.descendants.imports
    ]
    return [*flow.module.imports, *nested]


def _file(around: ImportResolver, package: str) -> str:
    """The file that can state the policy of a package or a module, as seen from the repository."""
    module = around.init(package) or around.module(package)
    path = module.resolver.path if module else None
    return f"`{path.relative_to(around.files.root).as_posix()}`" if path else "its `__init__.py`"


def _let_travel(around: ImportResolver, flow: Flow, package: str, *, is_seen: bool) -> list[Edit]:
    """The edits that write the policy into the package, and import it so that Metaflow sees it."""
    init = around.init(package)
    imported = [] if is_seen else _imported(flow, package)
    if init is None or not (is_seen or imported):
        return []
    policy = 'METAFLOW_PACKAGE_POLICY = "include"'
    return [*imported, AddToFile(init.location, (policy,))]


def _imported(flow: Flow, package: str) -> list[Edit]:
    """The edits that import a package after the existing imports."""
    top = [s for s in flow.module.body if isinstance(s, Import)]
    if not top:
        return []
    return [InsertLines(top[-1].location, (f"import {package}  # noqa: F401",), after=True)]
