"""MF701."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Finding
from lint_rules.model.code import Collection, Decorator, Expression, Literal, Mapping
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule


class RawTrigger(Rule):
    """
    ## What it does
    Checks for `@trigger` with an event's bare name in a flow that is in a project.

    ## Why is this bad?
    `@project` keeps deployments of users, branches and production apart, but not the names of
    events: every deployment of the flow wakes up when any of them publishes `"papers"`.
    `@namespaced_trigger` and Metaflow's `namespaced_event_name` put project and branch into the
    name, so that a test run starts what belongs to its own branch and nothing in production.

    `@trigger_on_finish` respects the project already. Events from outside the project, whose
    names nobody here can change, are named in `external-events`.

    ## References
    Metaflow, "Triggering flows based on external events"; the guide, "Event name format".
    """

    code, name = "MF701", "raw-trigger"
    options = ("external-events",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step, trigger


            @trigger(event="papers")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(event="papers")',
        ),
        Bad(
            """
            import metaflow as mf

            EVENT = "papers"


            @mf.project(name="arxiv_topics")
            class Base(mf.FlowSpec):
                pass


            @mf.trigger(events=["s3", {"name": EVENT, "parameters": {"year": "year"}}])
            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    pass
            """,
            at='@mf.trigger(events=["s3", {"name": EVENT, "parameters": {"year": "year"}}])',
            options={"external-events": ["s3"]},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step

        from arxiv_topics.events import namespaced_trigger


        @namespaced_trigger(event="papers")
        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, namespaced_event_name, project, step, trigger


            @trigger(event=namespaced_event_name("papers"))
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Metaflow's own way to the same end.",
        ),
        Good(
            """
            from metaflow import FlowSpec, project, step, trigger, trigger_on_finish


            @trigger(event="s3")
            @trigger_on_finish(flow="ArxivPapers")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="An event from outside, and a finish, which knows its project.",
            options={"external-events": ["s3"]},
        ),
        Good(
            """
            from metaflow import FlowSpec, step, trigger


            @trigger(event="papers")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="The flow is in no project: see missing-project.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        trigger = flow.own_decorator("trigger")
        if trigger is None or not flow.is_in_project:
            return
        external = self.settings.external_events
        names = [name for name in _events(trigger, flow.module) if name not in external]
        if names:
            yield self.finding(
                trigger,
                f"The flow `{flow.name}` waits for `{names[0]}` from any project and branch",
                f'use `@namespaced_trigger(event="{names[0]}")`, or Metaflow\'s '
                f'`namespaced_event_name("{names[0]}")`; name it in `external-events` '
                "if it comes from outside the project",
            )


def _events(trigger: Decorator, module: Module) -> Iterator[str]:
    """The names of events that a trigger gives as literals."""
    event, events = trigger.argument("event"), trigger.argument("events")
    given = [event] if event else []
    if isinstance(events, Collection):
        given += events.items
    for value in given:
        name = module.text(_name_of(value))
        if name is not None:
            yield name


def _name_of(value: Expression) -> Expression | None:
    """The name in an event: the value itself, or `name` of a dict."""
    if not isinstance(value, Mapping):
        return value
    for key, item in value.items:
        if isinstance(key, Literal) and key.text == "name":
            return item
    return None
