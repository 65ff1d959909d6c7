"""Where a file starts its flows: `ArxivTopics()`."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Definition,
    Expression,
    Name,
    Statement,
)
from lint_rules.model.module import Module


def starts_flow(statement: Statement, flows: set[str], module: Module, depth: int = 3) -> bool:
    """Whether a statement calls one of the flows, directly or in a function that it calls."""
    if isinstance(statement, Definition):
        return False
    for call in _calls(statement):
        if isinstance(call.function, Name):
            called = module.functions.get(call.function.name)
            if call.function.name in flows:
                return True
            if called and depth:
                inner = called.statements
                if any(starts_flow(nested, flows, module, depth - 1) for nested in inner):
                    return True
    return False


def _calls(statement: Statement) -> Iterator[Call]:
    for given in statement.expressions:
        for expression in given.walk():
            if isinstance(expression, Call):
                yield expression


def never_reached(statements: list[Statement], flows: set[str]) -> Iterator[Call]:
    """The calls of `run` on an object of a flow."""
    made: set[str] = set()
    for statement in statements:
        if isinstance(statement, Assignment) and makes_flow(statement.value, flows):
            made.update(t.name for t in statement.targets if isinstance(t, Name))
        for call in _calls(statement):
            function = call.function
            if isinstance(function, Attribute) and function.name == "run":
                if makes_flow(function.value, flows):
                    yield call
            elif isinstance(function, Name):
                owner, _, name = function.name.rpartition(".")
                if name == "run" and owner in made:
                    yield call


def makes_flow(value: Expression | None, flows: set[str]) -> bool:
    """Whether an expression calls the class of one of the flows."""
    return (
        isinstance(value, Call)
        and isinstance(value.function, Name)
        and value.function.name in flows
    )
