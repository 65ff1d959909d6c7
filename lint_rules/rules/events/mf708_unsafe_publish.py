"""MF708."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.current import asks
from lint_rules.analysis.events import Publication, publications
from lint_rules.diagnostics.diagnostic import AddItem, Edit, Finding, Rename, Replace, Safety
from lint_rules.model.code import Constant
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnsafePublish(Rule):
    """
    ## What it does
    Checks for flows that publish events in every run: `ArgoEvent(…).publish()` and
    `namespaced_trigger.raise_event(…)` without `safe_publish=True`. In Outerbounds projects:
    `ProjectEvent(…).publish()` and `self.prj.publish_event(…)`.

    ## Why is this bad?
    If you try out the flow on your own machine, you start every flow that waits for the event, also
    in production. The safe form publishes only from a deployed flow. In other runs it does nothing.

    The rule ignores a step that checks `current.is_production` or `current.branch_name`.

    ## Fix safety
    The fix is unsafe because runs outside Argo Workflows no longer publish the event, and somebody
    may need it.

    The fix is not offered for `publish(ignore_errors=…)`: with `False`, the safe form raises an
    error if it does not publish.

    ## References
    Metaflow, "Publishing events". The guide, "Events", recommends `safe_publish=True`.
    """

    code, name, fix_safety = "MF708", "unsafe-publish", Safety.UNSAFE
    group = Group.SUSPICIOUS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step
            from metaflow.integrations import ArgoEvent


            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent(name="papers").publish({"year": 2024})
            """,
            at='ArgoEvent(name="papers").publish({"year": 2024})',
            fixed="""
            from metaflow import FlowSpec, step
            from metaflow.integrations import ArgoEvent


            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent(name="papers").safe_publish({"year": 2024})
            """,
        ),
        Bad(
            """
            import metaflow as mf
            from metaflow.plugins.argo import argo_events


            class ArxivPapers(mf.FlowSpec):
                @mf.step
                def start(self):
                    event = argo_events.ArgoEvent("papers")
                    event.publish()
                    event.publish(force=True)
                    event.publish(ignore_errors=False)
            """,
            at=(
                "event.publish()",
                "event.publish(force=True)",
                "event.publish(ignore_errors=False)",
            ),
            fixed="""
            import metaflow as mf
            from metaflow.plugins.argo import argo_events


            class ArxivPapers(mf.FlowSpec):
                @mf.step
                def start(self):
                    event = argo_events.ArgoEvent("papers")
                    event.safe_publish()
                    event.publish(force=False)
                    event.publish(ignore_errors=False)
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, project, step

            from arxiv_topics.events import namespaced_trigger


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    namespaced_trigger.raise_event("papers")
                    namespaced_trigger.raise_event("authors", safe_publish=False)
            """,
            at=(
                'namespaced_trigger.raise_event("papers")',
                'namespaced_trigger.raise_event("authors", safe_publish=False)',
            ),
            fixed="""
            from metaflow import FlowSpec, project, step

            from arxiv_topics.events import namespaced_trigger


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    namespaced_trigger.raise_event("papers", safe_publish=True)
                    namespaced_trigger.raise_event("authors", safe_publish=True)
            """,
        ),
        Bad(
            """
            from metaflow import step
            from obproject import ProjectEvent, ProjectFlow


            class ArxivPapers(ProjectFlow):
                @step
                def start(self):
                    self.prj.publish_event("papers", {"year": 2024})
                    event = ProjectEvent("authors")
                    event.publish(payload={"year": 2024})
            """,
            at=(
                'self.prj.publish_event("papers", {"year": 2024})',
                'event.publish(payload={"year": 2024})',
            ),
            fixed="""
            from metaflow import step
            from obproject import ProjectEvent, ProjectFlow


            class ArxivPapers(ProjectFlow):
                @step
                def start(self):
                    self.prj.safe_publish_event("papers", {"year": 2024})
                    event = ProjectEvent("authors")
                    event.safe_publish(payload={"year": 2024})
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step

        from arxiv_topics.events import namespaced_trigger


        @project(name="arxiv_topics")
        class ArxivPapers(FlowSpec):
            @step
            def start(self):
                namespaced_trigger.raise_event("papers", safe_publish=True)
        """,
        Good(
            """
            from metaflow import FlowSpec, current, project, step
            from metaflow.integrations import ArgoEvent


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent("papers").safe_publish()
                    ArgoEvent("papers").publish(force=self.force)
                    queue.publish("papers")
                    self.next(self.end)

                @step
                def end(self):
                    if current.is_production:
                        ArgoEvent("papers").publish()
            """,
            why="A safe call, one that a parameter decides, an object that is not an event, and a guard.",
        ),
        Good(
            """
            from metaflow.integrations import ArgoEvent


            def wake_up_production():
                ArgoEvent("papers").publish()
            """,
            why="A program that is not a flow has no other way.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flow = next(iter(module.runnable), None)
        if flow is None:
            return
        guarded = _guarded(module)
        for publication in publications(module, self.settings.event_decorators):
            if publication.is_safe is not False or publication.call in guarded:
                continue
            if publication.event:
                safe = "`safe_publish()`"
            else:
                of_outerbounds = publication.is_of_outerbounds
                safe = "`safe_publish_event()`" if of_outerbounds else "`safe_publish=True`"
            yield self.finding(
                publication,
                f"The flow `{flow.name}` publishes an event in every run, not only when it is deployed",
                f"use {safe}, which publishes only from deployed flows",
                self.fix("Publish only from deployed flows", _edits(publication)),
            )


def _guarded(module: Module) -> set[object]:
    """The calls in functions that check for production themselves."""
    flows = {flow.name for flow in module.flows}
    return {
        call
        for definition in module.descendants.definitions
        if definition.name not in flows
        and asks(definition.descendants, ("branch_name", "is_production"))
        for call in definition.descendants.calls
    }


def _edits(publication: Publication) -> list[Edit]:
    """The edits that make a publication safe."""
    call = publication.call
    if publication.event is None and publication.is_of_outerbounds:
        return [Rename(call.function.location, "publish_event", "safe_publish_event")]
    if publication.event is None:
        given = call.argument("safe_publish", 2)
        if given is not None:
            return [Replace(given.location, "True")]
        return [AddItem(call.arguments[-1].location, "safe_publish=True")] if call.arguments else []
    if call.argument("ignore_errors", 2) is not None:
        # With `ignore_errors=False`, the safe form raises an error if it does not publish.
        return []
    force = call.argument("force", 1)
    if isinstance(force, Constant):
        return [Replace(force.location, "False")]
    return [Rename(call.function.location, "publish", "safe_publish")]
