"""MF408."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule


class ParameterAssigned(Rule):
    """
    ## What it does
    Checks for assignments to a `Parameter`, `Config` or `IncludeFile` in the flow's steps and
    methods.

    ## Why is this bad?
    Parameters are the same in all steps of a run: Metaflow makes them read-only, and the
    assignment fails at run time with "Flow level attributes and Parameters are not modifiable".

    ## References
    Metaflow, "How to define parameters for flows": parameters are immutable.
    """

    code, name = "MF408", "parameter-assigned"
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    self.year = int(self.year)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.year",
        ),
        Bad(
            """
            import metaflow as mf


            class Base(mf.FlowSpec):
                config = mf.Config("config", default="config.json")


            class ArxivTopics(Base):
                papers = mf.IncludeFile("papers", default="papers.json")
                year = mf.Parameter("year", default=2024)

                @mf.step
                def start(self):
                    (self.config, self.papers), count = fetch()
                    self.helper()

                def helper(self):
                    self.year += 1
            """,
            at=("self.config", "self.papers", "self.year"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, step


        class ArxivTopics(FlowSpec):
            year = Parameter("year", default=2024)

            @step
            def start(self):
                self.first_year = self.year - 1
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    year = self.year
                    year += 1
                    papers.year = year
                    self.years = {"year": year}
                    self.years["year"] = 3
                    self.papers.year = year
            """,
            why="A local variable, and attributes of other things.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        kinds = {parameter.attribute: parameter.kind for parameter in flow.all_parameters}
        for name, artifacts in flow.artifacts.items():
            for artifact in artifacts if name in kinds else ():
                yield self.finding(
                    artifact,
                    f"`{artifact.function.name}` assigns to the {kinds[name]} `{name}`, which is "
                    "read-only at run time",
                    "give the new value a name of its own",
                )
