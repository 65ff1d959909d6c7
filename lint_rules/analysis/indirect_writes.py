"""What sets or deletes an attribute of `self` and is no assignment: `del self.x`, `setattr`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code import Constant, Delete, Expression, Function, Name
from lint_rules.model.flow import Flow

_FUNCTIONS = {"builtins.setattr": "sets", "builtins.delattr": "deletes"}


@dataclass(frozen=True)
class IndirectWrite:
    """Such a place.

    Attributes:
        at: the target of `del`, or the call.
        name: the attribute.
        does: "sets" or "deletes".
        function: the function.
    """

    at: Expression
    name: str
    does: str
    function: Function


def indirect_writes(owner: Flow) -> Iterator[IndirectWrite]:
    """The places in a class's methods that set or delete an attribute of `self` so."""
    code = owner.module.code
    if any(word in code for word in ("del ", "delattr(", "setattr(")):
        for function in owner.definition.functions:
            if function.parameters and function.name != "__init__":
                yield from _in_function(function)


def _in_function(function: Function) -> Iterator[IndirectWrite]:
    me = function.self_name
    if any(reference.context == "del" for reference in function.descendants.names):
        for statement in function.statements:
            for target in statement.targets if isinstance(statement, Delete) else ():
                if isinstance(target, Name) and target.name.startswith(f"{me}."):
                    name = target.name.removeprefix(f"{me}.")
                    if "." not in name:
                        yield IndirectWrite(target, name, "deletes", function)
    for call in function.descendants.calls:
        does = _FUNCTIONS.get(call.function.qualified or "")
        if does is None or len(call.positional) < 2:
            continue
        owner, given = call.positional[:2]
        written = given.text if isinstance(given, Constant) else None
        if isinstance(owner, Name) and owner.name == me and written is not None:
            yield IndirectWrite(call, written, does, function)
