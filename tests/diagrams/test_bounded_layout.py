"""Large drawings are laid out by another process, or refused."""

import random

import pytest

from lint_rules.diagrams import bounded_layout, layout
from lint_rules.diagrams.bounded_layout import TooLarge, place
from lint_rules.diagrams.layout import Box, Line


def boxes(count, group=None):
    return [Box(f"b{number}", 120, 40, group) for number in range(count)]


def chain(count):
    return [Line(f"b{number}", f"b{number + 1}", 40, 12) for number in range(count - 1)]


@pytest.mark.process
@pytest.mark.parametrize("group", [None, 0])
def test_a_large_drawing_looks_as_it_did(group):
    many = bounded_layout.FEW_LINES + 2
    given = boxes(many, group), chain(many)
    assert place(*given, across=True) == layout.place(*given, across=True)


def test_a_small_one_starts_no_process(monkeypatch):
    monkeypatch.setattr(bounded_layout.subprocess, "run", None)
    assert place(boxes(5), chain(5), across=False).boxes.keys() == {f"b{i}" for i in range(5)}


def test_too_many_boxes_are_refused(monkeypatch):
    monkeypatch.setattr(bounded_layout, "MOST_BOXES", 500)
    with pytest.raises(TooLarge, match="501 boxes and 0 lines, and at most 500 and 10000"):
        place(boxes(501), [], across=True)


@pytest.mark.process
def test_a_layout_that_does_not_end_is_given_up(monkeypatch):
    monkeypatch.setattr(bounded_layout, "MOST_SECONDS", 2)
    ends = random.Random(1)
    lines = [
        Line(*(f"b{number}" for number in sorted(ends.sample(range(300), 2))), 40, 12)
        for _ in range(3000)
    ]
    with pytest.raises(TooLarge, match="does not finish within 2 seconds"):
        place(boxes(300), lines, across=True)


@pytest.mark.process
def test_a_layout_without_memory_is_given_up(monkeypatch):
    monkeypatch.setattr(bounded_layout, "_CHILD", "import sys; sys.exit(3)")
    with pytest.raises(TooLarge, match="Graphviz fails"):
        place(boxes(300), [], across=True)
