"""MF706."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lint_rules.analysis.events import event_name, is_event_decorator, waited_for
from lint_rules.analysis.outerbounds import of_project
from lint_rules.analysis.raised_events import raised_events
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.project import Project
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group

_PAPERS = (
    "from metaflow import FlowSpec, project, step\n"
    "from arxiv_topics.events import namespaced_trigger\n\n\n"
    '@project(name="arxiv_topics")\nclass ArxivPapers(FlowSpec):\n    @step\n'
    '    def start(self): namespaced_trigger.raise_event("{}", safe_publish=True)\n'
)

Named = tuple[HasLocation, str | None]

_OUTERBOUNDS = """
from metaflow import step
from obproject import ProjectFlow


class ArxivPapers(ProjectFlow):
    @step
    def start(self):
        self.prj.safe_publish_event("papers")
"""


class UnheardEvent(Rule):
    """
    ## What it does
    Checks that flows of a project wait for every event that its code raises, and that its code
    raises every event that its flows wait for.

    ## Why is this bad?
    No tool warns about an event that no flow waits for. If a flow waits for `"paper"` and another
    flow raises `"papers"`, you can deploy the flow, but it never starts.

    List events from outside the project in `external-events`. If the code computes the name of an
    event when it runs, the event may have any name. The rule then ignores the other side.

    In an Outerbounds project, `@project_trigger` waits for events, and `ProjectEvent` and
    `self.prj.safe_publish_event` raise them. Their full name is `prj.{project}.{branch}.{event}`.
    The rule compares the last part. It ignores the events of other projects.

    ## References
    Metaflow, "Triggering flows based on external events".
    """

    code, name, default = "MF706", "unheard-event", False
    group = Group.SUSPICIOUS
    options = ("event-decorators", "external-events", "project-root")
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step

            from arxiv_topics.events import namespaced_trigger


            @namespaced_trigger(event="paper")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    namespaced_trigger.raise_event("topics", safe_publish=True)
            """,
            at=('"paper"', '"topics"'),
            packages={
                "../pyproject.toml": "",
                "../papers/flow.py": _PAPERS.format("papers"),
            },
        ),
        Bad(
            """
            from metaflow import step
            from obproject import ProjectFlow, project_trigger


            @project_trigger(event="paper")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            at='"paper"',
            packages={
                "../obproject.toml": 'project = "arxiv"',
                "../papers/flow.py": _OUTERBOUNDS,
            },
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, project, step

            from arxiv_topics.events import namespaced_trigger


            @namespaced_trigger(events=["papers", "new_month"])
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Another flow raises one event, and the other event comes from outside.",
            options={"external-events": ["new_month"]},
            packages={
                "../pyproject.toml": "",
                "../papers/flow.py": _PAPERS.format("papers"),
            },
        ),
        Good(
            """
            from metaflow import FlowSpec, project, step, trigger
            from metaflow.integrations import ArgoEvent


            @trigger(event="papers")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    ArgoEvent(name=self.event).safe_publish()
            """,
            why="The code may raise any event.",
        ),
        Good(
            """
            from metaflow import step
            from metaflow.integrations import ArgoEvent
            from obproject import ProjectEvent, ProjectFlow, project_trigger


            @project_trigger(event="papers")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    ProjectEvent("authors", project="biology", branch="main").safe_publish()
                    ArgoEvent("prj.biology.main.editors").safe_publish()
            """,
            why="Two of the events are for flows of another project.",
            packages={
                "../obproject.toml": 'project = "arxiv"',
                "../papers/flow.py": _OUTERBOUNDS,
            },
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        files = [module for module in project.modules if not project.is_test(module)]
        projects = frozenset(stated.name for stated in project.stated.values())
        waited = list(_of_project(self._waited(project), projects))
        raised = list(_of_project(raised_events(files, self.settings.event_decorators), projects))
        outside = set(self.settings.external_events)
        for one, other, problem, remedy in (
            (
                waited,
                raised,
                "A flow waits for the event `{}` here, but nothing in the project raises it",
                "raise it, correct its name, or list it in `external-events` if another program "
                "raises it",
            ),
            (
                raised,
                waited,
                "The event `{}` is raised here, but no flow of the project waits for it",
                "wait for it, correct its name, or list it in `external-events` if another program "
                "waits for it",
            ),
        ):
            names = {name for _, name in other}
            if None in names:
                continue
            for value, name in one:
                if name is not None and name not in names and name not in outside:
                    yield self.finding(value, problem.format(name), remedy)

    def _waited(self, project: Project) -> list[Named]:
        found: list[Named] = []
        wanted = self.settings.event_decorators
        for flow in project.flows:
            for owner in flow.lineage:
                for decorator in owner.decorators:
                    is_trigger = metaflow_name(decorator.qualified) == "trigger"
                    if is_trigger or is_event_decorator(decorator, wanted):
                        events = waited_for(decorator, owner.module, flow)
                        found += [
                            (event, event_name(value, event.module, flow))
                            for event in events
                            if (value := event.name_value or event.value) is not None
                        ] or [(decorator, None)]
        # Each subclass waits for the events of its base flow.
        return list({(at.location, name): (at, name) for at, name in found}.values())


def _of_project(
    events: Sequence[tuple[HasLocation, str | None]], projects: frozenset[str]
) -> Iterator[Named]:
    """Events by the names that they have inside their project, without those of other projects."""
    for at, name in events:
        own = name if name is None else of_project(name, projects)
        if name is None or own is not None:
            yield at, own
