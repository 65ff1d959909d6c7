"""MF703."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import event_decorator
from lint_rules.analysis.outerbounds import is_project_trigger
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TriggerConflict(Rule):
    """
    ## What it does
    Checks for `@trigger` and `@namespaced_trigger` on one flow, and in Outerbounds projects for
    `@trigger` and `@project_trigger`, or several `@project_trigger`.

    ## Why is this bad?
    `@namespaced_trigger` adds a `@trigger` itself, and a flow can have only one. If it finds
    another `@trigger`, it refuses the flow. So does `@project_trigger`, but only when you deploy
    the flow: "Flow already has a decorator 'trigger'". A run on your own machine succeeds.

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
        Bad(
            """
            from metaflow import step, trigger
            from obproject import ProjectFlow, project_trigger


            @trigger(event="s3")
            @project_trigger(event="papers")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            at='@trigger(event="s3")',
        ),
        Bad(
            """
            from metaflow import step
            from obproject import ProjectFlow, project_trigger


            @project_trigger(event="papers")
            @project_trigger(event="authors")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            at='@project_trigger(event="authors")',
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
        Good(
            """
            from metaflow import step, trigger_on_finish
            from obproject import ProjectFlow, project_trigger


            @trigger_on_finish(flow="ArxivPapers")
            @project_trigger(event="papers")
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            why="The same in an Outerbounds project.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        several = [d for d in flow.decorators if is_project_trigger(d.qualified)]
        if len(several) > 1:
            yield self.finding(
                several[1],
                f"The flow `{flow.name}` has `@project_trigger` more than once",
                "keep one: a flow waits for one event of its project",
            )
        trigger = flow.decorator("trigger")
        other = event_decorator(flow, self.settings.event_decorators)
        if trigger is None or other is None:
            return
        if is_project_trigger(other.qualified):
            help = f"keep one of them: `@{other.name}` for an event of the project"
        else:
            help = (
                f"list all its events in one of them, and use `@{other.name}` for those of the "
                "project"
            )
        own = trigger if trigger in flow.decorators else other
        if own in flow.decorators:
            yield self.finding(
                own,
                f"The flow `{flow.name}` has both `@{trigger.name}` and `@{other.name}`",
                help,
            )
