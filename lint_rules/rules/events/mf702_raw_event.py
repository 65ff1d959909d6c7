"""MF702."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import is_argo_event, publications
from lint_rules.analysis.outerbounds import is_full_name, is_outerbounds
from lint_rules.diagnostics.diagnostic import Finding, Joint, Safety
from lint_rules.fixes.namespaced_events import namespaced_raise, raise_remedy
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class RawEvent(Rule):
    """
    ## What it does
    Checks for `ArgoEvent("…")` with a plain event name in a flow that is in a project.

    ## Why is this bad?
    `@project` keeps deployments apart, but not the names of events. If a run of a user or a test
    branch publishes an event with a plain name, flows in production start too. The name must
    contain the project and the branch. `namespaced_trigger.raise_event` and Metaflow's
    `namespaced_event_name` add both.

    If a program outside the project expects the plain name, list the event in `external-events`.

    In an Outerbounds project, `self.prj.safe_publish_event` and `ProjectEvent` add the project and
    the branch. A name such as `prj.arxiv.main.papers` already has them.

    ## Fix safety
    The fix is unsafe because flows outside the project that wait for the plain name no longer get
    the event.

    The fix uses what the code imports, `namespaced_trigger` or Metaflow's `namespaced_event_name`.
    If it imports neither, the fix imports `namespaced_trigger`, if exactly one module of the
    repository's packages defines it. It does not remove the import of `ArgoEvent`. Ruff does that.

    The fix changes all code in the project that waits for the event or publishes it. It does so
    only if all can use the same form, and if you pass all these files to the linter.

    The fix is not offered if the name is built at the call, as in an f-string. `raise_event` has a
    name, a payload and `safe_publish`. If `ArgoEvent` or `publish` gets more, only the fix with
    `namespaced_event_name` is possible.

    ## References
    The guide, "Events", and Metaflow, "Triggering flows based on external events".
    """

    is_joint = True
    code, name, fix_safety = "MF702", "raw-event", Safety.UNSAFE
    group = Group.SUSPICIOUS
    options = ("event-decorators", "external-events")
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    from metaflow.integrations import ArgoEvent

                    ArgoEvent("papers").safe_publish()
            """,
            at='ArgoEvent("papers")',
        ),
        Bad(
            """
            from metaflow import FlowSpec, project, step
            from metaflow.integrations import ArgoEvent

            from arxiv_topics.events import namespaced_trigger

            EVENT = "papers"


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent(name=EVENT).safe_publish({"year": 2024})
                    ArgoEvent("authors").publish(payload={"year": 2024})
                    ArgoEvent("editors").safe_publish()
                    ArgoEvent("readers").publish(ignore_errors=False)
            """,
            at=(
                "ArgoEvent(name=EVENT)",
                'ArgoEvent("authors")',
                'ArgoEvent("editors")',
                'ArgoEvent("readers")',
            ),
            fixed="""
            from metaflow import FlowSpec, project, step
            from metaflow.integrations import ArgoEvent

            from arxiv_topics.events import namespaced_trigger

            EVENT = "papers"


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    namespaced_trigger.raise_event(EVENT, {"year": 2024}, safe_publish=True)
                    namespaced_trigger.raise_event("authors", payload={"year": 2024})
                    namespaced_trigger.raise_event("editors", safe_publish=True)
                    ArgoEvent("readers").publish(ignore_errors=False)
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, namespaced_event_name, project, step
            from metaflow.integrations import ArgoEvent


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    event = ArgoEvent("papers", payload={"year": 2024})
                    event.add_to_payload("month", 1)
                    event.safe_publish()
            """,
            at='ArgoEvent("papers", payload={"year": 2024})',
            fixed="""
            from metaflow import FlowSpec, namespaced_event_name, project, step
            from metaflow.integrations import ArgoEvent


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    event = ArgoEvent(namespaced_event_name("papers"), payload={"year": 2024})
                    event.add_to_payload("month", 1)
                    event.safe_publish()
            """,
        ),
        Bad(
            """
            from metaflow import step
            from metaflow.integrations import ArgoEvent
            from obproject import ProjectFlow


            class ArxivPapers(ProjectFlow):
                @step
                def start(self):
                    ArgoEvent("papers").safe_publish()
            """,
            at='ArgoEvent("papers")',
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
            from metaflow import FlowSpec, current, namespaced_event_name, project, step
            from metaflow.integrations import ArgoEvent


            @project(name="arxiv_topics")
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent(namespaced_event_name("papers")).safe_publish()
                    ArgoEvent(f"papers.{current.branch_name}").safe_publish()
                    ArgoEvent("s3").safe_publish()
            """,
            why="Metaflow's own solution, a name with the branch, and an event for another program.",
            options={"external-events": ["s3"]},
        ),
        Good(
            """
            from metaflow import FlowSpec, step
            from metaflow.integrations import ArgoEvent


            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    ArgoEvent("papers").safe_publish()
            """,
            why="The flow is not in a project. See `missing-project`.",
        ),
        Good(
            """
            from metaflow import step
            from metaflow.integrations import ArgoEvent
            from obproject import ProjectEvent, ProjectFlow


            class ArxivPapers(ProjectFlow):
                @step
                def start(self):
                    self.prj.safe_publish_event("papers")
                    ProjectEvent("authors").safe_publish()
                    ArgoEvent("prj.arxiv_editors.main.editors").safe_publish()
            """,
            why="Outerbounds' own solutions, and a full name.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flows = [flow for flow in module.runnable if flow.is_in_project]
        if flows:
            yield from self._raw(module, f"The flow `{flows[0].name}`")

    def ends(self, module: Module) -> Iterator[Finding]:
        """The events that a file publishes, whether or not it has flows."""
        return self._raw(module, "The file")

    def _raw(self, module: Module, who: str) -> Iterator[Finding]:
        published = {p.event: p for p in publications(module, self.settings.event_decorators)}
        for call in module.descendants.calls:
            value = call.argument("name", 0)
            name = module.text(value) if is_argo_event(call) else None
            if value is None or name is None or name in self.settings.external_events:
                continue
            of_outerbounds = any(map(is_outerbounds, module.flows))
            if of_outerbounds and is_full_name(name):
                continue
            decorators = self.settings.event_decorators
            remedy = (
                f'use `self.prj.safe_publish_event("{name}")` or `ProjectEvent("{name}")` of '
                "`obproject`"
                if of_outerbounds
                else raise_remedy(name, decorators, module)
            )
            form, edits = namespaced_raise(call, value, published.get(call), decorators, module)
            yield self.finding(
                call,
                f"{who} publishes `{name}` to all projects and branches",
                f"{remedy}, or list it in `external-events` if it is for a program outside the "
                "project",
                self.fix("Use the namespaced name", edits),
                joint=Joint(frozenset([name]), form),
            )
