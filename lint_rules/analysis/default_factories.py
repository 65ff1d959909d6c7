"""Factories of `defaultdict` that a lambda writes out though Python has a name for them."""

from __future__ import annotations

from lint_rules.model.code import Call, Collection, Constant, Dict, Expression, Lambda
from lint_rules.model.scope import Scope

_OF_CONSTANTS = {bool: False, float: 0.0, int: 0, str: ""}
_OF_CALLS = frozenset({"bool", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"})


def written_out(expression: Expression | None, scope: Scope) -> tuple[Lambda, str] | None:
    """The lambda of `defaultdict(lambda: [])`, and the builtin that makes the same: `list`.

    Args:
        expression: what may be such a call.
        scope: where it stands.
    """
    if not isinstance(expression, Call) or len(expression.arguments) != 1:
        return None
    if expression.function.qualified != "collections.defaultdict":
        return None
    factory = expression.arguments[0].value
    if not isinstance(factory, Lambda) or factory.parameters or expression.has_unpacking:
        return None
    name = _maker(factory.body)
    if name is None or scope.resolve(name) != f"builtins.{name}":
        return None
    return factory, name


def _maker(body: Expression) -> str | None:
    """The builtin that, called without arguments, makes what an expression makes."""
    match body:
        case Constant(value=value):
            empty = _OF_CONSTANTS.get(type(value))
            return type(value).__name__ if empty is not None and value == empty else None
        case Collection(kind="list" | "tuple", items=()):
            return body.kind
        case Dict(items=()):
            return "dict"
        case Call(arguments=()):
            owner, _, name = (body.function.qualified or "").rpartition(".")
            return name if owner == "builtins" and name in _OF_CALLS else None
    return None
