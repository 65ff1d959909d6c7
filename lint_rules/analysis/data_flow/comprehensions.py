"""Follows comprehensions: what they read of each item, and what they make."""

from __future__ import annotations

from lint_rules.analysis.data_flow.expressions import Expressions
from lint_rules.analysis.data_flow.folding import elements, truth
from lint_rules.analysis.data_flow.narrowing import narrowed
from lint_rules.analysis.data_flow.state import Point
from lint_rules.analysis.data_flow.values import (
    PART,
    UNKNOWN,
    Items,
    Kind,
    Literal,
    Special,
    Value,
    items,
    length,
    one,
    pairs,
    some,
)
from lint_rules.model.code import Comprehension, Generator

_KINDS = {"list": Kind.LIST, "set": Kind.SET, "dict": Kind.DICT}
_MOST_ROUNDS = 16


class Comprehensions(Expressions):
    """Follows comprehensions, and all expressions."""

    def comprehension(self, comprehension: Comprehension, point: Point) -> Value:
        """Follows a comprehension; returns what it makes."""
        frame = self.task.frame
        outside = frame.conditions
        inner = point.copy()
        made = self._one_by_one(comprehension, inner, point)
        if made is None:
            overs = [self._enter(clause, inner) for clause in comprehension.generators]
            for element in comprehension.elements:
                self.evaluate(element, inner)
            made = _kind_of(comprehension, overs)
        frame.conditions = outside
        names = {name: inner.names[name] for name in point.names if name in inner.names}
        self.take_over(Point(names, inner.state), point)
        return made

    def _enter(self, clause: Generator, inner: Point) -> Value:
        """Follows `for target in iterable if condition`; returns what it goes over."""
        frame = self.task.frame
        over = self.evaluate(clause.iterable, inner)
        mode = self.inputs_of(over)
        item = elements(over) if mode is None else one(Special("input", mode))
        self.assign(clause.target, item, inner)
        atom = over.single
        if mode is None and (atom is None or not length(atom)):
            frame.conditions += 1
        for condition in clause.conditions:
            self.evaluate(condition, inner)
            frame.conditions += 1
            narrowed(inner, condition, True)
            if mode is not None:
                self.assign(clause.target, one(Special("input", PART)), inner)
        return over

    def _one_by_one(self, comprehension: Comprehension, inner: Point, point: Point) -> Value | None:
        """Follows a comprehension for each of a few known items; `None` if it has others."""
        clause, *others = comprehension.generators
        if others or comprehension.kind == "generator":
            return None
        over = self.evaluate(clause.iterable, inner)
        atom = over.single
        if not isinstance(atom, Items) or len(atom.items) > _MOST_ROUNDS or not atom.items:
            return None
        found: list[tuple[Value, ...]] = []
        is_whole = True
        for item in atom.items:
            self.assign(clause.target, item, inner)
            taken: bool | None = True
            for condition in clause.conditions:
                asked = truth(self.evaluate(condition, inner))
                taken = asked if taken is True else taken
                self.task.frame.conditions += asked is not True
            is_whole = is_whole and taken is not None
            if taken is not False:
                elements_of = comprehension.elements
                found.append(tuple(self.evaluate(element, inner) for element in elements_of))
        kind = _KINDS[comprehension.kind]
        if not is_whole:
            return some(kind).depending_on(over)
        if kind is Kind.DICT:
            keys = [(value[0].single, value[-1]) for value in found]
            if all(isinstance(key, Literal) for key, _ in keys):
                return pairs((k, v) for k, v in keys if isinstance(k, Literal)).depending_on(over)
            return some(kind).depending_on(over)
        if kind is Kind.SET:
            return some(kind).depending_on(over)
        return items(kind, (value[0] for value in found)).depending_on(over)


def _kind_of(comprehension: Comprehension, overs: list[Value]) -> Value:
    """What a comprehension makes of items that are not known."""
    if any(over.special("inputs") for over in overs):
        # It may hold the inputs themselves, in part.
        holder = one(Special("inputs", PART))
        kind = _KINDS.get(comprehension.kind)
        return holder if kind is Kind.LIST and _is_plain(comprehension) else UNKNOWN
    if comprehension.kind == "generator":
        return some(Kind.UNPICKLABLE, "a generator")
    size = None
    if len(overs) == 1 and not comprehension.generators[0].conditions:
        atom = overs[0].single
        size = length(atom) if atom is not None else None
    kind = _KINDS[comprehension.kind]
    return some(kind, length=size if kind is Kind.LIST else None).depending_on(*overs)


def _is_plain(comprehension: Comprehension) -> bool:
    """Whether it makes a list of the items themselves: `[i for i in inputs if …]`."""
    (element, *_), clause = comprehension.elements, comprehension.generators[0]
    return getattr(element, "name", None) == getattr(clause.target, "name", "")
