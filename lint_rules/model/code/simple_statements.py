"""Statements without blocks, and what statements bind. Names follow Python's `ast`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lint_rules.model.code.displays import Collection
from lint_rules.model.code.expressions import Expression, Starred
from lint_rules.model.code.location import Location, Node

Binding: TypeAlias = tuple[Expression, "Expression | None", tuple[int, ...]]
"""A target, what it is assigned from, and where in that its value stands after unpacking."""


@dataclass(slots=True, eq=False)
class Statement(Node):
    """Any statement."""

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions of the statement itself, without those of nested statements."""
        return ()

    @property
    def blocks(self) -> tuple[tuple[Statement, ...], ...]:
        """The blocks nested in the statement, in the order of the text."""
        return ()

    @property
    def location_with_decorators(self) -> Location:
        """Where the statement stands with its decorators: lines before it go before these."""
        return self.location

    @property
    def bindings(self) -> Iterator[Binding]:
        """The single targets that the statement assigns to."""
        yield from ()

    def bound_from(self, target: Expression) -> int:
        """The offset from which on one of its targets holds what the statement assigns to it."""
        return target.end

    def walk(self) -> Iterator[Statement]:
        """This statement and all nested in it, but nothing inside functions and classes."""
        waiting: list[Statement] = [self]
        while waiting:
            found = waiting.pop()
            yield found
            for block in found.blocks[::-1]:
                waiting += block[::-1]


@dataclass(slots=True, eq=False)
class Assignment(Statement):
    """`a = b = value`, `a: T = value`, `a: T` (no value) or `a += value`.

    `operator` is `=`, or `+=` and the like.
    """

    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None = None
    operator: str = "="

    @property
    def expressions(self) -> tuple[Expression, ...]:
        given = (*self.targets, self.value, self.annotation)
        return tuple(expression for expression in given if expression is not None)

    @property
    def bindings(self) -> Iterator[Binding]:
        if self.annotation is None or self.value is not None:
            source = self.value if self.operator == "=" else None
            for target in self.targets:
                yield from unpacked(target, source)

    def bound_from(self, target: Expression) -> int:
        return self.end


@dataclass(slots=True, eq=False)
class Expr(Statement):
    """An expression that stands as a statement."""

    value: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class ImportedName(Node):
    """One name of an import: what it is called at its origin and here."""

    name: str
    alias: str | None

    @property
    def bound(self) -> str:
        """The name that the import binds: `os` of `import os.path`."""
        return self.alias or self.name.partition(".")[0]


@dataclass(slots=True, eq=False)
class Import(Statement):
    """`import a.b as c` (no `module`) or `from module import a as b`; `*` has no `names`."""

    module: str | None
    level: int
    names: tuple[ImportedName, ...]
    is_from: bool

    @property
    def is_star(self) -> bool:
        """Whether this is `from module import *`."""
        return self.is_from and not self.names

    def packages(self) -> set[str]:
        """The top-level packages that are imported; none of a relative import."""
        if self.level:
            return set()
        modules = [self.module or ""] if self.is_from else [name.name for name in self.names]
        return {module.partition(".")[0] for module in modules}


@dataclass(slots=True, eq=False)
class Return(Statement):
    """`return value`, or `return` alone."""

    value: Expression | None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return () if self.value is None else (self.value,)


@dataclass(slots=True, eq=False)
class Raise(Statement):
    """`raise error from cause`, or `raise` alone."""

    error: Expression | None
    cause: Expression | None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(one for one in (self.error, self.cause) if one is not None)


@dataclass(slots=True, eq=False)
class Delete(Statement):
    """`del a, b.c`."""

    targets: tuple[Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return self.targets


@dataclass(slots=True, eq=False)
class Assert(Statement):
    """`assert test, message`."""

    test: Expression
    message: Expression | None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.test,) if self.message is None else (self.test, self.message)


@dataclass(slots=True, eq=False)
class Global(Statement):
    """`global a, b`."""

    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Nonlocal(Statement):
    """`nonlocal a, b`."""

    names: tuple[str, ...]


@dataclass(slots=True, eq=False)
class Pass(Statement):
    """`pass`."""


@dataclass(slots=True, eq=False)
class Break(Statement):
    """`break`."""


@dataclass(slots=True, eq=False)
class Continue(Statement):
    """`continue`."""


def unpacked(
    target: Expression, source: Expression | None, path: tuple[int, ...] = ()
) -> Iterator[Binding]:
    """The single targets in a target, each with what it is assigned from."""
    if isinstance(target, Starred):
        yield from unpacked(target.value, None)
    elif isinstance(target, Collection):
        starred = any(isinstance(item, Starred) for item in target.items)
        given: tuple[Expression, ...] = ()
        if isinstance(source, Collection) and not path and not starred:
            given = source.items if len(source.items) == len(target.items) else ()
        for index, item in enumerate(target.items):
            if given:
                yield from unpacked(item, given[index])
            elif source is None or starred:
                yield from unpacked(item, None)
            else:
                yield from unpacked(item, source, (*path, index))
    else:
        yield target, source, path
