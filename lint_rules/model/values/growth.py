"""What a function puts into its lists and dicts after it made them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from lint_rules.model.code import (
    Assignment,
    Block,
    Expression,
    Function,
    Reference,
    Statement,
    Subscript,
)
from lint_rules.model.values.value import Kind, Value, holding, plain

if TYPE_CHECKING:
    from lint_rules.model.values.reader import Reader


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


def certain_statements(function: Function) -> set[Statement]:
    """The statements of a function that always run: not below a branch or loop."""
    found: set[Statement] = set()

    def take(statements: Iterable[Statement]) -> None:
        for statement in statements:
            found.add(statement)
            if isinstance(statement, Block) and statement.kind in ("with", "try"):
                take(statement.bodies[0])

    take(function.body)
    return found


def additions(function: Function, name: str) -> Iterator[Expression]:
    """What a function puts into a list or dict of this name (a variable, or `self.x`)."""
    for call in function.inside.calls:
        if isinstance(call.function, Reference) and call.positional:
            owner, _, method = call.function.name.rpartition(".")
            if owner == name and method in ("append", "add", "insert", "setdefault"):
                yield call.positional[-1]
    for statement in function.statements:
        if isinstance(statement, Assignment) and statement.value is not None:
            for target in statement.targets:
                of = target.of if isinstance(target, Subscript) else None
                if isinstance(of, Reference) and of.name == name:
                    yield statement.value


def grows(function: Function, name: str) -> bool:
    """Whether a function puts anything into a list, set or dict of this name."""
    methods = {f"{name}.{method}" for method in ("append", "extend", "add", "insert", "update")}
    return any(
        isinstance(call.function, Reference) and call.function.name in methods
        for call in function.inside.calls
    ) or any(True for _ in additions(function, name))
