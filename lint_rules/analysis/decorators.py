"""Metaflow's decorators where they stand, with what they are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from lint_rules.analysis.literal_values import literal_value
from lint_rules.metaflow import Decorator as Known
from lint_rules.metaflow import Facts
from lint_rules.model.code import Argument, Decorator, Definition, Expression, Location
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name


@dataclass(frozen=True, eq=False)
class Applied:
    """A decorator of Metaflow's on a function or class. `location` is that of the decorator.

    Attributes:
        decorator: the decorator as it is written.
        known: what is known about it.
        module: the file that it stands in.
    """

    decorator: Decorator
    known: Known
    module: Module

    @property
    def location(self) -> Location:
        """Where it stands."""
        return self.decorator.location

    @property
    def name(self) -> str:
        """Its name in Metaflow, without the `@`."""
        return self.known.name

    @property
    def positional(self) -> tuple[Expression, ...]:
        """The arguments without a name, but those behind a `*`."""
        return self.decorator.call.positional if self.decorator.call else ()

    @property
    def has_unpacking(self) -> bool:
        """Whether `*` or `**` may hide arguments."""
        return self.decorator.call is not None and self.decorator.call.has_unpacking

    @cached_property
    def arguments(self) -> Mapping[str, Argument]:
        """The arguments with a name."""
        given = self.decorator.call.arguments if self.decorator.call else ()
        return {argument.name: argument for argument in given if argument.name is not None}

    @cached_property
    def values(self) -> Mapping[str, object]:
        """What the arguments with a name are given, as `literal_value` reads it."""
        return {
            name: literal_value(argument.value, self.module)
            for name, argument in self.arguments.items()
        }


def applied(definition: Definition, module: Module, metaflow: Facts) -> list[Applied]:
    """Metaflow's decorators on a function or class, those of steps and of flows, in order."""
    found = []
    for decorator in definition.decorators:
        owner, _, name = (decorator.qualified or "").rpartition(".")
        known = metaflow.decorator(name) if owner == "metaflow" else None
        if known is not None and not known.internal:
            found.append(Applied(decorator, known, module))
    return found


def has_others(definition: Definition) -> bool:
    """Whether a function or class has decorators that are not Metaflow's: mutators may change what
    the others are given, or take them away."""
    return any(metaflow_name(decorator.qualified) is None for decorator in definition.decorators)


@remembered
def is_changed(flow: Flow) -> bool:
    """Whether mutators may change the decorators of a flow, its own, a base's or a subclass's."""
    return _has_mutators(flow) or any(_has_mutators(subclass) for subclass in flow.subclasses)


@remembered
def _has_mutators(flow: Flow) -> bool:
    return any(has_others(owner.definition) for owner in flow.lineage)


def places_of(flow: Flow) -> Iterator[Definition]:
    """The class of a flow and its methods: what decorators of Metaflow's may stand on."""
    yield flow.definition
    yield from flow.definition.functions
