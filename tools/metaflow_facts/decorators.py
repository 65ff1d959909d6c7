"""Reads Metaflow's decorators: attributes, what is needed, what excludes what, what is refused."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from metaflow.decorators import Decorator
from metaflow.plugins import FLOW_DECORATORS, STEP_DECORATORS

from tools.metaflow_facts.attributes import CHARACTERS, PROBES, Attribute, words_of
from tools.metaflow_facts.pairs import Good, all_refused, read_pairs, read_unsupported
from tools.metaflow_facts.trials import Given, Refusal, Trials, fresh

_INTERNAL = "_internal"
"""Metaflow's names for what it adds by itself end so, and its own messages leave them out."""

_VALUES = [value for values in PROBES.values() for value in values]


def read_decorators(trials: Trials, thorough: bool) -> dict[str, Any]:
    """Return all decorators, as `{"decorators": {"step_decorators": {name: facts}, …}}`.

    If it is to be `thorough`, add `pairs`: those that exclude each other, for which each is tried
    with each.
    """
    backends = trials.backends()
    found: dict[str, Any] = {"characters": CHARACTERS}
    good: dict[str, Good] = {}
    for kind, classes in (("step", STEP_DECORATORS), ("flow", FLOW_DECORATORS)):
        readers = [_Reader(kind, cls, trials, backends) for cls in classes]
        found[f"{kind}_decorators"] = {reader.cls.name: reader.read() for reader in readers}
        good |= {r.cls.name: Good(kind, r.enough, r.given()) for r in readers if not r.internal}
    for name, (kind, enough, _) in good.items():
        if kind == "step" and (refused := dict(read_unsupported(name, enough, backends))):
            found["step_decorators"][name]["unsupported_on"] = refused
    return {"decorators": found} | ({"pairs": read_pairs(trials, good)} if thorough else {})


class CannotTry(Exception):
    """The stand-ins for what a decorator needs do not do for this version of Metaflow."""


