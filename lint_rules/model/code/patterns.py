"""The patterns of `match`, named as in Python's `ast`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code.expressions import Constant, Expression, Name
from lint_rules.model.code.location import Node


@dataclass(slots=True, eq=False)
class Pattern(Node):
    """Any pattern."""

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        """The patterns directly inside this one."""
        return ()

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What the pattern itself compares with, without the patterns inside it."""
        return ()

    @property
    def target(self) -> Name | None:
        """The name that the pattern itself binds."""
        return None

    def walk(self) -> Iterator[Pattern]:
        """This pattern and all inside it, outermost first."""
        waiting: list[Pattern] = [self]
        while waiting:
            found = waiting.pop()
            yield found
            waiting += found.patterns[::-1]


@dataclass(slots=True, eq=False)
class MatchValue(Pattern):
    """`1`, `"text"`, `-1.5` or `Color.RED`, compared by `==`."""

    value: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class MatchSingleton(Pattern):
    """`None`, `True` or `False`, compared by `is`."""

    value: Constant

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class MatchSequence(Pattern):
    """`[a, b, *rest]`."""

    items: tuple[Pattern, ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return self.items


@dataclass(slots=True, eq=False)
class MatchMapping(Pattern):
    """`{"key": pattern, **rest}`."""

    items: tuple[tuple[Expression, Pattern], ...]
    rest: Name | None

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for _, pattern in self.items)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return tuple(key for key, _ in self.items)

    @property
    def target(self) -> Name | None:
        return self.rest


@dataclass(slots=True, eq=False)
class MatchClass(Pattern):
    """`Point(0, y=pattern)`; the name of a pattern that is given by position is `None`."""

    class_: Expression
    arguments: tuple[tuple[str | None, Pattern], ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return tuple(pattern for _, pattern in self.arguments)

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.class_,)


@dataclass(slots=True, eq=False)
class MatchStar(Pattern):
    """`*rest` in a sequence; `*_` has no name."""

    name: Name | None

    @property
    def target(self) -> Name | None:
        return self.name


@dataclass(slots=True, eq=False)
class MatchAs(Pattern):
    """`pattern as name`, `name`, or `_`, which has neither."""

    pattern: Pattern | None
    name: Name | None

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return () if self.pattern is None else (self.pattern,)

    @property
    def target(self) -> Name | None:
        return self.name


@dataclass(slots=True, eq=False)
class MatchOr(Pattern):
    """`a | b | c`."""

    alternatives: tuple[Pattern, ...]

    @property
    def patterns(self) -> tuple[Pattern, ...]:
        return self.alternatives
