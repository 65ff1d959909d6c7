"""MF819."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.deployment import constructs
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Location
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_NAMES = {
    "argo-workflows": "Argo Workflows",
    "step-functions": "Step Functions",
    "airflow": "Airflow",
}


class Undeployable(Rule):
    """
    ## What it does
    Checks that the scheduler in the setting `scheduler` accepts the flow.

    ## Why is this bad?
    A flow may run on your machine, but `create` refuses it: "Deploying flows with switch
    statement to AWS Step Functions is not supported currently", "Deploying flows with @trigger or
    @trigger_on_finish decorator(s) to AWS Step Functions is not supported currently", "The
    parameter *year* does not have a default and is required. Scheduling such parameters via Argo
    CronWorkflows is not currently supported". Some schedulers deploy the flow, but leave something out.

    The linter knows what each scheduler accepts because Metaflow compiled small flows for it.

    ## References
    Metaflow, "Deploying to production": Argo Workflows, AWS Step Functions, Airflow.
    """

    code, name = "MF819", "undeployable"
    group = Group.CORRECTNESS
    options = ("scheduler", "metaflow-version")
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, schedule, step, trigger_on_finish


            @trigger_on_finish(flow="ArxivPapers")
            @schedule(daily=True, timezone="Europe/Berlin")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.kind = "a"
                    self.next({"a": self.model, "b": self.end}, condition="kind")

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=(
                '@trigger_on_finish(flow="ArxivPapers")',
                '"Europe/Berlin"',
                'self.next({"a": self.model, "b": self.end}, condition="kind")',
            ),
            options={"scheduler": "step-functions"},
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, schedule, step


            @schedule(daily=True)
            class ArxivTopics(FlowSpec):
                year = Parameter("year", type=int, required=True)

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="year",
            options={"scheduler": "argo-workflows"},
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, schedule, step, trigger_on_finish


            @trigger_on_finish(flow="ArxivPapers")
            @schedule(daily=True, timezone="Europe/Berlin")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.kind = "a"
                    self.next({"a": self.model, "b": self.end}, condition="kind")

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="Argo Workflows accepts all of this.",
            options={"scheduler": "argo-workflows"},
        ),
        """
        from metaflow import FlowSpec, step, trigger


        @trigger(event="papers")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        scheduler = self.settings.scheduler
        if scheduler is None or flow.module.is_test or not flow.is_complete:
            return
        metaflow = metaflow_of(flow.module, self.settings.metaflow_version)
        answers = metaflow.schedulers.get(scheduler, {}) if metaflow else {}
        reported: set[tuple[Location, str]] = set()
        for construct in constructs(flow):
            answer = answers.get(construct.name)
            if answer is None or answer.answer == "accepted":
                continue
            key = (construct.location, construct.what.partition(",")[0])
            if key in reported:
                continue
            reported.add(key)
            verb = "leaves out" if answer.answer == "dropped" else "does not accept"
            yield self.finding(
                construct,
                f"{_NAMES[scheduler]} {verb} {construct.what}",
                construct.help,
            )
