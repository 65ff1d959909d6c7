"""MF707."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import upstream_flows
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Decorator
from lint_rules.model.project import Project
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_PAPERS = (
    'import metaflow as mf\n\n\n@mf.project(name="arxiv_topics")\n'
    "class ArxivPapers(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n"
)


class UnknownUpstreamFlow(Rule):
    """
    ## What it does
    Checks that the project has the flows that `@trigger_on_finish` names.

    ## Why is this bad?
    In a project, `@trigger_on_finish(flow="ArxivPapers")` waits for the `ArxivPapers` of the same
    project and branch. If there is no such flow, because somebody renamed it or misspelled the
    name, you can deploy the waiting flow without a warning, but it never starts.

    For a flow of another project, name the project too: `flow={"name": "…", "project": "…"}`.

    ## References
    Metaflow, "Triggering flows based on other flows".
    """

    code, name = "MF707", "unknown-upstream-flow"
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step, trigger_on_finish


            @trigger_on_finish(flow="ArxivPaper")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='"ArxivPaper"',
            packages={"../pyproject.toml": "", "../papers/flow.py": _PAPERS},
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, project, step, trigger_on_finish


            @trigger_on_finish(flows=["ArxivPapers", {"name": "Species", "project": "biology"}])
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="One flow exists, and the other is in another project.",
            packages={"../pyproject.toml": "", "../papers/flow.py": _PAPERS},
        ),
        Good(
            """
            from metaflow import FlowSpec, step, trigger_on_finish


            @trigger_on_finish(flow="ArxivPapers")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Without a project, the other flow may be anywhere.",
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        known = {flow.name for module in project.modules for flow in module.flows}
        seen: set[Decorator] = set()
        for flow in project.flows:
            for owner in flow.lineage if flow.is_in_project else ():
                decorator = owner.own_decorator("trigger_on_finish")
                if decorator is None or decorator in seen:
                    continue
                seen.add(decorator)
                for upstream in upstream_flows(decorator, owner.module, flow):
                    name = upstream.name
                    if name and name not in known and not upstream.has_project:
                        yield self.finding(
                            upstream.at,
                            f"The flow `{flow.name}` waits for `{name}` to finish, "
                            "but the project has no such flow",
                            "name a flow of the project, or add the project of the other flow: "
                            f'`{{"name": "{name}", "project": "…"}}`',
                        )
