"""MF409."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Finding
from lint_rules.model.code import Literal
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.reading import may_read
from lint_rules.model.test_mode import test_mode
from lint_rules.rules.base import Bad, Good, Rule


class ParameterUnused(Rule):
    """
    ## What it does
    Checks for parameters that nothing in the flow, its base flows or decorators reads.

    ## Why is this bad?
    Whoever starts the flow believes that the parameter changes something. Either the code that
    should read it is missing, or the parameter is left over.

    Nothing is said where `self` is handed on whole, or where a base class or decorator that
    cannot be looked into might read it. The test mode is judged by `test-mode-ignored`.

    ## References
    Metaflow, "How to define parameters for flows".
    """

    code, name = "MF409", "parameter-unused"
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)
                limit = Parameter("limit", default=10)

                @step
                def start(self):
                    self.papers = fetch(self.year)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="limit",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                papers = mf.IncludeFile("papers", default="papers.json")
                years = mf.Parameter("years", type=mf.JSONType, default="[2024]")
                test_mode = mf.Parameter("test-mode", default=True)

                @mf.step
                def start(self):
                    papers = fetch()
                    self.next(self.model, foreach="years")
            """,
            at="papers",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, step


        class ArxivTopics(FlowSpec):
            year = Parameter("year", default=2024)

            @step
            def start(self):
                self.papers = fetch(self.year)
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, Parameter, step


            class Base(FlowSpec):
                limit = Parameter("limit", default=10)


            class ArxivTopics(Base):
                config = Config("config", default="config.json")
                year = Parameter("year", default=2024)
                place = Parameter("place", default="here")
                start_page = Parameter("start", default=1)

                @step
                def start(self):
                    self.papers = fetch(getattr(self, "year"))
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.places = [branch.place for branch in inputs]
                    self.helper()

                def helper(self):
                    print(self.start_page)
            """,
            why="Read by name, from another task, by a method; a base flow hands its parameters on.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from topics import train


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    train(self)
            """,
            why="`self` is handed on whole.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or flow.own_decorators(self.settings.event_decorators):
            return
        mode = test_mode(flow)
        heirs = [other for other in flow.module.flows if flow in other.lineage]
        for parameter in flow.parameters:
            if parameter is mode or parameter.kind == "Config":
                continue
            name = parameter.attribute
            if any(may_read(heir, name) for heir in heirs) or _is_named(parameter, flow):
                continue
            yield self.finding(
                parameter,
                f"Nothing in the flow `{flow.name}` reads the parameter `{name}`",
                f"read `self.{name}` where it should matter, or remove the parameter",
            )


def _is_named(parameter: Parameter, flow: Flow) -> bool:
    """Whether a call names the parameter in a text: `self.next(…, foreach="years")`."""
    return any(
        isinstance(argument.value, Literal) and argument.value.text == parameter.attribute
        for call in flow.definition.inside.calls
        if call is not parameter.call
        for argument in call.arguments
    )
