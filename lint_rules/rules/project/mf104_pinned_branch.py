"""MF104."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant
from lint_rules.model.constants import known
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule


class PinnedBranch(Rule):
    """
    ## What it does
    Checks for `branch` and `production` written as literals into `@project`.

    ## Why is this bad?
    Which branch a flow runs or is deployed as is the choice of whoever does it: nothing, and it
    is their own, `--branch`, or `--production`. Written into the code the choice is gone: with
    `production=True` every trial is production, and Metaflow refuses an option that says
    otherwise, even where the code says `production=False` or `branch=None`.

    ## References
    Metaflow, `@project`: it is an error to give branch or production both in the decorator and
    on the command line.
    """

    code, name = "MF104", "pinned-branch"
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
            why="The environment and a config leave the choice to the deployment.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.judged:
            project = owner.own_decorator("project")
            call = project.call if project else None
            for argument in call.arguments if call else ():
                value, module = known(argument.value, owner.module)
                if argument.name in ("branch", "production") and isinstance(value, Constant):
                    yield self.finding(
                        argument,
                        f"The flow `{flow.name}` pins `{argument.name}` of its project "
                        f"to `{module.code_of(value)}`",
                        f"leave it out, and give `--{argument.name}` where the flow is deployed",
                    )
