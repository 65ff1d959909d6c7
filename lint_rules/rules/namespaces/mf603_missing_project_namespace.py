"""MF603."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.analysis.namespaces import chosen_at_import, reads_results
from lint_rules.diagnostics.diagnostic import AddToFile, Edit, Finding, Safety
from lint_rules.fixes.edits import spelled
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.project import Project, StatedProject
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver

_GETTER = (
    "from metaflow import Flow\n\n\n"
    'def papers():\n    return Flow("ArxivTopics").latest_run.data.papers\n'
)


class MissingProjectNamespace(Rule):
    """
    ## What it does
    Checks that a package used by a project's flows sets the namespace of the project in its
    `__init__.py`. The rule applies to packages that have the project's name or that read results.
    It ignores packages that flows of several projects use, and packages of tests.

    ## Why is this bad?
    By default, Metaflow's client reads only your own runs. The same function then returns
    different results for each user, or none. With `namespace("project:…")` in the package's
    `__init__.py`, every user reads the results of the project.

    ## Fix safety
    The fix changes the package's `__init__.py`, and only if you pass that file to the linter. It is
    unsafe because the functions of the package then read other results. There is no fix if flows
    outside of the project import the package too. If these are half of them, the rule does not
    report the package.

    ## References
    The guide, "Namespaces"; Metaflow, "Organizing
    results".
    """

    code, name, fix_safety = "MF603", "missing-project-namespace", Safety.UNSAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv.papers import fetch

                    self.papers = fetch()
            """,
            at='"arxiv_topics"',
            packages={
                "../pyproject.toml": "",
                "../src/arxiv/__init__.py": "",
                "../src/arxiv/getters.py": _GETTER,
            },
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    from arxiv.papers import fetch
                    from words import count

                    self.papers = count(fetch())
            """,
            why="One package sets the namespace, and the other reads no results.",
            packages={
                "../pyproject.toml": "",
                "../src/arxiv/__init__.py": "from metaflow import namespace\n\n"
                'namespace("project:arxiv_topics")\n',
                "../src/arxiv/getters.py": _GETTER,
                "../src/words/__init__.py": "",
            },
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        using: dict[str, list[StatedProject]] = {}
        for stated in project.stated.values():
            for package in sorted(_packages(stated.flow)):
                using.setdefault(package, []).append(stated)
        reading = _folders_that_read(project)
        everywhere = Counter(package for flow in project.flows for package in _packages(flow))
        for package, users in using.items():
            if 2 * len(users) <= everywhere[package]:
                # Most flows that use it are in no project, and would no longer find their runs.
                continue
            stated = users[0]
            # A package of several projects cannot use the namespace of one of them.
            is_one = len({user.name for user in users}) == 1
            if is_one and not _is_of_tests(package):
                around = stated.flow.module.resolver
                folder = around.package(package)
                if folder is None or around.sets_a_namespace(package):
                    continue
                is_relevant = folder in reading or package == stated.name
                if is_relevant and not _chooses(around.init(package)):
                    yield self.finding(
                        stated,
                        f"The package `{package}` does not set the namespace of the project "
                        f"`{stated.name}`, so its functions find only the caller's own runs",
                        f'write `namespace("project:{stated.name}")` into its `__init__.py`',
                        self.fix(
                            "Set the namespace",
                            _edits(around, package, stated.name)
                            if len(users) == everywhere[package]
                            else None,
                        ),
                    )


def _folders_that_read(project: Project) -> set[Path]:
    """The folders with code that reads results, but is not a flow."""
    files = (
        module.resolver.path
        for module in project.modules
        if reads_results(module) and not module.runnable
    )
    return {folder for file in files if file is not None for folder in (file, *file.parents)}


def _chooses(init: Module | None) -> bool:
    """Whether a package sets a namespace, under any name for Metaflow's function."""
    return init is not None and bool(chosen_at_import(init))


def _is_of_tests(package: str) -> bool:
    return package in ("test", "tests") or package.startswith("test_")


def _edits(around: ImportResolver, package: str, project: str) -> list[Edit]:
    """The edits that set the namespace in a package's `__init__.py`."""
    init = around.init(package)
    if init is None:
        return []
    call = 'namespace("project:' + project + '")'
    if len(init.body) <= bool(init.docstring):
        lines = ("from metaflow import namespace", "", call)
        return [AddToFile(init.location, lines)]
    name, edits = spelled(init, "namespace")
    line = name + call.removeprefix("namespace")
    return [*edits, AddToFile(init.location, (line,))]


def _packages(flow: Flow) -> set[str]:
    """The packages that contain a flow, or that it imports."""
    module = flow.module
    imported = {p for statement in module.descendants.imports for p in statement.packages()}
    own = module.resolver.outermost_package
    return imported | ({own} if own else set())
