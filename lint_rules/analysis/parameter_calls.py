"""The calls that make Parameters, IncludeFiles and Configs, with what Metaflow refuses of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.literal_values import function_of, literal_value
from lint_rules.analysis.suggestions import certain_match
from lint_rules.metaflow import FUNCTION, UNKNOWN, Facts, ParameterKind
from lint_rules.model.code import (
    Argument,
    BinOp,
    Call,
    Expression,
    Function,
    Lambda,
    Name,
)
from lint_rules.model.flow import Flow, Parameter

_NOT_FROM_TEXT = frozenset(
    {"datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"}
)
"""Types of the standard library that cannot be made from a string."""

_WITHOUT_ARGUMENT = frozenset(
    "datetime.date.today datetime.datetime.today datetime.datetime.utcnow getpass.getuser "
    "os.getcwd os.getpid socket.gethostname time.time_ns time.time uuid.uuid4".split()
)
"""Functions of the standard library that take no argument."""

_TRUTHS = frozenset("true t 1 yes y false f 0 no n".split())
"""What click reads as a boolean, in any case of letters."""

_BY_POSITION = ("positional-only", "positional or keyword")

_SHAPING = frozenset({"multiple", "nargs", "is_flag", "count", "separator", "flag_value"})
"""Options by which a default is no single value of the type."""


@dataclass(frozen=True)
class ParameterProblem:
    """What is wrong with a parameter: where, what, and what to do."""

    at: Expression | Argument | Parameter
    message: str
    help: str


class ParameterCall:
    """A call of `Parameter`, `IncludeFile` or `Config`, with its arguments by name.

    Args:
        parameter: the parameter that it makes.
        kind: what is known of its kind.
        flow: the flow whose body it stands in.
    """

    def __init__(self, parameter: Parameter, kind: ParameterKind, flow: Flow) -> None:
        self.parameter = parameter
        self.kind = kind
        self._flow = flow
        call = parameter.call
        named = {a.name: a.value for a in call.arguments if a.name is not None}
        self.given = {**dict(zip(kind.positional, call.positional, strict=False)), **named}

    @property
    def what(self) -> str:
        """How messages call it."""
        return f"The {self.parameter.kind} `{self.parameter.attribute}`"

    def value(self, name: str) -> object:
        """What an option is given, as `literal_value` reads it; `None` if it is not given."""
        expression = self.given.get(name)
        if expression is None:
            return None
        if self._method(expression):
            return FUNCTION
        return literal_value(expression, self.parameter.module)

    def problems(self, metaflow: Facts) -> Iterator[ParameterProblem]:
        """What Metaflow refuses of the call, whatever else the flow has."""
        yield from self._arguments()
        yield from self._name(metaflow)
        yield from self._functions(metaflow)
        if self.parameter.kind == "Config":
            yield from self._config()
        else:
            yield from self._type()
            yield from self._default(metaflow)

    def _arguments(self) -> Iterator[ParameterProblem]:
        call, kind = self.parameter.call, self.kind
        if "name" not in self.given and not call.has_unpacking:
            help = f'write the name first, as in `{self.parameter.kind}("name")`'
            yield ParameterProblem(call, f"{self.what} has no name", help)
        for extra in call.positional[len(kind.positional) :]:
            taken = len(kind.positional)
            message = f"{self.what} takes at most {taken} arguments without a name"
            yield ParameterProblem(extra, message, "write the name of the argument")
        for argument in call.arguments:
            name = argument.name
            if name is None:
                continue
            if name in kind.positional[: len(call.positional)]:
                message = f"{self.what} is given `{name}` twice, once by name and once by position"
                yield ParameterProblem(argument, message, "keep one of them")
            elif kind.unknown_option and name not in {*kind.options, *kind.positional}:
                meant = certain_match(name, {*kind.options, *kind.positional})
                help = f"write `{meant}=`" if meant else "leave it out"
                message = f"{self.what} has the unknown option `{name}`"
                yield ParameterProblem(argument, message, help)
        for pair in kind.exclusive:
            one, other = sorted(pair)
            values = [self.value(name) for name in (one, other)]
            if all(name in self.given for name in pair) and not {None, UNKNOWN} & _hashable(values):
                message = f"{self.what} takes either `{one}` or `{other}`, but has both"
                yield ParameterProblem(self.given[other], message, "keep one of them")

    def _name(self, metaflow: Facts) -> Iterator[ParameterProblem]:
        expression = self.given.get("name")
        if expression is None:
            return
        name = literal_value(expression, self.parameter.module)
        if isinstance(name, str) and name in metaflow.reserved_parameter_names:
            yield ParameterProblem(
                expression,
                f"{self.what} has the name `{name}`, which Metaflow uses itself",
                f"choose another name, such as `{name}-value`",
            )
        elif self.parameter.kind == "Config" or name in (UNKNOWN, FUNCTION):
            return
        elif not isinstance(name, str):
            message = f"{self.what} has a name that is not a string"
            yield ParameterProblem(expression, message, "write the name in quotes")
        elif not name.lstrip("-").replace("-", "_").isidentifier():
            message = f"{self.what} has the name `{name}`, which cannot be an option"
            yield ParameterProblem(
                expression, message, "use letters, digits and hyphens, with a letter first"
            )

    def _functions(self, metaflow: Facts) -> Iterator[ParameterProblem]:
        for option in ("default", "default_value"):
            expression = self.given.get(option)
            is_refused = metaflow.default_without_argument is not None
            if expression is not None and is_refused and self._takes_nothing(expression):
                yield ParameterProblem(
                    expression,
                    f"{self.what} has a function as its `{option}` that does not take one argument",
                    "let it take the context, as in `lambda context: …`",
                )
            kind = self._replaced_by(expression) if expression is not None else None
            if kind is not None and expression is not None:
                yield ParameterProblem(
                    expression,
                    f"{self.what} has a {kind} as its `{option}`, which Metaflow cannot call",
                    f"remove `@{kind}`, and let the function take only the context",
                )

    def _takes_nothing(self, expression: Expression) -> bool:
        """Whether a function cannot be called with the context."""
        found = self.parameter.module.known(expression)
        if isinstance(found, Lambda):
            return not _takes_one(found)
        if found is None:
            return False
        if found.qualified in _WITHOUT_ARGUMENT:
            return True
        function = function_of(found, self.parameter.module) or self._method(found)
        return function is not None and not _takes_one(function)

    def _method(self, expression: Expression) -> Function | None:
        """The function of the class body that a name is, if no decorator replaces it."""
        function = self._in_body(expression)
        decorators = [d.qualified for d in function.decorators] if function is not None else []
        return function if decorators in ([], ["builtins.staticmethod"]) else None

    def _replaced_by(self, expression: Expression) -> str | None:
        """What a name of the class body is that no call reaches: `classmethod` or `property`."""
        function = self._in_body(expression)
        if function is None or len(function.decorators) != 1:
            return None
        owner, _, name = (function.decorators[0].qualified or "").rpartition(".")
        return name if owner == "builtins" and name in ("classmethod", "property") else None

    def _in_body(self, expression: Expression) -> Function | None:
        """The one function of the class body that a name is."""
        owner = self._flow.definition
        if not isinstance(expression, Name) or "." in expression.name:
            return None
        if expression.scope.owner(expression.name) is not owner.scope:
            return None
        named = [f for f in owner.functions if f.name == expression.name]
        return named[0] if len(named) == 1 else None

    def _config(self) -> Iterator[ParameterProblem]:
        expression = self.given.get("default_value")
        if expression is None or self.given.keys() & {"parser", "plain"}:
            return
        value = self.value("default_value")
        if isinstance(value, list | tuple | set | int | float) and not isinstance(value, bool):
            message = f"{self.what} has a `default_value` that is not a dictionary"
            yield ParameterProblem(expression, message, "give it a dictionary, or its JSON")
        elif isinstance(value, str) and value and not _is_json(value):
            message = f"{self.what} has a `default_value` that is not JSON"
            help = "give it a dictionary, or JSON, or a `parser`"
            yield ParameterProblem(expression, message, help)

    def _type(self) -> Iterator[ParameterProblem]:
        expression = self.given.get("type")
        if self.parameter.kind != "Parameter":
            return
        if expression is None:
            if isinstance(self.value("default"), int | float):
                yield from self._separator()
            return
        value = literal_value(expression, self.parameter.module)
        if isinstance(value, tuple):
            return
        if self.kind.type.problem(value) or _is_no_type(expression):
            message = f"{self.what} has a `type` that is not a type"
            yield ParameterProblem(expression, message, _type_help(value))
        elif expression.qualified in _NOT_FROM_TEXT and self.value("default") is not None:
            message = (
                f"{self.what} has the type `{expression.qualified}`, which cannot be made from "
                "a string"
            )
            yield ParameterProblem(expression, message, "use `str`, and convert it in a step")
        elif self._type_name not in ("str", None):
            yield from self._separator()

    def _separator(self) -> Iterator[ParameterProblem]:
        if isinstance(self.value("separator"), str):
            message = f"{self.what} has a `separator`, which only strings can have"
            yield ParameterProblem(self.given["separator"], message, "write `type=str`")

    @property
    def _type_name(self) -> str | None:
        """The name of the type, of Python's or `JSONType`."""
        qualified = getattr(self.given.get("type"), "qualified", None) or ""
        owner, _, name = qualified.rpartition(".")
        return name if owner in ("builtins", "metaflow") else None

    def _default(self, metaflow: Facts) -> Iterator[ParameterProblem]:
        expression, name = self.given.get("default"), self._type_name
        known = metaflow.parameter_types.get(name or "")
        if expression is None or known is None or self.given.keys() & _SHAPING:
            return
        value = self.value("default")
        if value in (None, FUNCTION) if not isinstance(value, list | dict | set) else False:
            return
        is_wrong = known.problem(value) is not None
        if isinstance(value, str):
            is_wrong = is_wrong or (name == "bool" and value.strip().lower() not in _TRUTHS)
            is_wrong = is_wrong or (name == "JSONType" and not _is_json(value))
        if is_wrong:
            message = f"{self.what} has a `default` that is no `{name}`"
            yield ParameterProblem(expression, message, f"write a `{name}`, or change the `type`")


