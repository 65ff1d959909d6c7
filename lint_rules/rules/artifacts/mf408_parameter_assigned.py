"""MF408."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.existence_checks import guarded
from lint_rules.analysis.indirect_writes import indirect_writes
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Function
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group


class ParameterAssigned(Rule):
    """
    ## What it does
    Checks for assignments to a `Parameter`, `Config` or `IncludeFile` in the flow's steps and
    methods.

    ## Why is this bad?
    Parameters have the same value in all steps of a run. Metaflow makes them read-only, and the
    assignment fails when the step runs: "Flow level attributes and Parameters are not modifiable".

    ## References
    Metaflow, "How to define parameters for flows": parameters are immutable.
    """

    code, name = "MF408", "parameter-assigned"
    group = Group.CORRECTNESS
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
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class Limited(FlowSpec):
                limit = Parameter("limit", default=10)

                def prepare(self):
                    self.limit = 20


            class ArxivTopics(Limited):
                @step
                def start(self):
                    self.prepare()
                    self.next(self.end)

                @step
                def end(self):
                    pass


            class ArxivAuthors(ArxivTopics):
                pass
            """,
            at="self.limit",
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
            why="A local variable, and attributes of other objects.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    try:
                        self.year = 2025
                    except AttributeError:
                        print("read-only")
            """,
            why="The code expects the error.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        kinds = {parameter.attribute: parameter.kind for parameter in flow.all_parameters}
        if not kinds:
            return
        for owner in flow.lineage:
            for name, artifacts in owner.artifacts.items():
                for artifact in artifacts if name in kinds else ():
                    yield from self._of(artifact, artifact.function, "assigns to", name, kinds)
            for write in indirect_writes(owner):
                if write.name in kinds:
                    yield from self._of(write.at, write.function, write.does, write.name, kinds)

    def _of(
        self, at: HasLocation, function: Function, does: str, name: str, kinds: dict[str, str]
    ) -> Iterator[Finding]:
        if not guarded(function).covers(at.location):
            yield self.finding(
                at,
                f"`{function.name}` {does} the {kinds[name]} `{name}`, which is read-only when the "
                "flow runs",
                "store the new value under another name",
            )