class _Reader:
    """Reads one decorator. `kind` is "step" or "flow"."""

    def __init__(
        self, kind: str, cls: type[Decorator], trials: Trials, backends: Sequence[str]
    ) -> None:
        self.kind = kind
        self.cls = cls
        self.trials = trials
        self._bases: list[dict[str, Any]] = []
        self.good: dict[str, list[Any]] = {}
        self._bare: Refusal | None = None
        self._all_backends = backends
        self._backends = backends if kind == "step" and cls.name not in backends else []

    @property
    def internal(self) -> bool:
        """Whether Metaflow adds it by itself."""
        return self.cls.name.endswith(_INTERNAL)

    @property
    def enough(self) -> Given:
        """Attributes with which it may stand."""
        return self._bases[0] if self._bases else {}

    def read(self) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "attributes": {n: {"default": _plain(v)} for n, v in self.cls.defaults.items()},
            "allow_multiple": self.cls.allow_multiple,
        }
        if extends := next((c.name for c in self.cls.__mro__[1:] if _is_decorator(c)), None):
            facts["extends"] = extends
        if current := _added_to_current(self.cls):
            facts["current"] = current
        if self.internal:
            return facts | {"internal": True}
        facts |= self._needs(facts["attributes"])
        if self.cls.name in self._all_backends:
            facts["backend"] = True
        facts["unknown_attribute"] = self._unknown()
        for name, attribute in facts["attributes"].items():
            found = Attribute(functools.partial(self._try_one, name), words_of(self.cls))
            attribute |= found.facts
            self.good[name] = found.good
        if exclusive := list(self._exclusive()):
            facts["exclusive"] = exclusive
        facts |= self._of_schedulers()
        return facts

    def _try(self, given: Mapping[str, Any]) -> Refusal | None:
        """Try attributes; if they pass on a step, try them beside each backend, too."""
        this = self.cls.name, fresh(given)
        if self.kind == "flow":
            return self.trials.flow(this)
        refusal = self.trials.step(this)
        for name in self._backends:
            if refusal is None and given:
                refusal = self.trials.step((name, {}), this)
                refusal = refusal and refusal._replace(stage=name)
        return refusal

    def _unknown(self) -> dict[str, str] | None:
        """Return what it says to an attribute that it does not have."""
        refusal = self._try({"zzz": 1})
        if refusal is None:
            return None
        text = refusal.message.replace(", ".join(self.cls.defaults), "{attributes}")
        return refusal._replace(message=text.replace("zzz", "{attribute}"))._asdict()

    def _needs(self, attributes: Mapping[str, Any]) -> dict[str, Any]:
        """Find out whether it may stand without attributes, and with which one of them it may."""
        self._bare = self._try({})
        if self._bare is None:
            return {}
        enough = {}
        for name in attributes:
            for value in _VALUES:
                if self._try({name: value}) is None:
                    enough[name] = value
                    break
        if not enough or re.match(r"\w+Error: ", self._bare.message):
            raise CannotTry(f"@{self.cls.name} with {sorted(enough)}: {self._bare}")
        self._bases = [{name: value} for name, value in enough.items()]
        return {"needs": {"one_of": sorted(enough), **self._bare._asdict()}}

    def _try_with_base(self, given: Mapping[str, Any]) -> Refusal | None:
        """Try attributes, and where they are not enough, beside what makes them enough."""
        refusal = self._try(given)
        for base in self._bases:
            if refusal is not None and not base.keys() & given.keys():
                other = self._try({**base, **given})
                refusal = other if other is None or refusal == self._bare else refusal
        return refusal

    def _try_one(self, name: str, value: Any) -> Refusal | None:
        return self._try_with_base({name: value})

    def _exclusive(self) -> Iterator[dict[str, Any]]:
        """Yield the pairs of attributes of which only one may be given."""
        for one, other in itertools.combinations(sorted(self.good), 2):
            pairs = itertools.product(self.good[one], self.good[other])
            if refusal := all_refused(self._try_with_base({one: a, other: b}) for a, b in pairs):
                yield {"attributes": [one, other], **refusal._asdict()}

    def given(self) -> dict[str, list[Given]]:
        """Return, for each attribute, what the decorator may be given to have it not empty."""
        found: dict[str, list[Given]] = {}
        for name, values in self.good.items():
            for value in values:
                tries = [{name: value}, *({**base, name: value} for base in self._bases)]
                enough = next((given for given in tries if self._try(given) is None), None)
                found.setdefault(name, []).extend([enough] if enough else [])
        return found

    def _of_schedulers(self) -> dict[str, Any]:
        """Find out what it says to a positional argument, twice, and on the wrong thing."""
        base, name = self.enough, self.cls.name
        if self.kind == "step":
            positional = self.trials.step_positional(name, "work")
            wrong = self.trials.step_on_flow(name, base)
            twice = self.trials.step((name, base), (name, base))
        else:
            positional = self.trials.flow_positional(name, "work")
            wrong = self.trials.flow_on_step(name, base)
            twice = self.trials.flow((name, base), (name, base))
        return {
            "positional": _told(positional),
            "misplaced": _told(wrong),
            "twice": _told(twice),
        }


def _told(refusal: Refusal | None) -> dict[str, str] | None:
    return None if refusal is None else refusal._asdict()


def _is_decorator(cls: type) -> bool:
    return cls in STEP_DECORATORS or cls in FLOW_DECORATORS


def _added_to_current(cls: type[Decorator]) -> list[str]:
    """Return the properties of `current` that a decorator's documentation says it adds."""
    text = inspect.getdoc(cls) or ""
    _, _, section = text.partition("MF Add To Current")
    return sorted(re.findall(r"^(\w+) ->", section, re.MULTILINE))


def _plain(value: Any) -> Any:
    """Return a default as JSON has it."""
    return list(value) if isinstance(value, (tuple, set)) else value
