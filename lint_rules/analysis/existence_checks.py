"""What code takes care of: attributes that it asks for first, errors that it expects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.model.code import (
    Attribute,
    Call,
    Constant,
    ExceptHandler,
    Expression,
    Function,
    Location,
    Name,
    Raise,
    Statement,
    Try,
    With,
)
from lint_rules.model.memoize import remembered

_LEAST = {"builtins.hasattr": 2, "builtins.getattr": 3}
"""The functions that ask for an attribute, and how many arguments they have when they do."""

_ATTRIBUTE_ERRORS = frozenset({"AttributeError", "Exception", "BaseException"})
NAME_ERRORS = frozenset({"NameError", "UnboundLocalError", "Exception", "BaseException"})
IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
"""The errors to expect where a name, or a module, may be missing."""


@dataclass(frozen=True, slots=True)
class Guarded:
    """What a function takes care of: names that it asks for, and code that may fail."""

    names: frozenset[str]
    expressions: frozenset[Expression]

    def covers(self, location: Location) -> bool:
        """Whether what stands at a place may fail."""
        return any(expression.location == location for expression in self.expressions)


@remembered
def guarded(function: Function) -> Guarded:
    """What a function takes care of."""
    asked = frozenset(
        call.positional[1].text or ""
        for call in function.descendants.calls
        if len(call.positional) >= _LEAST.get(call.function.qualified or "", 9)
        if isinstance(call.positional[1], Constant)
    )
    return Guarded(asked, expecting(function, _ATTRIBUTE_ERRORS))


def expecting(function: Function, errors: frozenset[str]) -> frozenset[Expression]:
    """The expressions of a function that may fail with one of some errors: it goes on then."""
    tried = (
        statement.body
        for statement in function.statements
        if isinstance(statement, Try | With) and forgives(statement, errors)
    )
    return frozenset(_expressions(s for body in tried for s in body))


def forgives(block: Try | With, errors: frozenset[str] = _ATTRIBUTE_ERRORS) -> bool:
    """Whether a block may go on after one of some errors inside it, an `AttributeError` if none are
    given."""
    if isinstance(block, With):
        contexts = (item.context for item in block.items)
        called = (context.function for context in contexts if isinstance(context, Call))
        names = (c.name for c in called if isinstance(c, Name | Attribute))
        return any(name.rpartition(".")[2] in ("suppress", "raises") for name in names)
    named = {
        part.name.rpartition(".")[2]
        for handler in block.handlers
        if handler.type is not None
        for part in handler.type.walk()
        if isinstance(part, Name | Attribute)
    }
    # Without any name it is a bare `except:`, or `finally:` alone.
    return not named or bool(named & errors)


def expects_errors(block: Statement, body: tuple[Statement, ...], errors: frozenset[str]) -> bool:
    """Whether a part of a block may fail without an end of the function, or runs after an error.

    Args:
        block: a statement with blocks.
        body: one of its blocks.
        errors: the names of the errors to expect.
    """
    if isinstance(block, With):
        return forgives(block, errors)
    if not isinstance(block, Try):
        return False
    if body is block.body:
        return any(_goes_on_after(errors, handler) for handler in block.handlers)
    return any(body is handler.body for handler in block.handlers)


def _goes_on_after(errors: frozenset[str], handler: ExceptHandler) -> bool:
    named = handler.type.walk() if handler.type is not None else ()
    names = {part.name.rpartition(".")[2] for part in named if isinstance(part, Name | Attribute)}
    is_caught = handler.type is None or not names.isdisjoint(errors)
    return is_caught and not isinstance(handler.body[-1], Raise)


def _expressions(statements: Iterable[Statement]) -> Iterator[Expression]:
    for statement in statements:
        for nested in statement.walk():
            for expression in nested.expressions:
                yield from expression.walk()
