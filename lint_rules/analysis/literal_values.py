"""What an expression certainly is while a file is loaded, in the words of the facts."""

from __future__ import annotations

from lint_rules.metaflow import FUNCTION, UNKNOWN
from lint_rules.model.code import (
    Collection,
    Constant,
    Dict,
    Expression,
    Function,
    Lambda,
    Name,
    Starred,
    UnaryOp,
)
from lint_rules.model.module import Module


def literal_value(expression: Expression, module: Module) -> object:
    """The value of a literal, `FUNCTION` for a function, else `UNKNOWN`.

    Constants of the module and of others of the repository are followed. What is inside of a list,
    tuple, set or dictionary is not read: each of its items is `UNKNOWN`.
    """
    found = module.known(expression)
    match found:
        case Constant():
            return found.value
        case Lambda():
            return FUNCTION
        case UnaryOp(operator="-", operand=Constant() as number):
            value = number.value
            return -value if isinstance(value, int | float) else UNKNOWN
        case Collection():
            return _collection(found)
        case Dict():
            return _mapping(found)
        case Name():
            return FUNCTION if function_of(found, module) else UNKNOWN
    return UNKNOWN


def function_of(expression: Expression, module: Module) -> Function | None:
    """The function of the repository that a name is, if no decorator replaces it."""
    if not isinstance(expression, Name):
        return None
    if expression.qualified is not None:
        defined = module.resolver.definition(expression.qualified)
        definition = defined[1] if defined else None
    else:
        owner = expression.scope.owner(expression.name)
        named = [d for d in module.definitions if d.name == expression.name]
        definition = named[0] if owner is module.scope and len(named) == 1 else None
    if isinstance(definition, Function) and not definition.decorators:
        return definition
    return None


def _collection(display: Collection) -> object:
    if any(isinstance(item, Starred) for item in display.items):
        return UNKNOWN
    items = [UNKNOWN for _ in display.items]
    if display.kind == "tuple":
        return tuple(items)
    return set(items) if display.kind == "set" else items


def _mapping(display: Dict) -> object:
    if display.items and all(key is None for key, _ in display.items):
        return UNKNOWN
    return dict.fromkeys(range(len(display.items)), UNKNOWN)
