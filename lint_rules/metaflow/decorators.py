"""A decorator of Metaflow's: what it is given, and what Metaflow says to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from lint_rules.metaflow.values import Attribute, Refusal, refusal_from


class Needs(NamedTuple):
    """At least one of some attributes must be given.

    Attributes:
        one_of: the attributes, one of which is enough.
        refusal: what Metaflow says without any.
    """

    one_of: frozenset[str]
    refusal: Refusal


class Decorator:
    """A decorator, as one version of Metaflow has it.

    Attributes:
        name: as it is imported from `metaflow`.
        kind: "step" or "flow".

    Its data come from `load` when they are asked for; `asked` are the characters that were tried.
    """

    def __init__(self, name: str, kind: str, load: Callable[[], Any], asked: str) -> None:
        self.name = name
        self.kind = kind
        self._load = load
        self._asked = asked

    @cached_property
    def _data(self) -> Mapping[str, Any]:
        data: Mapping[str, Any] = self._load()
        return data

    @cached_property
    def attributes(self) -> Mapping[str, Attribute]:
        """What may be given, by name."""
        data = self._data["attributes"]
        return {name: Attribute(name, value, self._asked) for name, value in data.items()}

    @property
    def allow_multiple(self) -> bool:
        """Whether it may stand more than once on one step or flow."""
        return bool(self._data["allow_multiple"])

    @property
    def internal(self) -> bool:
        """Whether Metaflow adds it by itself, and people should not."""
        return bool(self._data.get("internal", False))

    @property
    def backend(self) -> bool:
        """Whether it runs the step elsewhere: `batch`, `kubernetes`."""
        return bool(self._data.get("backend", False))

    @property
    def extends(self) -> str | None:
        """The decorator that it is a special case of: `pytorch_parallel` is one of `parallel`."""
        extends: str | None = self._data.get("extends")
        return extends

    @property
    def current(self) -> frozenset[str]:
        """The properties of `current` that it adds."""
        return frozenset(self._data.get("current", ()))

    @property
    def unsupported_on(self) -> Mapping[str, Refusal]:
        """The kinds of steps that it may not stand on: "foreach", "switch", "split", "join", …"""
        data = self._data.get("unsupported_on", {})
        return {kind: refusal_from(refusal) for kind, refusal in data.items()}

    @property
    def needs(self) -> Needs | None:
        """What must be given at least."""
        data = self._data.get("needs")
        return Needs(frozenset(data["one_of"]), refusal_from(data)) if data else None

    @property
    def positional(self) -> Refusal | None:
        """What Metaflow says to an argument without a name."""
        return self._refusal("positional")

    @property
    def misplaced(self) -> Refusal | None:
        """What Metaflow says to a step's decorator on a flow, and to a flow's on a step."""
        return self._refusal("misplaced")

    @property
    def twice(self) -> Refusal | None:
        """What Metaflow says to it when it stands twice in one place."""
        return self._refusal("twice")

    @property
    def unknown_attribute(self) -> Refusal | None:
        """What Metaflow says to an attribute that it does not have: `{attribute}`."""
        return self._refusal("unknown_attribute")

    def _refusal(self, name: str) -> Refusal | None:
        data = self._data.get(name)
        return refusal_from(data) if data else None

    def excludes(self, one: str, other: str) -> Refusal | None:
        """Return what Metaflow says if two attributes are given and not empty, or `None`."""
        for pair in self._data.get("exclusive", ()):
            if {one, other} == set(pair["attributes"]):
                return refusal_from(pair)
        return None

    def problems(self, given: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], Refusal]]:
        """Yield what Metaflow refuses of the attributes given, with the names of those it is about.

        Missing attributes come with no name. `given` has all that is given, with values as
        `Attribute.problem` takes them.
        """
        known = [name for name in given if name in self.attributes]
        if self.unknown_attribute:
            yield from (((n,), self.unknown_attribute) for n in given if n not in known)
        needs = self.needs
        if needs and not needs.one_of & given.keys():
            yield (), needs.refusal
        for index, name in enumerate(known):
            if problem := self.attributes[name].problem(given[name]):
                yield (name,), problem
            for other in known[:index]:
                if (given[name] and given[other]) and (refusal := self.excludes(name, other)):
                    yield (other, name), refusal
