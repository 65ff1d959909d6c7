"""What code takes care of: attributes that it asks for first, errors that it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.model.code import (
    Block,
    Call,
    Expression,
    Function,
    Literal,
    Member,
    Place,
    Reference,
    Statement,
)
from lint_rules.model.memoize import remembered

_FORGIVING = frozenset({"AttributeError", "Exception", "BaseException"})


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a function takes care of: names that it asks for, and code that may fail."""

    names: frozenset[str]
    expressions: frozenset[Expression]

    def covers(self, place: Place) -> bool:
        """Whether what stands at a place may fail."""
        return any(expression.place == place for expression in self.expressions)


@remembered
def guarded(function: Function) -> Guarded:
    """What a function takes care of."""
    asked = frozenset(
        call.positional[1].text or ""
        for call in function.inside.calls
        if call.function.qualified in ("builtins.hasattr", "builtins.getattr")
        if len(call.positional) > 1 and isinstance(call.positional[1], Literal)
    )
    tried = (
        statement.bodies[0]
        for statement in function.statements
        if isinstance(statement, Block) and _forgives(statement)
    )
    return Guarded(asked, frozenset(_expressions(s for body in tried for s in body)))


def _forgives(block: Block) -> bool:
    """Whether a block may go on after an `AttributeError` inside it."""
    if block.kind == "with":
        called = (h.function for h in block.heads if isinstance(h, Call))
        names = (c.name for c in called if isinstance(c, Reference | Member))
        return any(name.rpartition(".")[2] in ("suppress", "raises") for name in names)
    if block.kind != "try":
        return False
    named = {
        part.name.rpartition(".")[2]
        for head in block.heads
        for part in head.walk()
        if isinstance(part, Reference | Member)
    }
    # Without any name it is a bare `except:`, or `finally:` alone.
    return not named or bool(named & _FORGIVING)


@remembered
def repeated(function: Function) -> frozenset[Expression]:
    """The expressions in loops, which also run after what stands behind them there."""
    loops = (s for s in function.statements if isinstance(s, Block) and s.kind in ("for", "while"))
    return frozenset(_expressions(loops))


def _expressions(statements: Iterable[Statement]) -> Iterator[Expression]:
    for statement in statements:
        for nested in statement.walk():
            for expression in nested.expressions:
                yield from expression.walk()
