"""Statements with blocks, but functions and classes. Names follow Python's `ast`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code.expressions import Expression, Name
from lint_rules.model.code.location import Node
from lint_rules.model.code.patterns import Pattern
from lint_rules.model.code.simple_statements import Binding, Statement, unpacked

Body = tuple[Statement, ...]


@dataclass(slots=True, eq=False)
class CompoundStatement(Statement):
    """A statement with blocks that belong to the same function: all below."""


@dataclass(slots=True, eq=False)
class If(CompoundStatement):
    """`if`; an `elif` is an `If` that is all of `orelse`."""

    test: Expression
    body: Body
    orelse: Body

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.test,)

    @property
    def blocks(self) -> tuple[Body, ...]:
        return (self.body, self.orelse) if self.orelse else (self.body,)


@dataclass(slots=True, eq=False)
class For(CompoundStatement):
    """`for target in iterable`."""

    target: Expression
    iterable: Expression
    body: Body
    orelse: Body
    is_async: bool

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.iterable, self.target)

    @property
    def blocks(self) -> tuple[Body, ...]:
        return (self.body, self.orelse) if self.orelse else (self.body,)

    @property
    def bindings(self) -> Iterator[Binding]:
        return unpacked(self.target, self.iterable)

    def bound_from(self, target: Expression) -> int:
        return self.iterable.end


@dataclass(slots=True, eq=False)
class While(CompoundStatement):
    """`while test`."""

    test: Expression
    body: Body
    orelse: Body

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.test,)

    @property
    def blocks(self) -> tuple[Body, ...]:
        return (self.body, self.orelse) if self.orelse else (self.body,)


@dataclass(slots=True, eq=False)
class WithItem:
    """`context as target` of a `with`."""

    context: Expression
    target: Expression | None


@dataclass(slots=True, eq=False)
class With(CompoundStatement):
    """`with item, item`."""

    items: tuple[WithItem, ...]
    body: Body
    is_async: bool

    @property
    def expressions(self) -> tuple[Expression, ...]:
        found = (one for item in self.items for one in (item.context, item.target))
        return tuple(expression for expression in found if expression is not None)

    @property
    def blocks(self) -> tuple[Body, ...]:
        return (self.body,)

    @property
    def bindings(self) -> Iterator[Binding]:
        for item in self.items:
            if item.target is not None:
                yield from unpacked(item.target, item.context)


@dataclass(slots=True, eq=False)
class ExceptHandler(Node):
    """`except type as target`; all of it may be missing."""

    type: Expression | None
    target: Name | None
    body: Body


@dataclass(slots=True, eq=False)
class Try(CompoundStatement):
    """`try`, with `except*` if `is_star`."""

    body: Body
    handlers: tuple[ExceptHandler, ...]
    orelse: Body
    finalbody: Body
    is_star: bool

    @property
    def expressions(self) -> tuple[Expression, ...]:
        found = (one for handler in self.handlers for one in (handler.type, handler.target))
        return tuple(expression for expression in found if expression is not None)

    @property
    def blocks(self) -> tuple[Body, ...]:
        handled = (handler.body for handler in self.handlers)
        return tuple(body for body in (self.body, *handled, self.orelse, self.finalbody) if body)

    @property
    def bindings(self) -> Iterator[Binding]:
        for handler in self.handlers:
            if handler.target is not None:
                yield handler.target, None, ()


@dataclass(slots=True, eq=False)
class MatchCase:
    """`case pattern if guard`."""

    pattern: Pattern
    guard: Expression | None
    body: Body


@dataclass(slots=True, eq=False)
class Match(CompoundStatement):
    """`match subject`."""

    subject: Expression
    cases: tuple[MatchCase, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        found = [self.subject]
        for case in self.cases:
            for pattern in case.pattern.walk():
                found += pattern.expressions
                if pattern.target is not None:
                    found.append(pattern.target)
            if case.guard is not None:
                found.append(case.guard)
        return tuple(found)

    @property
    def blocks(self) -> tuple[Body, ...]:
        return tuple(case.body for case in self.cases)

    @property
    def bindings(self) -> Iterator[Binding]:
        for case in self.cases:
            for pattern in case.pattern.walk():
                if pattern.target is not None:
                    yield pattern.target, None, ()
