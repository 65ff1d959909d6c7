"""MF006."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.project import Project, by_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

MOST_NAMED = 10
"""How many of the flows with one name are shown beside each other."""

_COLLECTIONS = frozenset(
    "demo demos example examples notebook notebooks sample samples tutorial tutorials".split()
)
"""Names of folders whose flows have nothing to do with each other."""


class DuplicateFlowName(Rule):
    """
    ## What it does
    Checks that no two flows of a project have the same name.

    ## Why is this bad?
    Metaflow stores runs, results and deployments under the class name of the flow. Two flows with
    the same name share all of them. `Flow("ArxivTopics").latest_run` is the last run of either
    flow, and deploying one replaces the deployment of the other.

    The rule ignores the flows of tests. It also ignores flows with the same name in different
    projects, because Metaflow deploys these separately. Without `@project`, flows belong together
    if they have the same `pyproject.toml`. In a repository without one, and in folders such as
    `examples` and `notebooks`, only the flows of one folder do.

    ## References
    The guide, "Names"; Metaflow, "Coordinating larger Metaflow
    projects".
    """

    code, name = "MF006", "duplicate-flow-name"
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
            packages={
                "../pyproject.toml": "",
                "../more/flow.py": 'import metaflow as mf\n\n\n@mf.project(name="arxiv_topics")\n'
                "class ArxivTopics(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n",
            },
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            packages={
                "../pyproject.toml": "",
                "../examples/flow.py": "import metaflow as mf\n\n\n"
                "class ArxivTopics(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n",
            },
            why="A flow among the examples is no part of the project.",
        ),
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
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="One flow is in another project, and the other is in a test.",
            packages={
                "../pyproject.toml": "",
                "../more/flow.py": 'import metaflow as mf\n\n\n@mf.project(name="biology")\n'
                "class ArxivTopics(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n",
                "../tests/flow.py": 'import metaflow as mf\n\n\n@mf.project(name="arxiv_topics")\n'
                "class ArxivTopics(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n",
            },
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        for name, flows in by_name(project.flows):
            same: dict[str, list[Flow]] = {}
            for flow in flows:
                same.setdefault(_deployed_with(flow, project), []).append(flow)
            for flow in flows:
                # Of hundreds, those that are named beside one are enough.
                first = same[_deployed_with(flow, project)][: MOST_NAMED + 1]
                others = [other for other in first if other is not flow][:MOST_NAMED]
                if others:
                    where = project.path(others[0].module)
                    yield self.finding(
                        flow,
                        f"The flow `{name}` has the same name as the flow in `{where}`, "
                        "so they share results and deployments",
                        "rename one of them, so that each name says what its flow makes",
                        related=[
                            (other, f"another flow has the name `{name}`") for other in others
                        ],
                    )


def _deployed_with(flow: Flow, project: Project) -> str:
    """What the flows have in common that Metaflow deploys together.

    That is the name in `@project`; without one, the distribution. In a collection of scripts, such
    as examples, only the flows of one folder belong together.
    """
    name = project.name_of(flow)
    if name is not None:
        return name
    folders = project.path(flow.module).split("/")[:-1]
    is_collection = not project.is_distribution or not _COLLECTIONS.isdisjoint(folders)
    return "/".join(("", *folders)) if is_collection else "/"
