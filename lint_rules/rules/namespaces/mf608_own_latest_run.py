"""MF608."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.own_runs import LATEST, own_runs
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class OwnLatestRun(Rule):
    """
    ## What it does
    Checks for flows that read results of their own `latest_run`, or of their own
    `latest_successful_run` without first checking that there is one.

    ## Why is this bad?
    While a flow runs, its `latest_run` is the run itself (or one that began after it). It is not
    finished: `data` and `end_task` are `None`, `successful` is `False`. The step fails with
    `AttributeError: 'NoneType' object has no attribute 'papers'`.

    The run before it is `latest_successful_run`. Until a run of the user or the branch has
    succeeded, that is `None`. Then the step fails with
    `AttributeError: 'NoneType' object has no attribute 'data'`, so no run ever succeeds.

    ## References
    Metaflow, "Client API": "Accessing past runs".
    """

    code, name = "MF608", "own-latest-run"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import Flow, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.seen = Flow("ArxivTopics").latest_run.data.papers
                    self.next(self.end)

                @step
                def end(self):
                    self.papers = []
            """,
            at='Flow("ArxivTopics").latest_run.data',
        ),
        Bad(
            """
            from metaflow import Flow, FlowSpec, current, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    run = Flow(current.flow_name).latest_successful_run
                    self.seen = run.data.papers
                    self.next(self.end)

                @step
                def end(self):
                    self.papers = []
            """,
            at="run.data.papers",
        ),
    ]
    good = [
        """
        from metaflow import Flow, FlowSpec, current, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                flow = Flow(current.flow_name)
                before = flow.latest_successful_run
                self.seen = before.data.papers if before else []
                print(flow.latest_run.id == current.run_id)
                self.next(self.end)

            @step
            def end(self):
                self.papers = []
        """,
        Good(
            """
            from metaflow import Flow, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    self.papers = []


            def papers():
                return Flow("ArxivTopics").latest_run.data.papers
            """,
            why="Other code calls this function after the run.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for read in own_runs(flow):
            if read.latest == LATEST:
                yield self.finding(
                    read.at,
                    f"`{LATEST}` of `{flow.name}` is this run itself, and `{read.name}` has no "
                    "value before the run ends",
                    "use `latest_successful_run`, and check that it is not `None`",
                )
            else:
                yield self.finding(
                    read.at,
                    f"`{read.latest}` of `{flow.name}` is `None` until a run succeeds, so this "
                    "fails in the first run",
                    "first check that it is not `None`",
                )
