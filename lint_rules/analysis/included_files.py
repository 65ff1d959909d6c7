"""What steps do with an IncludeFile, whose value is the content of the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.attribute_uses import functions
from lint_rules.analysis.path_uses import opened
from lint_rules.model.code import Assignment, Call, Constant, Expression, Function, Name
from lint_rules.model.flow import Flow, Parameter

_HANDLES = frozenset("csv.reader csv.DictReader json.load pickle.load tomllib.load".split())
"""Functions that read an open file, line by line or at once."""

_OF_A_FILE = frozenset({"close", "read", "readline", "readlines", "seek"})

PATH, HANDLE, METHOD, ARGUMENT = "path", "handle", "method", "argument"


@dataclass(frozen=True)
class WrongUse:
    """A use of an IncludeFile's value as something that it is not.

    Attributes:
        at: the call.
        parameter: the IncludeFile.
        how: `PATH` where it is opened, `HANDLE` where it is read like an open file, `METHOD` where
            its type lacks the method, `ARGUMENT` where the method takes no text.
        what: what is called, as one writes it.
        function: the step or method.
    """

    at: Call
    parameter: Parameter
    how: str
    what: str
    function: Function


def is_bytes(parameter: Parameter) -> bool | None:
    """Whether an IncludeFile's value is `bytes`, `None` if that is not known."""
    given = parameter.call.argument("is_text")
    if given is None:
        return False
    return not given.value if isinstance(given, Constant) else None


def wrong_uses(flow: Flow) -> Iterator[WrongUse]:
    """The uses of IncludeFiles in a flow's steps and methods that fail, or get something else."""
    included = {
        parameter.attribute: parameter
        for parameter in flow.all_parameters
        if parameter.kind == "IncludeFile"
        and parameter.call.argument("parser") is None
        and not parameter.call.has_unpacking
    }
    if not included:
        return
    for function in functions(flow):
        if function.parameters:
            yield from _in_function(function, included)


def _in_function(function: Function, included: dict[str, Parameter]) -> Iterator[WrongUse]:
    names = _names(function, included)
    for call, given in opened(function):
        if isinstance(given, Name) and given.name in names:
            yield WrongUse(call, names[given.name], PATH, _written(call), function)
    for call in function.descendants.calls:
        first = call.positional[0] if call.positional else None
        is_handle = call.function.qualified in _HANDLES
        if is_handle and isinstance(first, Name) and first.name in names:
            yield WrongUse(call, names[first.name], HANDLE, _written(call), function)
        called = call.function
        if isinstance(called, Name):
            owner, _, method = called.name.rpartition(".")
            if owner in names:
                yield from _of_method(call, names[owner], method, function)


def _names(function: Function, included: dict[str, Parameter]) -> dict[str, Parameter]:
    """The names of IncludeFiles in a function: `self.data`, and variables that hold only that."""
    found = {f"{function.self_name}.{name}": one for name, one in included.items()}
    for name, bindings in function.locals.items():
        sources = [binding.source for binding in bindings if not binding.path]
        if len(bindings) == 1 and len(sources) == 1:
            source = sources[0]
            plain = isinstance(bindings[0].statement, Assignment)
            if plain and isinstance(source, Name) and source.name in found:
                found[name] = found[source.name]
    return found


def _of_method(
    call: Call, parameter: Parameter, method: str, function: Function
) -> Iterator[WrongUse]:
    binary = is_bytes(parameter)
    if method in _OF_A_FILE:
        yield WrongUse(call, parameter, HANDLE, f".{method}()", function)
    elif binary is not None:
        own, other = (bytes, str) if binary else (str, bytes)
        if hasattr(other, method) and not hasattr(own, method):
            yield WrongUse(call, parameter, METHOD, f".{method}()", function)
        elif hasattr(own, method) and any(_is(value, other) for value in call.positional):
            yield WrongUse(call, parameter, ARGUMENT, f".{method}()", function)


def _is(value: Expression, kind: type) -> bool:
    return isinstance(value, Constant) and isinstance(value.value, kind)


def _written(call: Call) -> str:
    """How a call is written, without its arguments."""
    return f"{call.function.name}()" if isinstance(call.function, Name) else "this call"
