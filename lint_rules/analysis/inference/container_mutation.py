"""What a function puts into its lists and dicts after it made them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lint_rules.analysis.inference.value import Kind, Value, holding, plain
from lint_rules.model.code import (
    Assignment,
    Call,
    Expression,
    Function,
    Name,
    Statement,
    Subscript,
    Try,
    With,
)
from lint_rules.model.memoize import remembered

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


def with_additions(
    reader: Reader, value: Value | None, name: str, function: Function
) -> Value | None:
    """A list or dict with what is put into it later."""
    if value is None or value.kind is not Kind.PLAIN:
        return value
    base = value.type.partition("[")[0]
    if base not in ("list", "dict", "set"):
        return value
    held = holding(base, [reader.guarded(added) for added in additions(function, name)])
    if held is not None:
        return replace(held, is_mixed=held.is_mixed or base != value.type)
    return value if base == value.type else plain(base) if grows(function, name) else value


@remembered
def certain_statements(function: Function) -> set[Statement]:
    """The statements of a function that always run: not below a branch or loop."""
    found: set[Statement] = set()
    waiting = list(function.body)
    while waiting:
        statement = waiting.pop()
        found.add(statement)
        if isinstance(statement, With | Try):
            waiting += statement.body
    return found


def additions(function: Function, name: str) -> Iterator[Expression]:
    """What a function puts into a list or dict of this name (a variable, or `self.x`)."""
    yield from _additions(function).get(name, ())


def grows(function: Function, name: str) -> bool:
    """Whether a function puts anything into a list, set or dict of this name."""
    return name in grown(function)


@remembered
def _additions(function: Function) -> dict[str, list[Expression]]:
    found: dict[str, list[Expression]] = {}
    for owner, call in _method_calls(function, "append", "add", "insert", "setdefault"):
        if call.positional:
            found.setdefault(owner, []).append(call.positional[-1])
    for statement in function.statements:
        if isinstance(statement, Assignment) and statement.value is not None:
            for target in statement.targets:
                of = target.value if isinstance(target, Subscript) else None
                if isinstance(of, Name):
                    found.setdefault(of.name, []).append(statement.value)
    return found


@remembered
def grown(function: Function) -> frozenset[str]:
    """The names of the lists, sets and dicts that a function puts anything into."""
    growing = _method_calls(function, "append", "extend", "add", "insert", "update")
    return frozenset((*_additions(function), *(owner for owner, _ in growing)))


def _method_calls(function: Function, *methods: str) -> Iterator[tuple[str, Call]]:
    """The calls of some methods, each with the name of what has the method."""
    for call in function.descendants.calls:
        if isinstance(call.function, Name):
            owner, _, method = call.function.name.rpartition(".")
            if method in methods:
                yield owner, call
