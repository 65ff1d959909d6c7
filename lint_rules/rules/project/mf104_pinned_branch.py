"""MF104."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant
from lint_rules.model.constants import known
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class PinnedBranch(Rule):
    """
    ## What it does
    Checks for a fixed `branch` or `production` in `@project`.

    ## Why is this bad?
    You choose the branch when you run or deploy the flow: `--branch`, `--production`, or neither
    for your own branch. If the code sets it, you cannot choose. With `production=True`, every test
    run is a production run. Metaflow also refuses a command-line option that differs from the code,
    even if the code has `production=False` or `branch=None`.

    ## References
    Metaflow, `@project`: it is an error to set branch or production both in the decorator and on
    the command line.
    """

    code, name = "MF104", "pinned-branch"
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics", production=True)
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="production=True",
        ),
        Bad(
            """
            import metaflow as mf

            BRANCH = "v2"


            @mf.project(name="arxiv_topics", branch=BRANCH, production=False)
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at=("branch=BRANCH", "production=False"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            import os

            from metaflow import FlowSpec, config_expr, project, step

            BRANCH = os.environ.get("BRANCH")


            @project(
                name="arxiv_topics",
                branch=BRANCH,
                production=config_expr("settings.production"),
            )
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="With an environment variable or a config you can still choose.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.lineage:
            project = owner.own_decorator("project")
            call = project.call if project else None
            for argument in call.arguments if call else ():
                value, module = known(argument.value, owner.module)
                if argument.name in ("branch", "production") and isinstance(value, Constant):
                    yield self.finding(
                        argument,
                        f"The flow `{flow.name}` sets `{argument.name}={module.code_of(value)}` in "
                        "`@project`, so nobody can choose it on the command line",
                        f"remove `{argument.name}`, and use `--{argument.name}` when you deploy "
                        "the flow",
                    )
