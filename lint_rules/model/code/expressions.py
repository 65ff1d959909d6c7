"""Expressions. Classes are named as in Python's `ast`, where it has them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lint_rules.model.code.location import Node
from lint_rules.model.scope import Scope

ParameterKind: TypeAlias = Literal[
    "positional-only",
    "positional or keyword",
    "variadic positional",
    "keyword-only",
    "variadic keyword",
]
"""How a parameter takes its argument, as `inspect` describes it."""
Context: TypeAlias = Literal["load", "store", "del"]
"""Whether a name is read, assigned or deleted."""


@dataclass(slots=True, eq=False)
class Expression(Node):
    """Any expression."""

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions directly inside this one."""
        return ()

    @property
    def qualified(self) -> str | None:
        """The dotted name that this refers to (`pandas.DataFrame`), if imports tell it."""
        return None

    def walk(self) -> Iterator[Expression]:
        """This expression and all inside it, outermost first."""
        waiting: list[Expression] = [self]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += found.parts[::-1]


LONGEST_NUMBER = 1_000
"""How many bits of an integer are kept. Python makes no float of a longer one, often no text."""


@dataclass(slots=True, eq=False)
class Constant(Expression):
    """A number, a string, bytes, `True`, `False`, `None` or `...`, with its value.

    A number with more than `LONGEST_NUMBER` bits is only an `Expression`.
    """

    value: object

    @property
    def text(self) -> str | None:
        """The value if it is a `str`."""
        return self.value if isinstance(self.value, str) else None


@dataclass(slots=True, eq=False)
class Name(Expression):
    """A name, or attributes of one: `x`, `self.papers`, `pd.DataFrame`."""

    name: str
    scope: Scope
    context: Context

    @property
    def head(self) -> str:
        """The first name: `pd` of `pd.DataFrame`."""
        return self.name.partition(".")[0]

    @property
    def qualified(self) -> str | None:
        return self.scope.resolve(self.name)

    def without_last(self) -> Name:
        """The name that the last attribute is one of: `frame` of `frame.loc`."""
        owner, _, last = self.name.rpartition(".")
        return Name(self.file, self.start, self.end - len(last) - 1, owner, self.scope, "load")


@dataclass(slots=True, eq=False)
class Attribute(Expression):
    """An attribute of something other than a name: `f().x`."""

    value: Expression
    name: str

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class Argument(Node):
    """An argument of a call; `star` is `""`, `"*"` or `"**"`.

    Its range includes the name, the star and parentheses around the value.
    """

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
class FunctionParameter(Node):
    """A parameter of a function or lambda, in the order of the text. Its range is its name's."""

    name: str
    kind: ParameterKind
    annotation: Expression | None
    default: Expression | None


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    """A lambda."""

    parameters: tuple[FunctionParameter, ...]
    body: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        defaults = (parameter.default for parameter in self.parameters)
        return (self.body, *(default for default in defaults if default is not None))


@dataclass(slots=True, eq=False)
class Subscript(Expression):
    """`value[index]`; `value[a, b]` has two items of `index`."""

    value: Expression
    index: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value, *self.index)


@dataclass(slots=True, eq=False)
class Slice(Expression):
    """`lower:upper:step` in the index of a subscript."""

    lower: Expression | None
    upper: Expression | None
    step: Expression | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        bounds = (self.lower, self.upper, self.step)
        return tuple(bound for bound in bounds if bound is not None)


@dataclass(slots=True, eq=False)
class NamedExpr(Expression):
    """`target := value`."""

    target: Expression
    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.target, self.value)


@dataclass(slots=True, eq=False)
class Starred(Expression):
    """`*value` in a display, a target or the bases of a class."""

    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class Await(Expression):
    """`await value`."""

    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class Yield(Expression):
    """`yield value`, or `yield` alone."""

    value: Expression | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        return () if self.value is None else (self.value,)


@dataclass(slots=True, eq=False)
class YieldFrom(Expression):
    """`yield from value`."""

    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)
