"""MF603."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Finding
from lint_rules.model.namespaces import reads_results
from lint_rules.model.project import Project, StatedProject
from lint_rules.rules.base import Bad, Good, Rule

_GETTER = (
    "from metaflow import Flow\n\n\n"
    'def papers():\n    return Flow("ArxivTopics").latest_run.data.papers\n'
)


class MissingProjectNamespace(Rule):
    """
    ## What it does
    Checks that the package that a project's flows use sets the project's namespace in its
    `__init__.py`, if it is called after the project or reads results.

    ## Why is this bad?
    Metaflow's client looks at the runs of whoever asks, unless it is told another namespace: the
    same getter gives each person other results, or none. With `namespace("project:…")` in the
    package's `__init__.py`, whoever uses a getter reads the project's results.

    ## References
    The guide, "Namespaces"; Metaflow, "Organizing
    results".
    """

    code, name = "MF603", "missing-project-namespace"
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
            why="One package sets it, and the other reads no results.",
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
        judged: set[str] = set()
        for stated in project.stated.values():
            for package in sorted(_packages(stated) - judged):
                judged.add(package)
                around = stated.flow.module.surroundings
                folder = around.package(package)
                if folder is None or around.sets_a_namespace(package):
                    continue
                reads = any(
                    reads_results(module)
                    for module in project.modules
                    if (path := module.surroundings.path) is not None
                    and path.is_relative_to(folder)
                    and not module.runnable
                )
                if reads or package == stated.name:
                    yield self.finding(
                        stated,
                        f"The package `{package}` does not set the namespace of the project "
                        f"`{stated.name}`: its getters read other runs",
                        f'write `namespace("project:{stated.name}")` into its `__init__.py`',
                    )


def _packages(stated: StatedProject) -> set[str]:
    """The packages that a flow stands in or imports."""
    module = stated.flow.module
    imported = {p for statement in module.inside.imports for p in statement.packages()}
    own = module.surroundings.outermost_package
    return imported | ({own} if own else set())
