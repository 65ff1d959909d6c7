"""MF703."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import event_decorator
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TriggerConflict(Rule):
    """
    ## What it does
    Checks for `@trigger` and `@namespaced_trigger` on one flow.

    ## Why is this bad?
    `@namespaced_trigger` adds a `@trigger` itself, and a flow can have only one. If it finds
    another `@trigger`, it refuses the flow.

    ## References
    The guide, "Events", about `@namespaced_trigger`: you cannot combine it with `@trigger`.
    """

    code, name = "MF703", "trigger-conflict"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step, trigger

            from arxiv_topics.events import namespaced_trigger


            @trigger(event="s3")
            @namespaced_trigger(event="papers")
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(event="s3")',
        ),
        Bad(
            """
            import metaflow as mf

            from arxiv_topics import events


            @mf.trigger(event="s3")
            class Base(mf.FlowSpec):
                pass


            @events.namespaced_trigger(event="papers")
            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    pass
            """,
            at='@events.namespaced_trigger(event="papers")',
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step

        from arxiv_topics.events import namespaced_trigger


        @namespaced_trigger(events=["papers", "authors"])
        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step, trigger_on_finish

            from arxiv_topics.events import namespaced_trigger


            @trigger_on_finish(flow="ArxivPapers")
            @namespaced_trigger(event="papers")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="`@trigger_on_finish` is another decorator.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        trigger = flow.decorator("trigger")
        other = event_decorator(flow, self.settings.event_decorators)
        if trigger is None or other is None:
            return
        own = trigger if trigger in flow.decorators else other
        if own in flow.decorators:
            yield self.finding(
                own,
                f"The flow `{flow.name}` has both `@{trigger.name}` and `@{other.name}`",
                f"list all its events in one of them, and use `@{other.name}` for those of the project",
            )
