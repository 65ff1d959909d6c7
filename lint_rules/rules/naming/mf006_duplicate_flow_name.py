"""MF006."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.project import Project, by_name
from lint_rules.rules.base import Bad, Good, Rule

MOST_NAMED = 10
"""How many of the flows with one name are shown beside each other."""


class DuplicateFlowName(Rule):
    """
    ## What it does
    Checks that no two flows of a project have the same name.

    ## Why is this bad?
    A flow's class name is what Metaflow files its runs, its results and its deployment under.
    Two flows of one name share them all: `Flow("ArxivTopics").latest_run` is whichever ran last,
    and whoever deploys one overwrites the other.

    Flows that say they are in different projects are deployed apart, and left alone. So are the
    flows of tests.

    ## References
    The guide, "Names"; Metaflow, "Coordinating larger Metaflow
    projects".
    """

    code, name = "MF006", "duplicate-flow-name"
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
            why="The other flow is in another project, or made up by a test.",
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
            same: dict[str | None, list[Flow]] = {}
            for flow in flows:
                same.setdefault(project.name_of(flow), []).append(flow)
            for flow in flows:
                # Of hundreds, those that are named beside one are enough.
                first = same[project.name_of(flow)][: MOST_NAMED + 1]
                others = [other for other in first if other is not flow][:MOST_NAMED]
                if others:
                    where = project.path(others[0].module)
                    yield self.finding(
                        flow,
                        f"The flow `{name}` has the name of the one in `{where}`: "
                        "they share results and deployments",
                        "name each for the data that it makes",
                        related=[(other, f"the other `{name}`") for other in others],
                    )
