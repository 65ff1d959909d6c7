"""What functions of the repository's own give."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.annotations import of_annotation
from lint_rules.analysis.inference.own_classes import named_from_outside, of_own_class
from lint_rules.analysis.inference.value import (
    INPUT,
    NONE,
    Kind,
    Names,
    Value,
    class_of,
    library,
    visible,
)
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
        return of_own_class(reader.module, defined, named_from_outside(reader, defined))
    inner = function_named(reader, function)
    if inner is None:
        return None
    returned = returned_by(reader, inner, _given(reader, inner, call, names))
    return returned or _by_name(inner)


def _given(reader: Reader, function: Function, call: Call, names: Names, skipped: int = 0) -> Names:
    """What the parameters of a function are given by a call."""
    parameters = function.parameters[skipped:]
    given = {
        parameter.name: _argument(reader, value, names)
        for parameter, value in zip(parameters, call.positional, strict=False)
    }
    for argument in call.arguments:
        if argument.name:
            given[argument.name] = _argument(reader, argument.value, names)
    return given


def _argument(reader: Reader, value: Expression, names: Names) -> Value | None:
    """What is given as an argument, one input of a join among it."""
    if isinstance(value, Name) and names.get(value.name) is INPUT:
        return INPUT
    return reader.value(value, names)


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


def self_name(reader: Reader) -> str:
    """The name that the flow has in the reader's function, empty in what is no method of it."""
    function, flow = reader.function, reader.flow
    if function is None or flow is None or function not in _functions_of_flow(flow):
        return ""
    return function.self_name


@remembered
def _functions_of_flow(flow: Flow) -> frozenset[Function]:
    return frozenset(f for owner in flow.lineage for f in owner.definition.functions)


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
    if found is not None and isinstance(found[1], Class):
        return of_own_class(found[0], found[1], qualified.lstrip("."))
    if found is None:
        made = _of_class_method(reader, qualified, call, names)
        if made is not None:
            return made
        frame = libraries.named_frame(qualified.rpartition(".")[2])
        return library(frame) if frame else None
    module, definition = found
    if not isinstance(definition, Function) or definition.decorators:
        return None
    given = _given(reader, definition, call, names)
    known: Names = {name: value for name, value in given.items() if value is not None}
    returned = reader.guarded(definition, reader.within(module, definition, None, 1, known))
    return returned or _by_name(definition)


def _of_class_method(reader: Reader, qualified: str, call: Call, names: Names) -> Value | None:
    """What `Topics.load(…)` gives, where `Topics` is a class of the repository."""
    owner, _, name = qualified.rpartition(".")
    found = reader.module.resolver.definition(owner) if owner.strip(".") else None
    if found is None or not isinstance(found[1], Class):
        return None
    made = of_own_class(found[0], found[1], owner.lstrip("."))
    return of_method_of_class(reader, made, name, call, names, is_of_class=True)


def of_method_of_class(
    reader: Reader,
    value: Value | None,
    name: str,
    call: Call,
    names: Names,
    is_of_class: bool = False,
) -> Value | None:
    """What a method of a class of the repository gives.

    Args:
        reader: of the code that calls it.
        value: an object of the class.
        name: the method's name.
        call: the call.
        names: what the variables around the call are.
        is_of_class: whether it is called on the class itself.
    """
    if value is None or value.defined is None or reader.depth >= MOST_CALLS:
        return None
    module, class_ = value.defined
    method = next((f for f in class_.functions if f.name == name), None)
    if method is None or method.is_async:
        return None
    kind = {decorator.qualified for decorator in method.decorators}
    if not kind <= {"builtins.classmethod", "builtins.staticmethod"} or (is_of_class and not kind):
        return None
    skipped = 0 if "builtins.staticmethod" in kind else 1
    given = _given(reader, method, call, names, skipped)
    if skipped:
        given[method.self_name] = class_of(value) if kind else value
    known: Names = {name: value for name, value in given.items() if value is not None}
    return reader.guarded(method, reader.within(module, method, None, 1, known))


def returned_by(reader: Reader, function: Function, given: Names) -> Value | None:
    """What a function of this file gives for these arguments."""
    if reader.depth >= MOST_CALLS or function.is_async:
        return None
    known: Names = {name: value for name, value in given.items() if value is not None}
    return reader.guarded(function, reader.within(reader.module, function, reader.flow, 1, known))


def of_returns(reader: Reader, function: Function) -> Value | None:
    """What a function gives, by its annotation or its `return` statements."""
    annotated = of_annotation(reader, function.returns)
    is_vague = annotated is not None and annotated.type in ("list", "tuple", "dict")
    if annotated is not None and not is_vague:
        return annotated
    if _yields(function):
        return None
    # An annotation of which nothing is known, such as a type variable, says less than the code.
    values = [
        reader.value(statement.value) if statement.value is not None else NONE
        for statement in function.statements
        if isinstance(statement, Return)
    ]
    found = visible(values) if values else NONE
    if is_vague and annotated is not None:
        # `-> tuple` says less than the tuples that the function returns.
        base = (found.container or found.type.partition("[")[0]) if found else ""
        return found if base == annotated.type else annotated
    return found


def of_definition(definition: Definition, kind: Kind = Kind.FUNCTION) -> Value | None:
    """A function as a value; nothing of a class, or where a decorator may change it."""
    if isinstance(definition, Function) and not definition.decorators:
        return Value(kind, definition.name)
    return None


def of_class(module: Module, definition: Definition, name: str) -> Value | None:
    """A class of the repository as a value."""
    if not isinstance(definition, Class):
        return None
    return class_of(of_own_class(module, definition, name))


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