def _takes_one(function: Function | Lambda) -> bool:
    """Whether a function can be called with one argument, or with two."""
    plain = [p for p in function.parameters if p.kind in _BY_POSITION]
    required = [p for p in plain if p.default is None]
    if any(p.kind == "keyword-only" and p.default is None for p in function.parameters):
        return False
    if any(p.kind == "variadic positional" for p in function.parameters):
        return len(required) <= 2
    return len(required) <= 2 and len(plain) >= 1


def _is_no_type(expression: Expression) -> bool:
    """Whether it is a union of Python's types, `int | None`, or calls `JSONType`."""
    if isinstance(expression, Call):
        return expression.function.qualified == "metaflow.JSONType"
    if not isinstance(expression, BinOp):
        return False
    parts = [part for part in expression.walk() if isinstance(part, Name)]
    return (
        expression.operator == "|"
        and bool(parts)
        and all((part.qualified or "").startswith("builtins.") for part in parts)
    )


def _type_help(value: object) -> str:
    if isinstance(value, str) and value in ("int", "str", "float", "bool"):
        return f"write `type={value}`"
    return "write one type, such as `type=int`, or `type=JSONType` for lists and dictionaries"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _hashable(values: list[object]) -> set[object]:
    return {value for value in values if value is None or value is UNKNOWN}
