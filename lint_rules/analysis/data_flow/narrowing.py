"""What a test that holds, or does not hold, tells of the values that it asks for."""

from __future__ import annotations

from dataclasses import replace

from lint_rules.analysis.data_flow.folding import operate, truth
from lint_rules.analysis.data_flow.state import Point
from lint_rules.analysis.data_flow.values import Kind, Literal, Value, literal, one, union
from lint_rules.model.code import (
    BoolOp,
    Collection,
    Compare,
    Constant,
    Expression,
    Name,
    UnaryOp,
)


def narrowed(point: Point, test: Expression, holds: bool) -> Point:
    """The same point, with only the values for which a test holds, or does not.

    Args:
        point: the point, which is changed.
        test: the test.
        holds: whether it holds.
    """
    match test:
        case UnaryOp(operator="not", operand=operand):
            return narrowed(point, operand, not holds)
        case BoolOp(operator=sign, operands=operands) if (sign == "and") is holds:
            for operand in operands:
                narrowed(point, operand, holds)
        case Compare(operands=(Name() as name, asked), operators=(sign,)):
            values = _literals(asked)
            if values is not None and sign in ("==", "!=", "is", "is not", "in", "not in"):
                positive = sign in ("==", "is", "in")
                _keep(point, name, values, positive is holds)
        case Name():
            _keep_true(point, test, holds)
    return point


def _literals(asked: Expression) -> list[Value] | None:
    if isinstance(asked, Constant):
        return [literal(asked.value)]
    if isinstance(asked, Collection) and all(isinstance(i, Constant) for i in asked.items):
        return [literal(item.value) for item in asked.items if isinstance(item, Constant)]
    return None


def _keep(point: Point, name: Name, wanted: list[Value], equal: bool) -> None:
    """Keeps the alternatives of a name that are equal to one of some literals, or to none."""
    value = _value(point, name)
    if value is None:
        return
    kept = set()
    for atom in value.atoms:
        same = [
            truth(operate("==", one(atom), each)) if isinstance(atom, Literal) else None
            for each in wanted
        ]
        possible = any(s is not False for s in same) if equal else True not in same
        if possible:
            kept.add(atom)
    found = Value(frozenset(kept), value.foreaches)
    texts = all(isinstance(each.single, Literal) and each.kinds == {Kind.TEXT} for each in wanted)
    if equal and texts and not found.is_known and found.atoms:
        # What it is equal to is known then; a number may be equal to one of another type.
        found = Value(union(wanted).atoms, value.foreaches)
    _replace(point, name, found)


def _keep_true(point: Point, name: Name, holds: bool) -> None:
    value = _value(point, name)
    if value is not None:
        kept = frozenset(a for a in value.atoms if truth(one(a)) is not (not holds))
        _replace(point, name, Value(kept, value.foreaches))


def _value(point: Point, name: Name) -> Value | None:
    """What a local name, or an artifact of the task's, can be."""
    head, _, rest = name.name.partition(".")
    known = point.names.get(head)
    if known is None or "." in rest:
        return None
    if not rest:
        return known
    if known.special("self") is None:
        return None
    fact = point.state.facts.get(rest)
    return fact.value if fact is not None and fact.present else None


def _replace(point: Point, name: Name, value: Value) -> None:
    head, _, rest = name.name.partition(".")
    if not rest:
        point.names[head] = value
    elif rest in point.state.facts:
        fact = point.state.facts[rest]
        point.state.facts[rest] = replace(fact, value=value)
