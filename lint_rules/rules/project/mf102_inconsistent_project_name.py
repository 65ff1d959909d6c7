"""MF102."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding, Replace, Safety
from lint_rules.model.code import Constant
from lint_rules.model.project import Project, StatedProject
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_OTHER = (
    "import metaflow as mf\n\n\n@mf.project(name={0!r})\n"
    "class {1}(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n"
)


class InconsistentProjectName(Rule):
    """
    ## What it does
    Checks that the flows of a project have the same name in `@project`.

    The expected name is `project` in the configuration. If the configuration does not set it, the
    rule takes the name of more than half of the flows below the same `pyproject.toml`. In a folder
    without `pyproject.toml`, three out of four flows must have the name.

    If no name is that frequent, the rule compares the words of the names. It reports two names that
    have the same words in another order.

    ## Why is this bad?
    `@project` groups the flows that have the same project name: their deployments, their namespace
    and their events. A flow with another name does not get the events of the other flows, and they
    do not find its results.

    ## Fix safety
    The fix is unsafe because the flow's deployments and results get another name. Delete the
    deployments with the old name.

    The fix is not offered if the decorator does not contain the name as a text, as in
    `@project(name=NAME)`, or if the rule does not know which of two names is right.

    ## References
    The guide, "Projects", and Metaflow, "Coordinating larger
    Metaflow projects".
    """

    code, name, fix_safety = "MF102", "inconsistent-project-name", Safety.UNSAFE
    group = Group.SUSPICIOUS
    options = ("project", "project-root")
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='"arxiv"',
            fixed="""
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            options={"project": "arxiv_topics"},
        ),
        Bad(
            """
            from metaflow import FlowSpec, project, step

            PROJECT = "arxiv_topic"


            @project(name=PROJECT)
            class ArxivBase(FlowSpec):
                pass


            class ArxivTopics(ArxivBase):
                @step
                def start(self):
                    pass
            """,
            at="PROJECT",
            packages={
                "../pyproject.toml": "",
                "../papers/flow.py": _OTHER.format("arxiv_topics", "ArxivPapers"),
                "../authors/flow.py": _OTHER.format("arxiv_topics", "ArxivAuthors"),
            },
        ),
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="topics_arxiv")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='"topics_arxiv"',
            packages={
                "../pyproject.toml": "",
                "../papers/flow.py": _OTHER.format("arxiv_topics", "ArxivPapers"),
            },
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, config_expr, project, step


            @project(name=config_expr("settings.project"))
            class ArxivTopics(FlowSpec):
                settings = Config("settings")

                @step
                def start(self):
                    pass
            """,
            why="The value of a config is known only when you deploy the flow.",
            options={"project": "arxiv_topics"},
        ),
        Good(
            """
            from metaflow import FlowSpec, project, step


            @project(name="biology")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="No name is that of most flows, so the repository may have two projects.",
            packages={
                "../pyproject.toml": "",
                "../papers/flow.py": _OTHER.format("arxiv_papers", "ArxivPapers"),
            },
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        by_value = {stated.value: stated for stated in reversed(project.stated.values())}
        wanted = self.settings.project or project.usual_name
        first_of_name: dict[str, StatedProject] = {}
        for stated in project.stated.values():
            first_of_name.setdefault(stated.name, stated)
        alike: dict[tuple[str, ...], list[StatedProject]] = {}
        for stated in first_of_name.values():
            alike.setdefault(_words(stated.name), []).append(stated)
        for stated in reversed(by_value.values()):
            if wanted is None:
                yield from self._alike(stated, alike[_words(stated.name)])
            elif stated.name != wanted:
                yield self._other(stated, wanted, first_of_name.get(wanted))

    def _other(self, stated: StatedProject, wanted: str, like: StatedProject | None) -> Finding:
        why = (
            "but the configuration names"
            if self.settings.project
            else "but most flows around it are in"
        )
        edit = (
            Replace(stated.location, f'"{wanted}"') if isinstance(stated.value, Constant) else None
        )
        return self.finding(
            stated,
            f"The flow `{stated.flow.name}` is in the project `{stated.name}`, {why} `{wanted}`",
            f'write `@project(name="{wanted}")`',
            self.fix(f"Rename the project to `{wanted}`", [edit] if edit else None),
            related=[(like, f"`{like.flow.name}` is in the project `{wanted}`")] if like else (),
        )

    def _alike(self, stated: StatedProject, alike: list[StatedProject]) -> Iterator[Finding]:
        for other in alike:
            if other.name != stated.name:
                yield self.finding(
                    stated,
                    f"The flow `{stated.flow.name}` is in the project `{stated.name}`, but "
                    f"`{other.flow.name}` is in `{other.name}`",
                    "use the same name in both, or set `project` in the configuration",
                    related=[(other, f"`{other.flow.name}` is in the project `{other.name}`")],
                )
                return


def _words(name: str) -> tuple[str, ...]:
    """The words of a name, in a fixed order."""
    return tuple(sorted(name.lower().replace("-", "_").split("_")))
