"""The calls of Metaflow's own names in a file, and the code that expects errors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from lint_rules.model.code import (
    Attribute,
    Call,
    Expression,
    Function,
    Name,
    Statement,
    Try,
    With,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

_EXPECTING = ("suppress", "raises", "assertRaises", "assertRaisesRegex")


@remembered
def metaflow_calls(module: Module) -> Mapping[str, list[Call]]:
    """The calls of names that come from Metaflow, by their last part: `Run` of `mf.Run("A/1")`."""
    found: dict[str, list[Call]] = {}
    for call in module.descendants.calls:
        name = metaflow_name(call.function.qualified)
        if name is not None:
            found.setdefault(name, []).append(call)
    return found


@remembered
def expected_to_fail(module: Module) -> frozenset[Expression]:
    """The expressions of a file that stand where errors are expected: in a `try:` with `except`,
    under `pytest.raises(…)` and the like."""
    functions = (d for d in module.descendants.definitions if isinstance(d, Function))
    classes = (statement for c in module.classes.values() for statement in c.statements)
    statements = [*module.statements, *classes, *(s for f in functions for s in f.statements)]
    return frozenset(_expressions(_tried(statements)))


def _tried(statements: Iterable[Statement]) -> Iterator[Statement]:
    for statement in statements:
        is_tried = isinstance(statement, Try) and bool(statement.handlers)
        if is_tried or (isinstance(statement, With) and _expects(statement)):
            yield from statement.body  # type: ignore[attr-defined]


def _expects(block: With) -> bool:
    contexts = (item.context for item in block.items)
    called = (context.function for context in contexts if isinstance(context, Call))
    names = (function.name for function in called if isinstance(function, Name | Attribute))
    return any(name.rpartition(".")[2] in _EXPECTING for name in names)


def _expressions(statements: Iterable[Statement]) -> Iterator[Expression]:
    for statement in statements:
        for nested in statement.walk():
            for expression in nested.expressions:
                yield from expression.walk()
