"""Statements, and what they bind."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lint_rules.model.code.expressions import Collection, Expression, Place, Starred

Binding: TypeAlias = tuple[Expression, "Expression | None", tuple[int, ...]]
"""A target, what it is assigned from, and where in that its value stands after unpacking."""


@dataclass(slots=True, eq=False)
class Statement:
    """Any statement."""

    place: Place

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions of the statement itself, without those of nested statements."""
        return ()

    @property
    def blocks(self) -> tuple[tuple[Statement, ...], ...]:
        """The blocks nested in the statement."""
        return ()

    @property
    def anchor(self) -> Place:
        """The place at which the statement begins, for lines that are put before it."""
        return self.place

    @property
    def bindings(self) -> Iterator[Binding]:
        """The single targets that the statement assigns to."""
        yield from ()

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
    """`a = b = value`, `a: T = value`, `a: T` (no value) or `a += value`."""

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
                yield from _unpacked(target, source, ())


@dataclass(slots=True, eq=False)
class Evaluation(Statement):
    """An expression that stands as a statement."""

    value: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class ImportedName:
    """One name of an import: what it is called at its origin and here."""

    place: Place
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
class Block(Statement):
    """A compound statement: `kind` is `if`, `for`, `while`, `with`, `try` or `match`.

    `heads` are the expressions of its header(s), `targets` what `for` and `with` assign to, and
    `bodies` its blocks in the order of the source. Of `if` and `for` the second body is `else`.
    """

    kind: str
    heads: tuple[Expression, ...]
    targets: tuple[Expression, ...]
    bodies: tuple[tuple[Statement, ...], ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (*self.heads, *self.targets)

    @property
    def bindings(self) -> Iterator[Binding]:
        # Heads and targets of `with` and `try` need not be as many.
        is_paired = len(self.heads) == len(self.targets) and self.kind in ("for", "with")
        sources = self.heads if is_paired else (None,) * len(self.targets)
        for target, source in zip(self.targets, sources, strict=True):
            yield from _unpacked(target, source, ())

    @property
    def blocks(self) -> tuple[tuple[Statement, ...], ...]:
        return self.bodies


@dataclass(slots=True, eq=False)
class Simple(Statement):
    """A statement that is only its keyword and expressions: `return x`, `del x`, `raise`."""

    keyword: str
    inside: tuple[Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return self.inside


def _unpacked(
    target: Expression, source: Expression | None, path: tuple[int, ...]
) -> Iterator[Binding]:
    if isinstance(target, Starred):
        yield from _unpacked(target.value, None, ())
    elif isinstance(target, Collection):
        starred = any(isinstance(item, Starred) for item in target.items)
        given: tuple[Expression, ...] = ()
        if isinstance(source, Collection) and not path and not starred:
            given = source.items if len(source.items) == len(target.items) else ()
        for index, item in enumerate(target.items):
            if given:
                yield from _unpacked(item, given[index], ())
            elif source is None or starred:
                yield from _unpacked(item, None, ())
            else:
                yield from _unpacked(item, source, (*path, index))
    else:
        yield target, source, path
