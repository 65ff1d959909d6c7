"""What is evaluated while a flow's class is made, before any value is there.

A `Config` stands for a value that Metaflow looks up later: it may be handed on, to a decorator or
another parameter, and nothing else. A `Parameter` has its value in steps only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.model.code import (
    Assignment,
    Attribute,
    BinOp,
    BoolOp,
    Call,
    Class,
    Collection,
    Compare,
    Comprehension,
    Constant,
    Decorator,
    Dict,
    Expression,
    For,
    FormattedValue,
    Function,
    If,
    IfExp,
    Lambda,
    Location,
    Name,
    Operation,
    Starred,
    Statement,
    Subscript,
    UnaryOp,
    While,
)
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name

_CONVERTERS = frozenset(
    "abs all any bool enumerate filter float format frozenset int len list map max min open range "
    "repr reversed round set sorted str sum tuple zip".split()
)
"""Python's functions that take a value to make another one of it."""

CONVERTED, COMPARED, TESTED, COMPUTED, FORMATTED, ITERATED, LOOKED_UP, GIVEN, KEPT, OWN = (
    "is converted",
    "is compared",
    "is tested",
    "is used in a computation",
    "is put into a string",
    "is iterated over",
    "is used as a key",
    "is given to a decorator",
    "is kept in the class",
    "is its own name",
)


@dataclass(frozen=True, eq=False)
class Early:
    """A use of a value that is not there yet. `location` is that of what stands for the value.

    Attributes:
        value: what stands for it.
        parameter: the Config or Parameter, `None` for `config_expr(…)`.
        how: how it is used.
        path: the attributes of the name that are read.
    """

    value: Expression
    parameter: Parameter | None
    how: str
    path: tuple[str, ...] = ()

    @property
    def location(self) -> Location:
        """Where the value stands."""
        return self.value.location


def early_uses(flow: Flow) -> Iterator[Early]:
    """The uses of values of Configs and Parameters in a flow's decorators and class body."""
    parameters = {p.attribute: p for p in flow.parameters}
    heads = {*parameters, *_heads_of_config_expr(flow)}
    if not heads:
        return
    finder = _Finder(parameters, flow.definition)
    for expression in naming(flow, heads):
        yield from finder.uses(expression)
    for statement in flow.definition.statements:
        yield from finder.in_header(statement)
        yield from finder.kept(statement)
    for decorator in decorators_of(flow.definition):
        yield from finder.given(decorator)


def _heads_of_config_expr(flow: Flow) -> Iterator[str]:
    """The names with which calls of `config_expr` begin in a flow's file."""
    scope = flow.module.scope
    if scope.stars:
        yield "config_expr"
    for name, qualified in scope.imports.items():
        if qualified in ("metaflow", "metaflow.config_expr"):
            yield name


def naming(flow: Flow, heads: Iterable[str]) -> Iterator[Expression]:
    """The expressions of `evaluated` in which a name begins with one of several names."""
    for expression, named in _named(flow):
        if not named.isdisjoint(heads):
            yield expression


@remembered
def _named(flow: Flow) -> list[tuple[Expression, frozenset[str]]]:
    """The expressions of `evaluated`, each with what its names begin with."""
    return [
        (expression, frozenset(p.head for p in expression.walk() if isinstance(p, Name)))
        for expression in evaluated(flow.definition)
    ]


def evaluated(definition: Class) -> Iterator[Expression]:
    """The expressions that are evaluated while a class is made: in its decorators and body, and in
    the decorators and defaults of its methods."""
    yield from (decorator.value for decorator in definition.decorators)
    for statement in definition.statements:
        if isinstance(statement, Function):
            yield from (decorator.value for decorator in statement.decorators)
            yield from (p.default for p in statement.parameters if p.default is not None)
        elif isinstance(statement, Assignment):
            if statement.value is not None:
                yield statement.value
        elif not isinstance(statement, Class):
            yield from statement.expressions


def decorators_of(definition: Class) -> Iterator[Decorator]:
    """The decorators of a class and its methods."""
    yield from definition.decorators
    for function in definition.functions:
        yield from function.decorators


