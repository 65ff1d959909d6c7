"""How many parts a pathspec has, as far as the code shows: `Flow/run/step/task` has four."""

from __future__ import annotations

from typing import NamedTuple

from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Attribute,
    BinOp,
    Call,
    Collection,
    Constant,
    Expression,
    FormattedValue,
    JoinedStr,
    Name,
    Starred,
)
from lint_rules.model.constants import known
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

_DEEPEST = 10


class Parts(NamedTuple):
    """The parts of a pathspec.

    Attributes:
        least: how many it has at least.
        is_exact: whether it has no more.
    """

    least: int
    is_exact: bool


_UNKNOWN = Parts(1, False)


def parts_of(expression: Expression, module: Module, depth: int = _DEEPEST) -> Parts:
    """How many parts an expression has as a pathspec."""
    if not depth:
        return _UNKNOWN
    found, where = known(expression, module)
    text = where.text(found)
    if text is not None:
        return Parts(text.count("/") + 1, True)
    match found:
        case Name():
            name = current_attribute(found)
            number = facts().current_parts.get(name) if name else None
            return _UNKNOWN if number is None else Parts(number, True)
        case JoinedStr():
            return _together([_piece(piece, where, depth) for piece in found.values])
        case BinOp(operator="+"):
            return _together([parts_of(one, where, depth - 1) for one in found.operands])
        case BinOp(operator="%"):
            return _of_template(where.text(found.left))
        case Call():
            return _of_call(found, where, depth)
    return _UNKNOWN


def current_attribute(expression: Expression) -> str | None:
    """The attribute of `current` that a name is: `run_id` of `current.run_id`."""
    if not isinstance(expression, Name):
        return None
    owner, _, name = expression.name.rpartition(".")
    is_current = owner and metaflow_name(expression.scope.resolve(owner)) == "current"
    return name if is_current else None


def unwrapped(expression: Expression) -> Expression:
    """What `str(x)` and `f"{x}"` are the text of, else the expression itself."""
    match expression:
        case Call(function=Name() as function) if function.qualified == "builtins.str":
            given = expression.positional
            return given[0] if len(given) == len(expression.arguments) == 1 else expression
        case JoinedStr(values=(FormattedValue() as piece,)) if piece.is_plain:
            return piece.value
    return expression


def _of_call(call: Call, module: Module, depth: int) -> Parts:
    inner = unwrapped(call)
    if inner is not call:
        return parts_of(inner, module, depth - 1)
    function = call.function
    if isinstance(function, Attribute) and isinstance(function.value, Constant):
        text = function.value.text
        if function.name == "format":
            return _of_template(text)
        if function.name == "join" and text == "/" and len(call.positional) == 1:
            return _joined(call.positional[0], module, depth)
    return _UNKNOWN


def _joined(given: Expression, module: Module, depth: int) -> Parts:
    items = given.items if isinstance(given, Collection) and given.kind != "set" else ()
    if not items or any(isinstance(item, Starred) for item in items):
        return _UNKNOWN
    together = _together([parts_of(item, module, depth - 1) for item in items])
    return Parts(together.least + len(items) - 1, together.is_exact)


def _of_template(text: str | None) -> Parts:
    return _UNKNOWN if text is None else Parts(text.count("/") + 1, False)


def _piece(piece: str | FormattedValue, module: Module, depth: int) -> Parts:
    if isinstance(piece, str):
        return Parts(piece.count("/") + 1, True)
    return parts_of(piece.value, module, depth - 1) if piece.is_plain else _UNKNOWN


def _together(pieces: list[Parts]) -> Parts:
    slashes = sum(piece.least - 1 for piece in pieces)
    return Parts(slashes + 1, all(piece.is_exact for piece in pieces))
