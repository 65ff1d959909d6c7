"""Works out operations on values that are known: operators, Python's functions and methods."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from lint_rules.analysis.data_flow.values import (
    MOST_ATOMS,
    MOST_ITEMS,
    NOTHING,
    UNKNOWN,
    Atom,
    Items,
    Kind,
    Literal,
    Pairs,
    Some,
    Value,
    items,
    literal,
    one,
    pairs,
    some,
    union,
)

_WHOLE = (Literal, Items, Pairs)
_LONGEST = 1_000
_LARGEST = 10**12
_MOST_CASES = 16


class _Unknown(Exception):
    """A value is not one that Python could work with here."""


_SEQUENCES: dict[Kind, Callable[[Iterable[Any]], Any]] = {
    Kind.LIST: list,
    Kind.TUPLE: tuple,
    Kind.SET: set,
    Kind.VIEW: tuple,
}


def _python(atom: Atom) -> Any:
    """The Python object that an atom is.

    Raises:
        _Unknown: it is not known in full.
    """
    match atom:
        case Literal(value=value):
            return value
        case Items(kind=kind, items=found):
            try:
                return _SEQUENCES[kind](_single(item) for item in found)
            except TypeError as error:
                raise _Unknown from error
        case Pairs(items=found):
            return {key.value: _single(value) for key, value in found}
    raise _Unknown


def _single(value: Value) -> Any:
    if value.single is None:
        raise _Unknown
    return _python(value.single)


def from_python(thing: Any) -> Value:
    """What is known of a Python object."""
    match thing:
        case list() | tuple() | set() | frozenset() | range():
            kind = Kind.LIST if isinstance(thing, list) else Kind.TUPLE
            if isinstance(thing, set | frozenset):
                kind, thing = Kind.SET, sorted(thing, key=repr)
            if len(thing) > MOST_ITEMS:
                return some(kind, length=len(thing))
            return items(kind, (from_python(each) for each in thing))
        case dict():
            keys = [literal(key).single for key in thing]
            if not all(isinstance(key, Literal) for key in keys):
                return some(Kind.DICT, length=len(thing))
            found = zip(keys, thing.values(), strict=True)
            return pairs((k, from_python(v)) for k, v in found if isinstance(k, Literal))
    return literal(thing)


def fold(function: Callable[..., Any], *values: Value, otherwise: Value = UNKNOWN) -> Value:
    """What a function of Python's gives for values, `otherwise` where these are not known.

    What raises an error gives nothing; where everything does, the result is not known.
    """
    if not values or any(not value.atoms for value in values):
        return otherwise.depending_on(*values)
    cases = 1
    for value in values:
        for atom in value.atoms:
            if type(atom) not in _WHOLE:
                return otherwise.depending_on(*values)
        cases *= len(value.atoms)
    if cases > _MOST_CASES:
        return otherwise.depending_on(*values)
    found: list[Value] = []
    for atoms in product(*(value.atoms for value in values)):
        try:
            arguments = [_python(atom) for atom in atoms]
            if not _is_small(function, arguments):
                return otherwise.depending_on(*values)
            result = from_python(function(*arguments))
        except _Unknown:
            return otherwise.depending_on(*values)
        except Exception:
            # Then the code fails there, and gives nothing.
            result = NOTHING
        found.append(result)
    result = union(found)
    return (result if result.atoms else otherwise).depending_on(*values)


def _is_small(function: Callable[..., Any], arguments: list[Any]) -> bool:
    numbers = [a for a in arguments if isinstance(a, int | float)]
    if any(abs(number) > _LARGEST for number in numbers):
        return False
    if function in (operator.mul, operator.pow, operator.lshift, operator.mod):
        return all(abs(number) <= _LONGEST for number in numbers)
    return True


_OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "|": operator.or_,
    "&": operator.and_,
    "^": operator.xor,
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda a, b: a in b,
    "not in": lambda a, b: a not in b,
}
_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">=", "in", "not in", "is", "is not"})
_NUMBERS = frozenset({Kind.NUMBER, Kind.BOOL})


def operate(sign: str, left: Value, right: Value) -> Value:
    """The result of a binary operator or of a comparison."""
    kinds = left.kinds | right.kinds
    otherwise = UNKNOWN
    if sign in ("is", "is not"):
        return _identical(sign, left, right)
    if sign in _COMPARING:
        # Arrays compare item by item.
        if sign in ("in", "not in") or not kinds & {Kind.ANY, Kind.DATAFRAME}:
            otherwise = some(Kind.BOOL)
    elif kinds <= _NUMBERS:
        otherwise = some(Kind.NUMBER)
    elif sign == "+" and len(kinds) == 1 and kinds <= {Kind.LIST, Kind.TUPLE, Kind.TEXT}:
        otherwise = _added(left, right) or some(next(iter(kinds)))
    elif sign == "%" and left.kinds == {Kind.TEXT}:
        otherwise = some(Kind.TEXT)
    if sign not in _OPERATORS:
        return otherwise.depending_on(left, right)
    return fold(_OPERATORS[sign], left, right, otherwise=otherwise)


def _identical(sign: str, left: Value, right: Value) -> Value:
    none = Literal("NoneType", None)
    if right.single == none and left.is_known:
        if none not in left.atoms and Kind.NONE not in left.kinds:
            return literal(sign == "is not")
        if left.single == none:
            return literal(sign == "is")
    return some(Kind.BOOL).depending_on(left, right)


def _added(left: Value, right: Value) -> Value | None:
    """Two sequences one after the other, where their items are known one by one."""
    first, second = left.single, right.single
    if isinstance(first, Items) and isinstance(second, Items):
        return items(first.kind, (*first.items, *second.items))
    return None


_UNARY: dict[str, Callable[..., Any]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
}


def negate(sign: str, value: Value) -> Value:
    """The result of `not`, `-`, `+` or `~`."""
    if sign == "not":
        known = truth(value)
        return some(Kind.BOOL).depending_on(value) if known is None else literal(not known)
    apply = _UNARY[sign]
    return fold(apply, value, otherwise=some(Kind.NUMBER) if value.kinds <= _NUMBERS else UNKNOWN)


def truth(value: Value) -> bool | None:
    """Whether a value is true, `None` if it may be either."""
    found = {_truth(atom) for atom in value.atoms}
    return found.pop() if len(found) == 1 else None


def _truth(atom: Atom) -> bool | None:
    match atom:
        case Literal(value=value):
            return bool(value)
        case Items(items=found) | Pairs(items=found):
            return bool(found)
        case Some(kind=Kind.NONE):
            return False
        case Some(kind=Kind.LIST | Kind.TUPLE | Kind.DICT | Kind.SET, length=int(length)):
            return length > 0
    return None


def elements(value: Value) -> Value:
    """What going through a value gives."""
    found = [_elements(atom) for atom in value.atoms]
    return (union(found) if found else UNKNOWN).depending_on(value)


def _elements(atom: Atom) -> Value:
    match atom:
        case Items(items=inner):
            return union(inner)
        case Pairs(items=inner):
            return union(one(key) for key, _ in inner)
        case Literal(value=str(text)):
            return union(literal(letter) for letter in text[:MOST_ATOMS])
    return UNKNOWN


def item_at(value: Value, index: Value) -> Value:
    """`value[index]`."""
    at = index.single
    found: list[Value] = []
    for atom in value.atoms:
        match atom, at:
            case Items(kind=Kind.LIST | Kind.TUPLE, items=inner), Literal(value=int(position)):
                if -len(inner) <= position < len(inner):
                    found.append(inner[position])
            case Items(kind=Kind.LIST | Kind.TUPLE, items=inner), _:
                found.append(union(inner) if inner else UNKNOWN)
            case Pairs(items=inner), Literal():
                found += [item for key, item in inner if key.value == at.value]
            case Pairs(items=inner), _:
                found.append(union(item for _, item in inner) if inner else UNKNOWN)
            case Literal(value=str()), Literal(value=int()):
                found.append(fold(operator.getitem, one(atom), one(at)))
            case _:
                found.append(UNKNOWN)
    return (union(found) if found else UNKNOWN).depending_on(value, index)
