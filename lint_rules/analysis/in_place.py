"""Where code changes a thing in place: `self.rows.append(1)`, `self.counts["a"] = 1`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code import (
    Assignment,
    Attribute,
    Delete,
    Expression,
    Function,
    Name,
    Subscript,
)
from lint_rules.model.memoize import remembered

CHANGING = frozenset(
    "add append appendleft clear difference_update discard extend extendleft insert "
    "intersection_update move_to_end pop popitem popleft remove reverse rotate setdefault sort "
    "subtract symmetric_difference_update update".split()
)
"""Methods by which Python's own containers change."""


@dataclass(frozen=True, eq=False)
class Change:
    """A change of an attribute of `self` in place.

    Attributes:
        name: the attribute.
        at: what makes the change: a call, or the target of an assignment or `del`.
        receiver: the `self.<name>` in it.
        by: the method, or `[]` for an item and `.` for an attribute.
        depth: how many items and attributes lie between `self.<name>` and what changes.
    """

    name: str
    at: Expression
    receiver: Name
    by: str
    depth: int = 0


@remembered
def changes(function: Function) -> tuple[Change, ...]:
    """The changes in place of attributes of `self` in a function, in order."""
    if not function.parameters:
        return ()
    found = [*_by_methods(function), *_by_statements(function)]
    return tuple(sorted(found, key=lambda change: change.at.start))


def _by_methods(function: Function) -> Iterator[Change]:
    for call in function.descendants.calls:
        called = call.function
        if isinstance(called, Name):
            path = called.name.split(".")
            if len(path) > 2 and path[0] == function.self_name and path[-1] in CHANGING:
                yield Change(path[1], call, called, path[-1], len(path) - 3)
        elif isinstance(called, Attribute) and called.name in CHANGING:
            base, depth = _base(called.value)
            path = base.name.split(".") if isinstance(base, Name) else []
            if isinstance(base, Name) and len(path) > 1 and path[0] == function.self_name:
                yield Change(path[1], call, base, called.name, depth + len(path) - 2)


def _by_statements(function: Function) -> Iterator[Change]:
    for statement in function.statements:
        targets: list[Expression] = []
        if isinstance(statement, Assignment) and statement.value is not None:
            targets = [target for given in statement.targets for target in given.walk()]
        elif isinstance(statement, Delete):
            targets = list(statement.targets)
        for target in targets:
            if isinstance(target, Subscript):
                base, depth = _base(target.value)
                path = base.name.split(".") if isinstance(base, Name) else []
                if isinstance(base, Name) and len(path) > 1 and path[0] == function.self_name:
                    yield Change(path[1], target, base, "[]", depth + len(path) - 2)
            elif isinstance(target, Name) and target.context != "load":
                path = target.name.split(".")
                if len(path) > 2 and path[0] == function.self_name:
                    yield Change(path[1], target, target, ".", len(path) - 3)


def _base(value: Expression) -> tuple[Expression, int]:
    """What items and attributes are taken of, and how many of them."""
    depth = 0
    while isinstance(value, Subscript | Attribute):
        value, depth = value.value, depth + 1
    return value, depth
