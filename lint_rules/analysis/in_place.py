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
            owner, _, method = called.name.rpartition(".")
            if method in CHANGING and owner:
                yield from _changed(function, call, called, owner, method, 0)
        elif isinstance(called, Attribute) and called.name in CHANGING:
            base, depth = _base(called.value)
            if isinstance(base, Name):
                yield from _changed(function, call, base, base.name, called.name, depth)


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
                if isinstance(base, Name):
                    yield from _changed(function, target, base, base.name, "[]", depth)
            elif isinstance(target, Name) and target.context != "load":
                owner = target.name.rpartition(".")[0]
                if owner and owner != function.self_name:
                    yield from _changed(function, target, target, owner, ".", 0)


def _changed(
    function: Function, at: Expression, receiver: Name, path: str, by: str, depth: int
) -> Iterator[Change]:
    """The change of what a dotted name leads to, where that is an attribute of `self`, or a
    variable that holds nothing but one."""
    head, *rest = path.split(".")
    if head == function.self_name:
        names = rest
    else:
        names = [*_aliased(function, head), *rest]
        if len(names) == len(rest):
            return
    if names:
        yield Change(names[0], at, receiver, by, depth + len(names) - 1)


def _aliased(function: Function, name: str) -> list[str]:
    """The attributes that a local variable stands for: `["rows"]` after `rows = self.rows`."""
    bindings = function.locals.get(name, ())
    if len(bindings) != 1 or bindings[0].path or not isinstance(bindings[0].statement, Assignment):
        return []
    source = bindings[0].source
    head, *rest = source.name.split(".") if isinstance(source, Name) else [""]
    return rest if head == function.self_name else []


def _base(value: Expression) -> tuple[Expression, int]:
    """What items and attributes are taken of, and how many of them."""
    depth = 0
    while isinstance(value, Subscript | Attribute):
        value, depth = value.value, depth + 1
    return value, depth
