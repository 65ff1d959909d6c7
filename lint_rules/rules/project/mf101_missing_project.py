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
from lint_rules.settings.groups import Group


class MissingProject(Rule):
    """
    ## What it does
    Checks that every flow has `@project`, directly or from a base class.

    Flows in files of tests are not checked.

    ## Why is this bad?
    Without `@project`, a deployment gets only the name of the flow, and each new deployment
    replaces the one before. If another user deploys the flow, Metaflow first asks for the
    production token. If the same user deploys it again, Metaflow does not ask.

    With `@project`, each user, each test branch and production get their own deployment, namespace
    and production token. The code can also ask for `current.is_production` and
    `current.branch_name`.

    ## Fix safety
    The linter offers the fix if the configuration names the project (`project = "…"`). The fix is
    unsafe because new deployments get other names. Delete the deployments with the old name. There
    is no fix if `project` may mean something else in the file.

    ## References
    The guide, "Projects", and Metaflow, "Coordinating larger
    Metaflow projects".
    """

    code, name, fix_safety = "MF101", "missing-project", Safety.UNSAFE
    group = Group.STYLE
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
            why="The flow inherits the decorator.",
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
            why="The base class is in an installed package, and may have `@project`.",
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
            why="The namespaced trigger takes the name of the project from the config.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if flow.module.is_test or not flow.knows_its_bases or flow.is_in_project:
            return
        events = self.settings.event_decorators
        if has_project_in_config(flow, events) or may_add(flow, "project", events):
            return
        edits = add_project(flow, self.settings.project)
        yield self.finding(
            flow,
            f"The flow `{flow.name}` has no `@project`, so each new deployment replaces the one before",
            with_imports(
                flow.module,
                f'add `@project(name="{self.settings.project}")` above the class'
                if self.settings.project
                else 'add `@project(name="…")` above the class, with one name for all flows of the '
                "project",
                "project",
            ),
            self.fix("Add `@project`", edits),
        )
