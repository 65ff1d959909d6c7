"""Where a step ends before it has called `self.next`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lint_rules.analysis.self_calls import may_call_next
from lint_rules.model.code import (
    Call,
    Constant,
    Expr,
    Expression,
    For,
    If,
    Match,
    Raise,
    Return,
    Statement,
    Try,
    While,
    With,
)
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step

_EXITS = {
    "sys.exit": "sys.exit()",
    "builtins.exit": "exit()",
    "builtins.quit": "quit()",
    "os._exit": "os._exit()",
    "builtins.SystemExit": "raise SystemExit",
}
"""What ends the process, with how one writes it."""


@dataclass(frozen=True)
class EarlyEnd:
    """A place at which a step ends. `statement` is the `return` or the call of an exit."""

    statement: Statement
    written: str


def early_ends(step: Step, flow: Flow) -> list[EarlyEnd]:
    """The places at which a step certainly ends without `self.next`, once a run comes there.

    An exit with a status or a message means the failure that it is, as `raise` does.
    """
    if not any(isinstance(s, Return) or any(_exits(s)) for s in step.function.statements):
        return []
    walk = _Walk(step, flow)
    walk.block(step.function.body, False)
    return walk.found


class _Walk:
    """Goes through a step in order, and knows whether `self.next` may have been called."""

    def __init__(self, step: Step, flow: Flow) -> None:
        self._step = step
        self._flow = flow
        self.found: list[EarlyEnd] = []
        calls = step.function.descendants.calls
        self._next = sorted(
            call.start for call in calls if may_call_next(call, step.function, flow)
        )

    def block(self, body: Sequence[Statement], called: bool) -> bool:
        """Whether `self.next` may have been called after a body, if it may before."""
        for statement in body:
            called = self._statement(statement, called)
            if isinstance(statement, Return | Raise):
                break
        return called

    def _statement(self, statement: Statement, called: bool) -> bool:
        inner = statement.blocks
        if not inner:
            called = called or self._has_next(statement)
            if not called:
                self._judge(statement)
            return called
        if isinstance(statement, With):
            called = called or any(self._in_range(i.context) for i in statement.items)
            return self.block(statement.body, called)
        if isinstance(statement, Try):
            # What comes after the body may follow any part of it.
            called = called or self._has_next(statement)
        elif isinstance(statement, For | While):
            called = called or self._has_next(statement)
        elif isinstance(statement, If | Match):
            before = called
            ends = [self.block(body, before) for body in inner]
            return before or any(ends)
        for body in inner:
            self.block(body, called)
        return called

    def _has_next(self, statement: Statement) -> bool:
        return any(statement.start <= start < statement.end for start in self._next)

    def _in_range(self, expression: Expression) -> bool:
        return any(expression.start <= start < expression.end for start in self._next)

    def _judge(self, statement: Statement) -> None:
        if isinstance(statement, Return):
            self.found.append(EarlyEnd(statement, "return"))
        for written in _exits(statement):
            self.found.append(EarlyEnd(statement, written))


def _exits(statement: Statement) -> Iterator[str]:
    """The exits that a statement is, without a status or with 0."""
    value: Expression | None = None
    if isinstance(statement, Expr):
        value = statement.value
    elif isinstance(statement, Raise):
        value = statement.error
    call = value if isinstance(value, Call) else None
    qualified = (call.function if call else value).qualified if value is not None else None
    if qualified not in _EXITS or (qualified == "builtins.SystemExit") != isinstance(
        statement, Raise
    ):
        return
    given = call.positional[0] if call and call.positional else None
    if call and call.has_unpacking:
        return
    if given is None or (isinstance(given, Constant) and given.value in (0, None, False)):
        yield _EXITS[qualified]
