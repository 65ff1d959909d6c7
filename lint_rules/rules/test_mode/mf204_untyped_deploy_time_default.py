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
    Name,
    UnaryOp,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_JSON = "JSONType"
_REMEDY = "add `type={type}`, since without it Metaflow refuses to run the flow"
_JSON_REMEDY = (
    "return JSON text (`json.dumps(…)`) and add `type=JSONType`, since otherwise Metaflow refuses "
    "to run the flow"
)
_CASTS: dict[str | None, str] = {
    "builtins.bool": "bool",
    "builtins.int": "int",
    "builtins.float": "float",
}


class UntypedDeployTimeDefault(Rule):
    """
    ## What it does
    Checks that a `Parameter` has a `type` if its default is a function that does not return a
    string.

    ## Why is this bad?
    Metaflow calls the function when it deploys the flow. It does not know the type of the result,
    and expects `str`. If the function returns another type, Metaflow refuses the flow: "has a
    wrong type. Expected a string." The common default for the test mode,
    `default=lambda _: not current.is_production`, is such a function.

    The rule does not report a default if the type of its result is not visible, or may be a string.

    ## Fix safety
    The fix adds the type that the function visibly returns. It is safe, because Metaflow refuses the
    flow without it. There is no fix for a list or a dict, because the function would also have to
    return JSON text, and none if something in the class or file has the name of the type.

    ## References
    Metaflow, `Parameter`, argument `type`; the guide, "Test mode".
    """

    code, name, fix_safety = "MF204", "untyped-deploy-time-default", Safety.SAFE
    group = Group.CORRECTNESS
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
            why="A string, a constant, and a call whose result is unknown.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for parameter in flow.all_parameters:
            call = parameter.call
            default = parameter.default
            if parameter.kind != "Parameter" or default is None or call.has_unpacking:
                continue
            returned = None if call.argument("type") else result(parameter.module, default)
            type_ = _visible_type(returned)
            if type_:
                yield self.finding(
                    parameter,
                    f"The default of the parameter `{parameter.attribute}` is a function that does not "
                    "return a string, but the parameter has no `type`",
                    _JSON_REMEDY if type_ == _JSON else _REMEDY.format(type=type_),
                    self.fix(f"Add `type={type_}`", _add_type(parameter, type_)),
                )


def _add_type(parameter: Parameter, type_: str) -> list[Edit]:
    default = parameter.call.named("default")
    # JSON needs another return value too, and the fix does not change that.
    named = parameter.call.function
    is_builtin = isinstance(named, Name) and named.scope.owner(type_) is None
    if default is None or type_ == _JSON or not is_builtin:
        return []
    return [AddItem(default.location, f"type={type_}")]


def _visible_type(value: Expression | None) -> str | None:
    """The type to declare for a value, if the value is certainly not a string."""
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
