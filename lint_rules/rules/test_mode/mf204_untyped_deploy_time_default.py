"""MF204."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.test_mode import result
from lint_rules.diagnostics.diagnostic import AddItem, Edit, Finding, Safety
from lint_rules.model.code import (
    Call,
    Collection,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expression,
    UnaryOp,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule

_JSON = "JSONType"
_REMEDY = "add `type={type}`: without it Metaflow refuses to run the flow"
_JSON_REMEDY = (
    "return JSON text (`json.dumps(…)`) and add `type=JSONType`: as it is, Metaflow refuses to run "
    "the flow"
)
_CASTS: dict[str | None, str] = {
    "builtins.bool": "bool",
    "builtins.int": "int",
    "builtins.float": "float",
}


class UntypedDeployTimeDefault(Rule):
    """
    ## What it does
    Checks that a `Parameter` whose default is a function that returns no string says its `type`.

    ## Why is this bad?
    Of a default that is called when the flow is deployed, Metaflow does not know the type, and
    takes it for `str`. If the function then returns anything else, today's Metaflow refuses the
    flow: "has a wrong type. Expected a string." The guide's own
    `default=lambda _: not current.is_production` is such a default.

    Where the result is not visible, or may be a string, nothing is said.

    ## Fix safety
    The fix adds the type that the function visibly returns. A list or dict would have to be returned
    as JSON text besides, so there it is not offered.

    ## References
    Metaflow, `Parameter`, argument `type`; the guide, "Test mode".
    """

    code, name, fix_safety = "MF204", "untyped-deploy-time-default", Safety.SAFE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=lambda _: not current.is_production)

                @step
                def start(self):
                    pass
            """,
            at="test_mode",
            fixed="""
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=lambda _: not current.is_production, type=bool)

                @step
                def start(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            def years(context):
                return [2023, 2024]


            class ArxivTopics(FlowSpec):
                years = Parameter(
                    "years",
                    default=years,
                )

                @step
                def start(self):
                    pass
            """,
            at="years",
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                limit = Parameter(
                    "limit",
                    default=lambda _: 10,
                )

                @step
                def start(self):
                    pass
            """,
            at="limit",
            fixed="""
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                limit = Parameter(
                    "limit",
                    default=lambda _: 10,
                    type=int,
                )

                @step
                def start(self):
                    pass
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, current, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            test_mode = Parameter(
                "test-mode", type=bool, default=lambda _: not current.is_production
            )

            @step
            def start(self):
                pass
        """,
        Good(
            """
            from datetime import date

            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                today = Parameter("today", default=lambda _: date.today().isoformat())
                limit = Parameter("limit", default=10)
                place = Parameter("place", default=lambda _: "here")

                @step
                def start(self):
                    pass
            """,
            why="A string, a constant, and a call whose result nobody knows.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for parameter in flow.judged_parameters:
            call = parameter.call
            default = parameter.default
            if parameter.kind != "Parameter" or default is None or call.has_unpacking:
                continue
            returned = None if call.argument("type") else result(parameter.module, default)
            type_ = _visible_type(returned)
            if type_:
                yield self.finding(
                    parameter,
                    f"The default of `{parameter.attribute}` is called and returns no string, "
                    "but the parameter has no type",
                    _JSON_REMEDY if type_ == _JSON else _REMEDY.format(type=type_),
                    self.fix(f"Add `type={type_}`", _add_type(parameter, type_)),
                )


def _add_type(parameter: Parameter, type_: str) -> list[Edit]:
    default = parameter.call.named("default")
    # What a function returns for JSON has to change too, and is not changed here.
    return [AddItem(default.location, f"type={type_}")] if default and type_ != _JSON else []


def _visible_type(value: Expression | None) -> str | None:
    """The type to declare for a value, where it is plain to see that it is no string."""
    if isinstance(value, Compare) or (isinstance(value, UnaryOp) and value.operator == "not"):
        return "bool"
    if isinstance(value, Constant):
        kind = type(value.value)
        return kind.__name__ if kind in (bool, int, float) else None
    if isinstance(value, Collection | Dict | Comprehension):
        return _JSON
    if isinstance(value, Call):
        return _CASTS.get(value.function.qualified)
    return None
