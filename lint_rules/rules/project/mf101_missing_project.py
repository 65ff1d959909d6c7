"""MF101."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import has_project_in_config
from lint_rules.analysis.mutators import may_add
from lint_rules.diagnostics.diagnostic import Finding, Safety
from lint_rules.fixes.edits import with_imports
from lint_rules.fixes.project_decorator import add_project
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule


class MissingProject(Rule):
    """
    ## What it does
    Checks that every flow is in a project: that it has `@project`, its own or inherited.

    ## Why is this bad?
    Without `@project` a deployment is called after the flow alone: whoever deploys next
    overwrites it. With it, each user, each test branch and production have a deployment, a
    namespace and a token of their own, and `current.is_production` and `current.branch_name`
    exist for the code to ask.

    ## Fix safety
    The fix is offered when the configuration names the project (`project = "…"`). It is unsafe
    because it moves the flow's deployments to other names: delete those under the old one.

    ## References
    The guide, "Projects", and Metaflow, "Coordinating larger
    Metaflow projects".
    """

    code, name, fix_safety = "MF101", "missing-project", Safety.UNSAFE
    options = ("event-decorators", "project")
    bad = [
        Bad(
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
            at="ArxivTopics",
            fixed="""
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            options={"project": "arxiv_topics"},
        ),
        Bad(
            """
            import metaflow as mf


            # Runs every Monday.
            @mf.schedule(weekly=True)
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
            fixed="""
            import metaflow as mf


            # Runs every Monday.
            @mf.project(name="arxiv_topics")
            @mf.schedule(weekly=True)
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            options={"project": "arxiv_topics"},
        ),
        Bad(
            """
            from metaflow import FlowSpec, step
            from metaflow_helper import project


            @project
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
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
            class ArxivBase(FlowSpec):
                owner = "research"


            class ArxivTopics(ArxivBase):
                @step
                def start(self):
                    pass
            """,
            why="The decorator is inherited.",
        ),
        Good(
            """
            from metaflow import step
            from obproject import ProjectFlow


            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            why="The base is in an installed package, and may well have it.",
        ),
        Good(
            """
            from metaflow import Config, FlowSpec, step

            from arxiv_topics.events import namespaced_trigger


            @namespaced_trigger(event="papers", config_name="deployment")
            class ArxivTopics(FlowSpec):
                deployment = Config("deployment", default_value={"name": "arxiv_topics"})

                @step
                def start(self):
                    pass
            """,
            why="The namespaced trigger takes the project's name from the config.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or flow.is_in_project:
            return
        events = self.settings.event_decorators
        if has_project_in_config(flow, events) or may_add(flow, "add_decorator", events):
            return
        edits = add_project(flow, self.settings.project)
        yield self.finding(
            flow,
            f"The flow `{flow.name}` is in no project: deploying it overwrites what others deployed",
            with_imports(
                flow.module,
                f'decorate it with `@project(name="{self.settings.project or "…"}")`',
                "project",
            ),
            self.fix("Add `@project`", edits),
        )
