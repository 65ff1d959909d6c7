"""Tries decorators together, and on steps of each kind."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
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
        values: for each attribute, values that are taken.
    """

    kind: str
    enough: Given
    values: Mapping[str, Sequence[Any]]


_MOST_COMBINATIONS = 40
"""Decorators with more pairs of attributes than this are tried with one attribute only."""


def read_pairs(trials: Trials, good: Mapping[str, Good]) -> dict[str, Any]:
    """Return the pairs of decorators that exclude each other, as `{"one other": refusal}`.

    Some do only when certain attributes are given, not empty: `when` has those, by decorator.
    """
    found: dict[str, Any] = {}
    for one, other in itertools.combinations(sorted(good), 2):
        attempt = functools.partial(_together, trials, good, one, other)
        refusal = attempt({}, {})
        if refusal:
            found[f"{one} {other}"] = refusal._asdict()
        elif when := list(_conditions(attempt, (one, good[one].values), (other, good[other].values))):
            refusal = when[0][1]
            found[f"{one} {other}"] = refusal._asdict() | {"when": [names for names, _ in when]}
    return found


_Values = Mapping[str, Sequence[Any]]


def _conditions(
    attempt: Callable[[Given, Given], Refusal | None],
    one: tuple[str, _Values],
    other: tuple[str, _Values],
) -> Iterator[tuple[dict[str, str], Refusal]]:
    """Yield which attribute of one decorator, or which of both, make them exclude each other."""
    alone: set[tuple[str, str]] = set()
    for name, values, flipped in ((*one, False), (*other, True)):
        for attribute in sorted(values):
            given = [{attribute: value} for value in values[attribute][:3]]
            answers = [attempt({}, g) if flipped else attempt(g, {}) for g in given]
            if answers and all(answers):
                alone.add((name, attribute))
                yield {name: attribute}, answers[0]
    if len(one[1]) * len(other[1]) > _MOST_COMBINATIONS:
        return
    for first, second in itertools.product(sorted(one[1]), sorted(other[1])):
        if alone & {(one[0], first), (other[0], second)}:
            continue
        given = itertools.product(one[1][first][:3], other[1][second][:3])
        answers = [attempt({first: a}, {second: b}) for a, b in given]
        if answers and all(answers):
            yield {one[0]: first, other[0]: second}, answers[0]


def _together(
    trials: Trials,
    good: Mapping[str, Good],
    one: str,
    other: str,
    ones: Given,
    others: Given,
) -> Refusal | None:
    """Put two decorators together, in both orders, and return what comes of it if both are refused."""
    given = [(one, {**good[one].enough, **ones}), (other, {**good[other].enough, **others})]
    answers = [
        trials.both(
            [g for g in order if good[g[0]].kind == "step"],
            [g for g in order if good[g[0]].kind == "flow"],
        )
        for order in (given, given[::-1])
    ]
    return answers[0] if all(answers) else None


def read_unsupported(name: str, given: Given, backends: list[str]) -> Iterator[tuple[str, Any]]:
    """Yield the kinds of steps that a decorator is refused on, and what Metaflow says.

    A kind is written with the decorator that must be there, too, where one must: "parallel kubernetes".
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