class _Finder:
    """Finds uses of the parameters of one class."""

    def __init__(self, parameters: dict[str, Parameter], definition: Class) -> None:
        self._parameters = parameters
        self._definition = definition

    def uses(self, expression: Expression) -> Iterator[Early]:
        """The uses inside an expression, but not in lambdas, which run later."""
        for value, how in _consumed(expression):
            yield from self._as_early(value, how)
        yield from self.own_names(expression)
        for part in _parts(expression):
            yield from self.uses(part)

    def in_header(self, statement: Statement) -> Iterator[Early]:
        """The uses in the header of an `if`, `while` or `for`, and in `+=`."""
        if isinstance(statement, If | While):
            yield from self._as_early(statement.test, TESTED)
        if isinstance(statement, For):
            yield from self._as_early(statement.iterable, ITERATED)
        if isinstance(statement, Assignment) and statement.operator != "=" and statement.value:
            yield from self._as_early(statement.value, COMPUTED)

    def kept(self, statement: Statement) -> Iterator[Early]:
        """The value of a Config that becomes an attribute of the class: Metaflow refuses that."""
        if not isinstance(statement, Assignment) or statement.value is None:
            return
        for early in self._as_early(statement.value, KEPT):
            if early.parameter is None:
                given = _base(early.value)[0]
                name = given.argument("expr", 0) if isinstance(given, Call) else None
                if isinstance(name, Constant) and (name.text or "").isidentifier():
                    yield early
            elif early.parameter.kind == "Config" and early.path and early.path != ("name",):
                yield early

    def own_names(self, expression: Expression) -> Iterator[Early]:
        """The name of a Config that is handed on where its key `name` is meant."""
        if isinstance(expression, Call) and metaflow_name(expression.function.qualified):
            for argument in expression.arguments:
                for early in self._as_early(argument.value, OWN):
                    is_config = early.parameter is not None and early.parameter.kind == "Config"
                    if is_config and early.path == ("name",):
                        yield early

    def given(self, decorator: Decorator) -> Iterator[Early]:
        """The Parameters that are given to a decorator of Metaflow's as they are."""
        if metaflow_name(decorator.qualified) is None or decorator.call is None:
            return
        waiting = [a.value for a in decorator.call.arguments if not a.star]
        while waiting:
            found = waiting.pop()
            if isinstance(found, Collection | Dict):
                waiting += found.parts
            for early in self._as_early(found, GIVEN):
                if early.parameter is not None and early.parameter.kind != "Config":
                    yield early

    def _as_early(self, value: Expression, how: str) -> Iterator[Early]:
        base, attributes = _base(value)
        if isinstance(base, Call) and metaflow_name(base.function.qualified) == "config_expr":
            yield Early(value, None, how)
            return
        if not isinstance(base, Name):
            return
        head, *names = base.name.split(".")
        parameter = self._parameters.get(head)
        if parameter is None or base.scope.owner(head) is not self._definition.scope:
            return
        if parameter.kind == "Config":
            path = (*names, *("" for _ in range(attributes)))
            yield Early(value, parameter, how, path)
        elif not (names or attributes):
            yield Early(value, parameter, how)


def _base(value: Expression) -> tuple[Expression, int]:
    """What attributes and items are taken of, and how many of them: of `config["a"].b`, `config`
    and 2. The attributes of a name are part of it."""
    depth = 0
    while isinstance(value, Attribute | Subscript):
        value, depth = value.value, depth + 1
    return value, depth


def _parts(expression: Expression) -> tuple[Expression, ...]:
    """The parts of an expression that are evaluated in its own scope."""
    if isinstance(expression, Lambda):
        return tuple(p.default for p in expression.parameters if p.default is not None)
    if isinstance(expression, Comprehension):
        # The rest runs in a scope of its own, which does not see the names of the class.
        return ()
    return expression.parts


def _consumed(expression: Expression) -> Iterator[tuple[Expression, str]]:
    """The parts of an expression whose value it needs at once, with what it does to each."""
    match expression:
        case FormattedValue():
            yield expression.value, FORMATTED
        case Operation():
            yield from _operands(expression)
        case IfExp():
            yield expression.test, TESTED
        case Starred():
            yield expression.value, ITERATED
        case Subscript():
            yield from ((index, LOOKED_UP) for index in expression.index)
        case Call():
            yield from _arguments(expression)


def _operands(operation: Operation) -> Iterator[tuple[Expression, str]]:
    match operation:
        case BoolOp():
            yield from ((operand, TESTED) for operand in operation.values[:-1])
        case UnaryOp():
            yield operation.operand, TESTED if operation.operator == "not" else COMPUTED
        case Compare():
            yield from ((operand, COMPARED) for operand in operation.operands)
        case BinOp():
            yield from ((operand, COMPUTED) for operand in operation.operands)
            if operation.operator == "%" and isinstance(operation.right, Collection):
                yield from ((item, FORMATTED) for item in operation.right.items)


def _arguments(call: Call) -> Iterator[tuple[Expression, str]]:
    function = call.function
    given = [argument.value for argument in call.arguments if not argument.star]
    owner, _, name = (function.qualified or "").rpartition(".")
    if owner == "builtins" and name in _CONVERTERS:
        yield from ((value, CONVERTED) for value in given)
    if (
        isinstance(function, Attribute)
        and isinstance(function.value, Constant)
        and function.value.text
    ):
        for value in given:
            yield value, FORMATTED
            if isinstance(value, Collection):
                yield from ((item, FORMATTED) for item in value.items)
