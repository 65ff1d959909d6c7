"""Tries decorators together, and on steps of each kind."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tools.metaflow_facts.trials import STEP, Given, Refusal, Trials

_HEAD = """
from metaflow import FlowSpec, parallel, step

class Tried(FlowSpec):
    @step
    def end(self):
        pass
"""

_BODIES = {
    "linear": f"""
    @step
    def start(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self):
        self.next(self.end)
""",
    "start": f"""
    @step
    def start(self):
        self.next(self.end)

    {STEP} = start
""",
    "split": f"""
    @step
    def start(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self):
        self.next(self.one, self.other)

    @step
    def one(self):
        self.next(self.both)

    @step
    def other(self):
        self.next(self.both)

    @step
    def both(self, inputs):
        self.next(self.end)
""",
    "foreach": f"""
    @step
    def start(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self):
        self.items = [1]
        self.next(self.one, foreach="items")

    @step
    def one(self):
        self.next(self.all)

    @step
    def all(self, inputs):
        self.next(self.end)
""",
    "inside a foreach": f"""
    @step
    def start(self):
        self.items = [1]
        self.next(self.{STEP}, foreach="items")

    @step
    def {STEP}(self):
        self.next(self.all)

    @step
    def all(self, inputs):
        self.next(self.end)
""",
    "join": f"""
    @step
    def start(self):
        self.items = [1]
        self.next(self.one, foreach="items")

    @step
    def one(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self, inputs):
        self.next(self.end)
""",
    "switch": f"""
    @step
    def start(self):
        self.next(self.{STEP})

    @step
    def {STEP}(self):
        self.case = "a"
        self.next({{"a": self.one, "b": self.end}}, condition="case")

    @step
    def one(self):
        self.next(self.end)
""",
    "parallel": f"""
    @step
    def start(self):
        self.next(self.{STEP}, num_parallel=2)

    @parallel
    @step
    def {STEP}(self):
        self.next(self.all)

    @step
    def all(self, inputs):
        self.next(self.end)
""",
}


class Good(NamedTuple):
    """What a decorator takes.

    Attributes:
        kind: "step" or "flow".
        enough: attributes with which it may stand.
        given: for each attribute, what it may be given: that one, not empty, and what it needs.
    """

    kind: str
    enough: Given
    given: Mapping[str, Sequence[Given]]


def read_pairs(trials: Trials, good: Mapping[str, Good]) -> dict[str, Any]:
    """Return the pairs of decorators that exclude each other, as `{"one other": refusal}`.

    Some do only when certain attributes are given, not empty: `when` has those, by decorator.
    """
    found: dict[str, Any] = {}
    for one, other in itertools.combinations(sorted(good), 2):
        attempt = functools.partial(_together, trials, (one, good[one]), (other, good[other]))
        refusal = attempt(good[one].enough, good[other].enough)
        if refusal:
            found[f"{one} {other}"] = refusal._asdict()
        elif when := list(_conditions(attempt, (one, good[one]), (other, good[other]))):
            refusal = when[0][1]
            found[f"{one} {other}"] = refusal._asdict() | {
                "when": [names for names, _ in when],
                "unless": list(
                    _lifting(attempt, (one, good[one]), (other, good[other]), when[0][0])
                ),
            }
    return found


_Attempt = Callable[[Given, Given], "Refusal | None"]


def _conditions(
    attempt: _Attempt, one: tuple[str, Good], other: tuple[str, Good]
) -> Iterator[tuple[dict[str, str], Refusal]]:
    """Yield which attribute of one decorator, or which of both, make them exclude each other."""
    alone: set[tuple[str, str]] = set()
    ones, others = one[1].given, other[1].given
    for name in sorted(ones):
        if refusal := all_refused(attempt(given, other[1].enough) for given in ones[name]):
            alone.add((one[0], name))
            yield {one[0]: name}, refusal
    for name in sorted(others):
        if refusal := all_refused(attempt(one[1].enough, given) for given in others[name]):
            alone.add((other[0], name))
            yield {other[0]: name}, refusal
    for first, second in itertools.product(sorted(ones), sorted(others)):
        if not alone & {(one[0], first), (other[0], second)}:
            pairs = itertools.product(ones[first], others[second])
            if refusal := all_refused(attempt(a, b) for a, b in pairs):
                yield {one[0]: first, other[0]: second}, refusal


def _lifting(
    attempt: _Attempt, one: tuple[str, Good], other: tuple[str, Good], when: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Yield the attributes that may make two decorators fit after all, as `disabled=True` does."""
    given = {
        name: good.given[when[name]][0] if name in when else good.enough
        for name, good in (one, other)
    }
    for name, good in (one, other):
        for attribute, values in sorted(good.given.items()):
            tries = [given | {name: {**given[name], **value}} for value in values]
            if attribute != when.get(name) and not all(attempt(*t.values()) for t in tries):
                yield {name: attribute}


def all_refused(answers: Iterable[Refusal | None]) -> Refusal | None:
    """Return the first of some refusals, or `None` if there is none or if something is taken."""
    first = None
    for answer in answers:
        if answer is None:
            return None
        first = first or answer
    return first


def _together(
    trials: Trials, one: tuple[str, Good], other: tuple[str, Good], ones: Given, others: Given
) -> Refusal | None:
    """Put two decorators together; return what comes of it if they are refused in both orders."""
    given = [(*one, ones), (*other, others)]
    return all_refused(
        trials.both(
            [(name, attributes) for name, good, attributes in order if good.kind == "step"],
            [(name, attributes) for name, good, attributes in order if good.kind == "flow"],
        )
        for order in (given, given[::-1])
    )


def read_unsupported(name: str, given: Given, backends: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the kinds of steps that a decorator is refused on, and what Metaflow says.

    A kind comes with the decorator that must be there, too, if one must: "parallel kubernetes".
    """
    for kind, trials in _kinds().items():
        if kind == "parallel" and name == "parallel":
            continue
        refusal = trials.step((name, given))
        if refusal:
            yield kind, refusal._asdict()
        for backend in backends:
            if refusal is None and name not in backends:
                beside = trials.step((backend, {}))
                refusal = trials.step((backend, {}), (name, given))
                if refusal and beside is None:
                    yield f"{kind} {backend}", refusal._asdict()
                refusal = None


_KINDS: dict[str, Trials] = {}


def _kinds() -> dict[str, Trials]:
    """Return a flow for each kind of step that this Metaflow knows."""
    if not _KINDS:
        for kind, body in _BODIES.items():
            trials = Trials(_HEAD + body)
            if trials.passes_check():
                _KINDS[kind] = trials
    return _KINDS
