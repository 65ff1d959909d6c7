"""MF701."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lint_rules.analysis.events import event_decorator, waited_for
from lint_rules.analysis.outerbounds import is_full_name, is_outerbounds
from lint_rules.diagnostics.diagnostic import Finding, Joint, Safety
from lint_rules.fixes.namespaced_events import namespaced_trigger, trigger_remedy
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

    In an Outerbounds project, `@project_trigger` adds the project and the branch. A name such as
    `prj.arxiv.main.papers` already has them.

    ## Fix safety
    The fix is unsafe because the flow no longer starts when somebody publishes the event under its
    plain name. You must also deploy the flow again.

    The fix uses what the file imports, `namespaced_trigger` or Metaflow's `namespaced_event_name`
    (since 2.19.18). If the file imports neither, the fix imports `namespaced_trigger`, if exactly
    one module of the repository's packages defines it. It does not remove the import of `trigger`.
    Ruff does that.

    The fix changes all code in the project that waits for the event or publishes it. It does so
    only if all can use the same form, and if you pass all these files to the linter.

    The fix is not offered if it cannot see the names of all events in the decorator, as with
    `**options` or names that another file defines.

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
        Bad(
            """
            from metaflow import step, trigger
            from obproject import ProjectFlow


            @trigger(event="papers")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(event="papers")',
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
        Good(
            """
            from metaflow import step, trigger
            from obproject import ProjectFlow, project_trigger


            @project_trigger(event="papers")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass


            @trigger(event="prj.arxiv_authors.main.authors")
            class ArxivAuthors(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            why="Outerbounds' own solution, and a full name.",
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
            outside = self.settings.external_events
            raw = [e for e in events if e.name and e.name not in outside]
            if is_outerbounds(flow):
                # A full name says which project and branch it is of.
                raw = [event for event in raw if not is_full_name(event.name)]
            if raw:
                name = raw[0].name or ""
                form, edits = namespaced_trigger(owner, trigger, events, raw, decorators)
                remedy = (
                    f'use `@project_trigger(event="{name}")` of `obproject`'
                    if is_outerbounds(flow)
                    else trigger_remedy(name, decorators, owner.module)
                )
                yield self.finding(
                    trigger,
                    f"The flow `{flow.name}` waits for `{name}` from every project and branch",
                    f"{remedy}, or list it in `external-events` if it comes from outside the project",
                    self.fix("Use the namespaced name", edits),
                    joint=Joint(frozenset(event.name for event in raw if event.name), form),
                )
