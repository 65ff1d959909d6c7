"""Expressions, and the places at which things stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from lint_rules.model.scope import Scope

Place: TypeAlias = int
"""The number of a thing, in the order of the reader's walk through its file."""


_PLAIN = re.compile(r"""(?P<quote>["'])(?P<text>[^"'\\\n\r]*)(?P=quote)""")
"""Most strings; to evaluate one takes Python twenty times as long."""

FILE = 1 << 32
"""How far apart the places of two files lie, so that a place says which file it is in."""


@dataclass(slots=True, eq=False)
class Expression:
    """Any expression. Kinds that no rule asks about are plain `Expression`s with parts."""

    place: Place

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions directly inside this one."""
        return ()

    @property
    def qualified(self) -> str | None:
        """The dotted name that this refers to (`pandas.DataFrame`), where imports tell it."""
        return None

    def walk(self) -> Iterator[Expression]:
        """This expression and all inside it, outermost first."""
        waiting: list[Expression] = [self]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += found.parts[::-1]


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """A constant as it is written: a number, a string, `True`, `None`, `...`."""

    source: str

    @property
    def value(self) -> object:
        """The constant's value; of a string that cannot be evaluated, its source."""
        plain = _PLAIN.fullmatch(self.source)
        if plain:
            return plain["text"]
        try:
            return ast.literal_eval(self.source)
        except (ValueError, SyntaxError):
            return self.source

    @property
    def text(self) -> str | None:
        """The value if it is a `str`."""
        value = self.value if self.source[-1] in "\"'" else None
        return value if isinstance(value, str) else None


@dataclass(slots=True, eq=False)
class Reference(Expression):
    """A name, or attributes of one: `x`, `self.papers`, `pd.DataFrame`."""

    name: str
    scope: Scope
    context: str
    """`load`, `store` or `del`."""

    @property
    def head(self) -> str:
        """The first name: `pd` of `pd.DataFrame`."""
        return self.name.partition(".")[0]

    @property
    def qualified(self) -> str | None:
        return self.scope.resolve(self.name)


@dataclass(slots=True, eq=False)
class Member(Expression):
    """An attribute of something other than a name: `f().x`."""

    of: Expression
    name: str

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.of,)


@dataclass(slots=True, eq=False)
class Argument:
    """An argument of a call; `star` is `""`, `"*"` or `"**"`."""

    place: Place
    name: str | None
    star: str
    value: Expression


@dataclass(slots=True, eq=False)
class Call(Expression):
    """A call."""

    function: Expression
    arguments: tuple[Argument, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.function, *(argument.value for argument in self.arguments))

    @property
    def positional(self) -> tuple[Expression, ...]:
        """The values of the arguments that are given by position, up to the first `*`."""
        values = []
        for argument in self.arguments:
            if argument.star == "*":
                break
            if argument.name is None and not argument.star:
                values.append(argument.value)
        return tuple(values)

    @property
    def has_unpacking(self) -> bool:
        """Whether `*args` or `**kwargs` may hide arguments."""
        return any(argument.star for argument in self.arguments)

    def argument(self, name: str, position: int | None = None) -> Expression | None:
        """The value given to the argument `name`, which may also stand at `position`."""
        named = self.named(name)
        if named is not None:
            return named.value
        positional = self.positional
        if position is not None and position < len(positional):
            return positional[position]
        return None

    def named(self, name: str) -> Argument | None:
        """The argument that is given by this name."""
        return next((argument for argument in self.arguments if argument.name == name), None)


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    """A lambda; `parameters` are its names."""

    parameters: tuple[str, ...]
    body: Expression
    defaults: tuple[Expression, ...] = ()

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body, *self.defaults)


@dataclass(slots=True, eq=False)
class Collection(Expression):
    """A display: `kind` is `list`, `tuple` or `set`."""

    kind: str
    items: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.items


@dataclass(slots=True, eq=False)
class Mapping(Expression):
    """A dict display; the key of `**other` is `None`."""

    items: tuple[tuple[Expression | None, Expression], ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(part for item in self.items for part in item if part is not None)


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    """A comprehension: `kind` is `list`, `set`, `dict` or `generator`."""

    kind: str
    elements: tuple[Expression, ...]
    clauses: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (*self.elements, *self.clauses)


@dataclass(slots=True, eq=False)
class Operation(Expression):
    """An operator with its operands: `not x`, `a + b`, `a and b`, `a < b`."""

    operator: str
    operands: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.operands


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body, self.test, self.orelse)


@dataclass(slots=True, eq=False)
class Template(Expression):
    """An f-string or a t-string: texts and expressions in turn."""

    pieces: tuple[str | Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(piece for piece in self.pieces if not isinstance(piece, str))


@dataclass(slots=True, eq=False)
class Subscript(Expression):
    """`of[index]`."""

    of: Expression
    index: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.of, *self.index)


@dataclass(slots=True, eq=False)
class Walrus(Expression):
    """`target := value`."""

    target: Expression
    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.target, self.value)


@dataclass(slots=True, eq=False)
class Starred(Expression):
    """`*value` in a display or a target."""

    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class Compound(Expression):
    """Another expression: `await`, `yield`, a slice, a pattern; `kind` is libcst's name."""

    kind: str
    inside: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.inside
