"""MF701."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lint_rules.analysis.events import (
    DECORATOR,
    WRAPPER,
    Event,
    event_decorator,
    local_name,
    metaflow_local_name,
    waited_for,
)
from lint_rules.analysis.own_event_decorator import home_of
from lint_rules.diagnostics.diagnostic import Edit, Finding, Joint, Replace, Safety
from lint_rules.fixes.edits import import_of_own
from lint_rules.model.code import Constant, Decorator, Expression, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class RawTrigger(Rule):
    """
    ## What it does
    Checks for `@trigger` with a plain event name in a flow that is in a project.

    ## Why is this bad?
    `@project` keeps the deployments of users, branches and production apart, but not the names of
    events. If any of them publishes `"papers"`, every deployment of the flow starts.
    `@namespaced_trigger` and Metaflow's `namespaced_event_name` add the project and the branch to
    the name. A test run then starts only flows of its own branch, and nothing in production.

    `@trigger_on_finish` already respects the project. If an event comes from outside the project,
    you cannot change its name. List it in `external-events`.

    ## Fix safety
    The fix is unsafe because the flow no longer starts when somebody publishes the event under its
    plain name. You must also deploy the flow again.

    The fix uses what the file imports, `namespaced_trigger` or Metaflow's `namespaced_event_name`
    (since 2.19.18). If the file imports neither, the fix imports `namespaced_trigger`, if exactly
    one module of the repository's packages defines it. It does not remove the import of `trigger`.
    Ruff does that.

    The fix changes all code in the project that waits for the event or publishes it. It does so
    only if all can use the same form, and if you pass all these files to the linter.

    ## References
    Metaflow, "Triggering flows based on external events"; the guide, "Events".
    """

    is_joint = True
    code, name, fix_safety = "MF701", "raw-trigger", Safety.UNSAFE
    group = Group.SUSPICIOUS
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
            why="Metaflow's own solution.",
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
            why="An event from outside, and `@trigger_on_finish`, which respects the project.",
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
            why="The flow is not in a project. See `missing-project`.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if flow.is_in_project and not event_decorator(flow, self.settings.event_decorators):
            yield from self._raw(flow)

    def ends(self, module: Module) -> Iterator[Finding]:
        """The triggers of a file, including those that have no fix."""
        for flow in module.runnable:
            for finding in self._raw(flow):
                can = flow.is_in_project
                yield finding if can else replace(finding, fix=None)

    def _raw(self, flow: Flow) -> Iterator[Finding]:
        decorators = self.settings.event_decorators
        for owner in flow.lineage:
            trigger = owner.own_decorator("trigger")
            if trigger is None:
                continue
            events = waited_for(trigger, owner.module)
            raw = [e for e in events if e.name and e.name not in self.settings.external_events]
            if raw:
                name = raw[0].name
                edits = _edits(owner, trigger, events, raw, decorators)
                yield self.finding(
                    trigger,
                    f"The flow `{flow.name}` waits for `{name}` from every project and branch",
                    f'use `@namespaced_trigger(event="{name}")` or Metaflow\'s '
                    f'`namespaced_event_name("{name}")`, or list it in `external-events` '
                    "if it comes from outside the project",
                    self.fix("Use the namespaced name", edits),
                    joint=Joint(
                        frozenset(event.name for event in raw if event.name),
                        _form(trigger, edits),
                    ),
                )


def _form(trigger: Decorator, edits: list[Edit]) -> str:
    """Which of the two namespaced forms the edits use."""
    replaced = trigger.call is not None and trigger.call.function.location
    return DECORATOR if edits and edits[0].location == replaced else WRAPPER


def _edits(
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
    # The decorator takes plain names, and namespaces all of them.
    is_plain = all(event in raw and isinstance(event.value, Constant) for event in events)
    if namespaced and is_plain:
        return [Replace(call.function.location, namespaced)]
    wrapper = metaflow_local_name(scope, "namespaced_event_name")
    if wrapper is None:
        home = home_of(decorators, flow.module) if is_plain and not namespaced else None
        if home is None:
            return []
        imports = import_of_own(flow.module, home.name, home.module)
        return [Replace(call.function.location, home.name), *imports]
    edits: list[Edit] = []
    for event in raw:
        shown = _shown(event.name_value, flow.module)
        if shown is None:
            return []
        edits.append(Replace(event.location, f"{wrapper}({shown})"))
    return edits


def _shown(value: Expression | None, module: Module) -> str | None:
    """The expression of a name, as written in the file."""
    if isinstance(value, Constant):
        return module.code_of(value)
    return value.name if isinstance(value, Name) else None
