"""MF701."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Edit, Finding, Replace, Safety
from lint_rules.model.code import Decorator, Expression, Literal, Reference
from lint_rules.model.events import (
    Event,
    event_decorator,
    local_name,
    metaflow_local_name,
    waited_for,
)
from lint_rules.model.flow import Flow
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

    ## Fix safety
    The fix is unsafe because the flow then no longer wakes up when the event is published under
    its bare name: publishers must use the same form (see `raw-event`), and what is deployed must
    be deployed anew. It is offered where the file already imports `namespaced_trigger`, or
    Metaflow's `namespaced_event_name` (since 2.19.18), and uses that form.

    ## References
    Metaflow, "Triggering flows based on external events"; the guide, "Events".
    """

    code, name, fix_safety = "MF701", "raw-trigger", Safety.UNSAFE
    options = ("event-decorators", "external-events")
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
        Bad(
            """
            from metaflow import FlowSpec, project, step, trigger

            from arxiv_topics.events import namespaced_trigger


            @trigger(events=["papers", "authors"])
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(events=["papers", "authors"])',
            fixed="""
            from metaflow import FlowSpec, project, step, trigger

            from arxiv_topics.events import namespaced_trigger


            @namespaced_trigger(events=["papers", "authors"])
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
        ),
        Bad(
            """
            import metaflow as mf
            from metaflow import namespaced_event_name

            EVENT = "papers"


            @mf.trigger(events=["s3", {"name": EVENT, "parameters": {"year": "year"}}, "authors"])
            @mf.project(name="arxiv_topics")
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at='@mf.trigger(events=["s3", {"name": EVENT, "parameters": {"year": "year"}}, "authors"])',
            fixed="""
            import metaflow as mf
            from metaflow import namespaced_event_name

            EVENT = "papers"


            @mf.trigger(events=["s3", {"name": namespaced_event_name(EVENT), "parameters": {"year": "year"}}, namespaced_event_name("authors")])
            @mf.project(name="arxiv_topics")
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
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
        decorators = self.settings.event_decorators
        if not flow.is_in_project or event_decorator(flow, decorators):
            return
        for owner in flow.judged:
            trigger = owner.own_decorator("trigger")
            if trigger is None:
                continue
            events = waited_for(trigger, owner.module)
            raw = [e for e in events if e.name and e.name not in self.settings.external_events]
            if raw:
                name = raw[0].name
                yield self.finding(
                    trigger,
                    f"The flow `{flow.name}` waits for `{name}` from any project and branch",
                    f'use `@namespaced_trigger(event="{name}")`, or Metaflow\'s '
                    f'`namespaced_event_name("{name}")`; name it in `external-events` '
                    "if it comes from outside the project",
                    self.fix(
                        "Use the namespaced name", _mend(owner, trigger, events, raw, decorators)
                    ),
                )


def _mend(
    flow: Flow,
    trigger: Decorator,
    events: tuple[Event, ...],
    raw: list[Event],
    decorators: tuple[str, ...],
) -> list[Edit]:
    """The edits that namespace events in the form that the file imports."""
    scope = flow.module.scope
    call = trigger.call
    here = all(event.module is flow.module for event in events)
    if call is None or call.has_unpacking or not here:
        return []
    namespaced = local_name(scope, decorators)
    # The decorator takes plain names, and makes all of them the project's.
    if namespaced and all(event in raw and isinstance(event.value, Literal) for event in events):
        return [Replace(call.function.place, namespaced)]
    wrapper = metaflow_local_name(scope, "namespaced_event_name")
    if wrapper is None:
        return []
    edits: list[Edit] = []
    for event in raw:
        shown = _shown(event.name_value)
        if shown is None:
            return []
        edits.append(Replace(event.place, f"{wrapper}({shown})"))
    return edits


def _shown(value: Expression | None) -> str | None:
    """A name's expression as it stands in the file."""
    if isinstance(value, Literal):
        return value.source
    return value.name if isinstance(value, Reference) else None
