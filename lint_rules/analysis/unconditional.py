"""What of a function runs whenever the function does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.model.code import (
    Assert,
    BoolOp,
    Break,
    Compare,
    Comprehension,
    Continue,
    Expression,
    For,
    Function,
    If,
    IfExp,
    Lambda,
    Match,
    Raise,
    Return,
    Statement,
    Try,
    While,
    With,
)
from lint_rules.model.memoize import remembered


@remembered
def always_run(function: Function) -> tuple[Expression, ...]:
    """The expressions that run in each call of a function that does not fail before, in order.

    The bodies of loops count, whatever they go over; branches, and what follows a branch that may
    leave the function, do not. Neither does what stands where errors are expected.
    """
    return tuple(_in_body(function.body))


def _in_body(body: Iterable[Statement]) -> Iterator[Expression]:
    for statement in body:
        match statement:
            case For():
                yield from _evaluated(statement.iterable)
                yield from _in_body(statement.body)
            case With():
                for item in statement.items:
                    yield from _evaluated(item.context)
                yield from _in_body(statement.body)
            case Try():
                if not statement.handlers:
                    yield from _in_body(statement.body)
                yield from _in_body(statement.finalbody)
            case If() | While():
                yield from _evaluated(statement.test)
            case Match():
                yield from _evaluated(statement.subject)
            case Assert():
                yield from _evaluated(statement.test)
            case _:
                for expression in statement.expressions:
                    yield from _evaluated(expression)
        if _may_leave(statement):
            return


def _may_leave(statement: Statement) -> bool:
    return any(isinstance(s, Return | Raise | Break | Continue) for s in statement.walk())


def _evaluated(expression: Expression) -> Iterator[Expression]:
    """An expression and what is always evaluated with it."""
    waiting = [expression]
    while waiting:
        found = waiting.pop()
        yield found
        match found:
            case Lambda():
                continue
            case BoolOp() | Comprehension(kind="generator"):
                parts: tuple[Expression, ...] = found.parts[:1] if isinstance(found, BoolOp) else ()
            case Comprehension():
                parts = (*found.elements, found.generators[0].iterable)
                if any(generator.conditions for generator in found.generators):
                    parts = (found.generators[0].iterable,)
            case IfExp():
                parts = (found.test,)
            case Compare():
                parts = (found.left, found.comparators[0])
            case _:
                parts = found.parts
        waiting += parts[::-1]
