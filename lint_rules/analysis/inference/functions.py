"""What functions of the repository's own give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.annotations import of_annotation
from lint_rules.analysis.inference.value import NONE, Kind, Names, Value, library, visible
from lint_rules.model.code import (
    Call,
    Class,
    Definition,
    Expression,
    Function,
    Name,
    Return,
    Yield,
    YieldFrom,
)
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


MOST_CALLS = 4
"""How deep functions are followed into the functions that they call."""


def of_own_call(reader: Reader, call: Call, names: Names) -> Value | None:
    """What a call of one of the file's own functions or classes gives."""
    function = call.function
    if not isinstance(function, Name) or "." in function.name:
        return None
    defined = reader.module.first_definitions.get(function.name)
    if isinstance(defined, Class):
        return Value(Kind.OWN_CLASS, defined.name)
    inner = function_named(reader, function)
    if inner is None:
        return None
    returned = returned_by(reader, inner, _given(reader, inner, call, names))
    return returned or _by_name(inner)


def _given(reader: Reader, function: Function, call: Call, names: Names, skipped: int = 0) -> Names:
    """What the parameters of a function are given by a call."""
    parameters = function.parameters[skipped:]
    given = {
        parameter.name: reader.value(value, names)
        for parameter, value in zip(parameters, call.positional, strict=False)
    }
    for argument in call.arguments:
        if argument.name:
            given[argument.name] = reader.value(argument.value, names)
    return given


def function_named(reader: Reader, expression: Expression) -> Function | None:
    """The function that a name means, one of the step's own or of the file's."""
    if not isinstance(expression, Name) or "." in expression.name:
        return None
    name = expression.name
    found = _functions_in(reader.function).get(name) if reader.function else None
    found = found or _functions_of(reader.module).get(name)
    return None if found is None or found.decorators else found


@remembered
def _functions_in(function: Function) -> dict[str, Function]:
    """The functions that a function defines, by name; of several the first."""
    return {s.name: s for s in reversed(function.statements) if isinstance(s, Function)}


@remembered
def _functions_of(module: Module) -> dict[str, Function]:
    """The functions that a module defines, by name; of several the first."""
    return {d.name: d for d in reversed(module.definitions) if isinstance(d, Function)}


def is_method(reader: Reader, name: str) -> bool:
    """Whether `self.name` is a method, whose kind no decorator changes."""
    return reader.flow is not None and name in _methods(reader.flow)


@remembered
def _methods(flow: Flow) -> frozenset[str]:
    harmless = ("staticmethod", "classmethod", "step")
    return frozenset(
        function.name
        for owner in flow.lineage
        for function in owner.definition.functions
        if all(decorator.name in harmless for decorator in function.decorators)
    )


@remembered
def _plain_methods(flow: Flow) -> dict[str, Function]:
    """The methods without decorators by name, of several the first in the flow's lineage."""
    found: dict[str, Function] = {}
    for owner in flow.lineage:
        for method in owner.methods:
            if not method.decorators:
                found.setdefault(method.name, method)
    return found


def of_own_method(reader: Reader, flow: Flow, name: str, call: Call, names: Names) -> Value | None:
    """What a call of one of the flow's own methods gives."""
    method = _plain_methods(flow).get(name)
    if method is None:
        return None
    returned = returned_by(reader, method, _given(reader, method, call, names, 1))
    return returned or _by_name(method)


def of_own_function(reader: Reader, qualified: str, call: Call, names: Names) -> Value | None:
    """What a function of the repository's own modules gives."""
    if reader.depth >= MOST_CALLS:
        return None
    found = reader.module.resolver.definition(qualified)
    if found is None:
        frame = libraries.named_frame(qualified.rpartition(".")[2])
        return library(frame) if frame else None
    module, definition = found
    if not isinstance(definition, Function) or definition.decorators:
        return None
    given = _given(reader, definition, call, names)
    known: Names = {name: value for name, value in given.items() if value is not None}
    returned = reader.guarded(definition, reader.within(module, definition, None, 1, known))
    return returned or _by_name(definition)


def returned_by(reader: Reader, function: Function, given: Names) -> Value | None:
    """What a function of this file gives for these arguments."""
    if reader.depth >= MOST_CALLS or function.is_async:
        return None
    known: Names = {name: value for name, value in given.items() if value is not None}
    return reader.guarded(function, reader.within(reader.module, function, reader.flow, 1, known))


def of_returns(reader: Reader, function: Function) -> Value | None:
    """What a function gives, by its annotation or its `return` statements."""
    annotated = of_annotation(reader, function.returns)
    if annotated is not None:
        return annotated
    if function.returns is not None or _yields(function):
        return None
    values = [
        reader.value(statement.value) if statement.value is not None else NONE
        for statement in function.statements
        if isinstance(statement, Return)
    ]
    return visible(values) if values else NONE


def of_definition(definition: Definition, kind: Kind = Kind.FUNCTION) -> Value | None:
    """A function as a value; nothing of a class, or where a decorator may change it."""
    if isinstance(definition, Function) and not definition.decorators:
        return Value(kind, definition.name)
    return None


def _by_name(function: Function) -> Value | None:
    """What a function gives by its name, where neither its code nor an annotation tells more."""
    if function.returns is not None or function.is_async or _yields(function):
        return None
    frame = libraries.named_frame(function.name)
    return library(frame) if frame else None


@remembered
def _yields(function: Function) -> bool:
    return any(
        isinstance(inner, Yield | YieldFrom)
        for statement in function.statements
        for expression in statement.expressions
        for inner in expression.walk()
    )
