"""Compares findings with labels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.corpus.labels.data import Labels

SLACK = 2
"""How many lines a finding may be away from its label.

A rule may report a class at its decorator, or a statement at the line of its name.
"""


@dataclass
class Score:
    """How findings and labels agree.

    Attributes:
        true: findings with a label.
        missed: labels without a finding.
        false: findings without a label.
    """

    true: int = 0
    missed: int = 0
    false: int = 0

    @property
    def labels(self) -> int:
        """How many places are labelled as wrong."""
        return self.true + self.missed

    @property
    def precision(self) -> float | None:
        """The part of the findings that are right, or None if there are none."""
        found = self.true + self.false
        return self.true / found if found else None

    @property
    def recall(self) -> float | None:
        """The part of the labels that are found, or None if there are none."""
        return self.true / self.labels if self.labels else None

    def __add__(self, other: Score) -> Score:
        return Score(self.true + other.true, self.missed + other.missed, self.false + other.false)


@dataclass
class Compared:
    """What agrees and what does not, by line, for one rule in one file."""

    true: set[int]
    missed: set[int]
    false: set[int]

    @property
    def score(self) -> Score:
        """The same, counted."""
        return Score(len(self.true), len(self.missed), len(self.false))


def compare(found: Iterable[int], labels: Labels) -> Compared:
    """Pairs findings with labels, the nearest first.

    Several findings on one line count once. A finding that belongs to an ambiguous label does
    not count.
    """
    findings, wrong, ambiguous = set(found), set(labels.wrong), set(labels.ambiguous)
    true: set[int] = set()
    for _, _, line, label in sorted(_pairs(findings, wrong, ambiguous)):
        places = wrong if label in wrong else ambiguous
        if line in findings and label in places:
            findings.remove(line)
            places.remove(label)
            if places is wrong:
                true.add(line)
    return Compared(true, missed=wrong, false=findings)


def _pairs(
    findings: set[int], wrong: set[int], ambiguous: set[int]
) -> Iterator[tuple[int, bool, int, int]]:
    """Findings with the labels that they may belong to: distance, ambiguity, finding, label."""
    for line in findings:
        for label in wrong | ambiguous:
            if abs(line - label) <= SLACK:
                yield abs(line - label), label not in wrong, line, label


def table(scores: dict[str, Score]) -> Iterator[str]:
    """The lines of a Markdown table, a row for each rule and one for all."""
    yield "| rule | labels | true | missed | false | precision | recall |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for rule, score in [*sorted(scores.items()), ("all", sum(scores.values(), Score()))]:
        counts = (score.labels, score.true, score.missed, score.false)
        ratios = (_ratio(score.precision), _ratio(score.recall))
        yield f"| {' | '.join(map(str, (rule, *counts, *ratios)))} |"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
