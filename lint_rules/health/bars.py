"""Bars that show at a glance what a table says in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element

from lint_rules.health.measured import Tally
from lint_rules.html.page import add
from lint_rules.settings.severity import Severity

KNOWN = "known"
"""The kind of what a baseline silences."""

_HEIGHT = 10


def bar(into: Element, parts: Iterable[tuple[str, int]], whole: int) -> None:
    """Adds a bar. Screen readers pass over it: the numbers are beside it.

    Args:
        into: what it is added to.
        parts: the kinds of its parts, each with its size.
        whole: the size of the longest bar beside it.
    """
    drawing = add(
        into,
        "svg",
        class_="bar",
        viewBox=f"0 0 100 {_HEIGHT}",
        preserveAspectRatio="none",
        aria_hidden="true",
    )
    start = 0.0
    for kind, size in parts:
        width = 100 * size / max(whole, 1)
        if size:
            place = {"x": f"{start:.3f}", "width": f"{width:.3f}", "height": str(_HEIGHT)}
            add(drawing, "rect", class_=kind, **place)
        start += width


def parts_of(tally: Tally) -> list[tuple[str, int]]:
    """The parts of a tally's bar: what is new, the worst first, and what is known."""
    listed = [(severity.value, tally.new[severity]) for severity in Severity]
    return [*listed, (KNOWN, tally.known)]
