"""MF108."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant, Decorator
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule


class UnguardedSchedule(Rule):
    """
    ## What it does
    Checks for `@schedule` with a literal schedule.

    ## Why is this bad?
    `@project` gives each user and each branch a deployment of their own, and each gets the
    schedule: a trial that somebody deployed and forgot goes on running every day. A schedule for
    production alone comes from a config that only its deployment gives, or from a decorator of
    the project's own that adds `@schedule` there. Without `@project` there is one deployment of
    the flow, and whoever deploys a branch to try it makes that run by the clock.

    ## References
    Metaflow, "Scheduling Metaflow flows" and "Coordinating larger Metaflow projects".
    """

    code, name, default = "MF108", "unguarded-schedule", False
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, schedule, step


            @schedule(daily=True)
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="@schedule(daily=True)",
        ),
        Bad(
            """
            import metaflow as mf

            MONDAYS = "0 6 ? * MON *"


            @mf.project(name="arxiv_topics")
            @mf.schedule(cron=MONDAYS, timezone="Europe/London")
            class Base(mf.FlowSpec):
                pass


            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    pass
            """,
            at='@mf.schedule(cron=MONDAYS, timezone="Europe/London")',
        ),
        Bad(
            """
            from metaflow import FlowSpec, schedule, step


            @schedule(weekly=True)
            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="@schedule(weekly=True)",
        ),
    ]
    good = [
        """
        from metaflow import Config, FlowSpec, config_expr, project, schedule, step


        @schedule(cron=config_expr("deployment.cron"))
        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            deployment = Config("deployment", default_value={"cron": None})

            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, project, schedule, step


            @schedule(daily=False)
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="A schedule that never comes.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.judged:
            schedule = owner.own_decorator("schedule")
            if schedule and _is_fixed(schedule, owner.module):
                yield self.finding(
                    schedule,
                    f"Every deployment of the flow `{flow.name}` runs by the clock, "
                    "trials and test branches too",
                    'take the schedule from a config: `@schedule(cron=config_expr("…"))`',
                )


def _is_fixed(schedule: Decorator, module: Module) -> bool:
    """Whether a schedule is written down. Without any argument Metaflow takes it for daily."""
    call = schedule.call
    if call is None or not call.arguments:
        return True
    for name in ("cron", "weekly", "daily", "hourly"):
        value = module.known(call.argument(name))
        if isinstance(value, Constant) and value.value:
            return True
    return False
