"""What a task has at one point of its code: its artifacts, and what is known of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from lint_rules.analysis.data_flow.values import (
    NOTHING,
    UNKNOWN,
    Atom,
    Some,
    Value,
    inside,
    widened,
)
from lint_rules.analysis.data_flow.values import Items as _Items
from lint_rules.analysis.data_flow.values import Pairs as _Pairs
from lint_rules.model.code import Location


class Site(NamedTuple):
    """Where a step sets or changes an artifact.

    Attributes:
        step: the step's name.
        location: the place in the code.
        keeps: of a change in place, whether it leaves the items that were there.
    """

    step: str
    location: Location
    keeps: bool = False


class Loss(NamedTuple):
    """Why an artifact is not there: `join`, `del` or `catch`, and the step."""

    why: str
    step: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """What is known of one artifact.

    Attributes:
        present: whether it may be there.
        absent: whether it may not be there.
        value: what it can hold, if it is there.
        set_at: where it was set last.
        changed: where it was changed in place since.
        lost: why it may not be there.
        on_a_way: whether there is a whole way through the flow's graph that does not set it.
        is_class: whether the flow's class has it: a parameter or constant.
    """

    present: bool = False
    absent: bool = True
    value: Value = NOTHING
    set_at: frozenset[Site] = frozenset()
    changed: frozenset[Site] = frozenset()
    lost: frozenset[Loss] = frozenset()
    on_a_way: bool = False
    is_class: bool = False

    @property
    def is_set(self) -> bool:
        """Whether it must be there."""
        return self.present and not self.absent

    @property
    def is_missing(self) -> bool:
        """Whether it cannot be there."""
        return not self.present

    @property
    def lacks_a_way(self) -> bool:
        """Whether a whole way through the graph leaves it unset."""
        return self.is_missing or self.on_a_way


NEVER = Fact()
MAYBE = Fact(present=True, absent=True, value=UNKNOWN)
"""Of what nothing is known."""


def joined(first: Fact, second: Fact, is_graph: bool) -> Fact:
    """What holds after either of two ways; of two ways in the graph one may lack it for sure."""
    if first is second or first == second:
        return first
    lacks = (first.lacks_a_way, second.lacks_a_way)
    return Fact(
        first.present or second.present,
        first.absent or second.absent,
        first.value | second.value,
        first.set_at | second.set_at,
        first.changed | second.changed,
        first.lost | second.lost,
        (any(lacks) if is_graph else all(lacks)) and (first.present or second.present),
        first.is_class and second.is_class,
    )


@dataclass(slots=True)
class State:
    """The artifacts at one point.

    Attributes:
        facts: what is known of each.
        rest: what is known of all others.
        is_escaped: whether other code holds the flow and may set anything at any time.
        pins: by foreaches, the index of the task that is looked at, if it is a certain one.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    rest: Fact = NEVER
    is_escaped: bool = False
    pins: dict[str, int] = field(default_factory=dict)

    def copy(self) -> State:
        """A state of its own with the same facts."""
        return State(dict(self.facts), self.rest, self.is_escaped, self.pins)

    def get(self, name: str) -> Fact:
        """What is known of an artifact."""
        return self.facts.get(name, self.rest)

    def set(self, name: str, value: Value, site: Site | None) -> None:
        """Notes that an artifact is set."""
        if self.is_escaped:
            value = UNKNOWN
        sites = frozenset((site,)) if site else frozenset()
        self.facts[name] = Fact(True, False, value, sites)

    def delete(self, name: str, loss: Loss) -> None:
        """Notes that an artifact is deleted."""
        self.facts[name] = MAYBE if self.is_escaped else Fact(lost=frozenset((loss,)))

    def may_set(self, name: str) -> None:
        """Notes that an artifact may have been set, to anything."""
        fact = self.get(name)
        self.facts[name] = replace(fact, present=True, value=UNKNOWN, on_a_way=False)

    def change(self, name: str, value: Value, site: Site) -> None:
        """Notes that an artifact is changed in place."""
        fact = self.get(name)
        new = UNKNOWN if self.is_escaped else value
        self.facts[name] = replace(fact, value=new, changed=fact.changed | {site})

    def forget(self) -> None:
        """Notes that other code may have set anything."""
        for name, fact in self.facts.items():
            if not fact.is_class:
                self.facts[name] = Fact(True, fact.absent, UNKNOWN, fact.set_at, lost=fact.lost)
        self.rest = MAYBE

    def escape(self) -> None:
        """Notes that other code keeps the flow and may set anything from now on."""
        self.forget()
        self.is_escaped = True

    def join(self, other: State, is_graph: bool = False) -> State:
        """What holds after either of two ways."""
        if self is other:
            return self
        facts = dict(self.facts)
        for name, fact in other.facts.items():
            own = facts.get(name, self.rest)
            if own is not fact:
                facts[name] = joined(own, fact, is_graph)
        for name in self.facts.keys() - other.facts.keys():
            facts[name] = joined(self.facts[name], other.rest, is_graph)
        rest = joined(self.rest, other.rest, is_graph)
        return State(facts, rest, self.is_escaped or other.is_escaped, self.pins)

    def widen(self, before: State) -> State:
        """The same, with only the kinds of values that differ from those before: so it ends."""
        for name, fact in self.facts.items():
            old = before.get(name)
            if fact.value != old.value:
                self.facts[name] = replace(fact, value=widened(fact.value))
        return self

    def map_values(self, change: Callable[[Value], Value]) -> None:
        """Replaces the value of each artifact."""
        for name, fact in self.facts.items():
            new = change(fact.value)
            if new is not fact.value:
                self.facts[name] = replace(fact, value=new)


@dataclass(slots=True)
class Point:
    """A point in a function: its local names, and the task's state."""

    names: dict[str, Value]
    state: State

    def copy(self) -> Point:
        """A point of its own that holds the same."""
        return Point(dict(self.names), self.state.copy())

    def join(self, other: Point) -> Point:
        """What holds after either of two ways."""
        names = dict(self.names)
        for name, value in other.names.items():
            own = names.get(name, NOTHING)
            if own is not value:
                names[name] = own | value
        return Point(names, self.state.join(other.state))

    def widen(self, before: Point) -> Point:
        """The same, with only the kinds of values that differ from those before."""
        for name, value in self.names.items():
            if value != before.names.get(name):
                self.names[name] = widened(value)
        self.state.widen(before.state)
        return self

    def replace_alias(self, old: Value, new: Value) -> None:
        """Notes that a container was changed: what can be the same object may be, too."""
        atoms = frozenset(atom for atom in old.atoms if is_mutable(atom))
        if not atoms:
            return

        def change(value: Value) -> Value:
            if not value.atoms.isdisjoint(atoms):
                return value | new
            return value if inside(value).isdisjoint(atoms) else widened(value)

        for name, value in self.names.items():
            self.names[name] = change(value)
        self.state.map_values(change)


def joined_points(points: Iterable[Point | None]) -> Point | None:
    """What holds after any of several ways, `None` if there is none."""
    found: Point | None = None
    for point in points:
        if point is not None:
            found = point if found is None else found.join(point)
    return found


def is_mutable(atom: Atom) -> bool:
    """Whether something known of a value may change with it."""
    if isinstance(atom, Some):
        return atom.length is not None
    return isinstance(atom, _Items | _Pairs)
