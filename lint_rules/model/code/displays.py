"""Displays and comprehensions: lists, tuples, sets and dicts, written out or made from others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lint_rules.model.code.expressions import Expression
from lint_rules.model.code.location import Node


@dataclass(slots=True, eq=False)
class Collection(Expression):
    """A display of items: `kind` is `list`, `tuple` or `set`."""

    kind: Literal["list", "tuple", "set"]
    items: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.items


@dataclass(slots=True, eq=False)
class Dict(Expression):
    """A dict display; the key of `**other` is `None`."""

    items: tuple[tuple[Expression | None, Expression], ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(part for item in self.items for part in item if part is not None)


@dataclass(slots=True, eq=False)
class Generator(Node):
    """A clause of a comprehension: `for target in iterable if condition if condition`.

    Its range begins at the target.
    """

    target: Expression
    iterable: Expression
    conditions: tuple[Expression, ...]
    is_async: bool


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    """A comprehension: `kind` is `list`, `set`, `dict` or `generator`.

    `elements` is what it makes of each item: of a dict's, a key and a value.
    """

    kind: Literal["list", "set", "dict", "generator"]
    elements: tuple[Expression, ...]
    generators: tuple[Generator, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        clauses = ((g.target, g.iterable, *g.conditions) for g in self.generators)
        return (*self.elements, *(part for clause in clauses for part in clause))
