"""MF108."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.outerbounds import is_outerbounds
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.fixes.edits import with_imports
from lint_rules.model.code import Constant, Decorator
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnguardedSchedule(Rule):
    """
    ## What it does
    Checks for a fixed schedule in `@schedule`.

    ## Why is this bad?
    With `@project`, each user and each branch can have a deployment, and each deployment gets the
    schedule. A deployment that somebody made for a test, and forgot, runs every day. To schedule
    only production, take the schedule from a config that only the production deployment sets, and
    write `daily=False`: without it, Metaflow runs a flow daily if `cron` is `None`. Or write a
    custom decorator that adds `@schedule` only in production. In Outerbounds projects,
    `@project_schedule` sets a schedule for each branch.

    Without `@project`, the flow has one deployment. If somebody deploys a change to try it, the
    schedule runs that change.

    ## References
    Metaflow, "Scheduling Metaflow flows" and "Coordinating larger Metaflow projects".
    """

    code, name, default = "MF108", "unguarded-schedule", False
    group = Group.SUSPICIOUS
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


        @schedule(cron=config_expr("deployment.cron"), daily=False)
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
            why="This schedule never starts a run.",
        ),
        Good(
            """
            from metaflow import step
            from obproject import ProjectFlow, project_schedule


            @project_schedule({"main": {"daily": True}})
            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            why="Only the main branch has a schedule.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.lineage:
            schedule = owner.own_decorator("schedule")
            if schedule and _is_fixed(schedule, owner.module):
                yield self.finding(
                    schedule,
                    f"Every deployment of the flow `{flow.name}` runs on a schedule, "
                    f"also {_TESTS if flow.is_in_project else _TRY}",
                    'write `@project_schedule({"main": {…}})` of `obproject`'
                    if is_outerbounds(flow)
                    else _help(flow),
                )


_TESTS = "those of users and test branches"
_TRY = "one that somebody makes to try a change"


def _help(flow: Flow) -> str:
    help = (
        'add `deployment = Config("deployment", default_value={})`, and write '
        "`@schedule(cron=config_expr(\"deployment.get('cron')\"), daily=False)`"
    )
    return (
        f"{with_imports(flow.module, help, 'Config', 'config_expr')}; then deploy production with "
        '`--config-value deployment \'{"cron": "…"}\'`'
    )


def _is_fixed(schedule: Decorator, module: Module) -> bool:
    """Whether the code sets the schedule. Without an argument, Metaflow runs the flow daily."""
    call = schedule.call
    if call is None or not call.arguments:
        return True
    for name in ("cron", "weekly", "daily", "hourly"):
        value = module.known(call.argument(name))
        if isinstance(value, Constant) and value.value:
            return True
    return False
