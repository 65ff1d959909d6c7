"""The chart of how a baseline grew or shrank."""

from __future__ import annotations

import time
from collections.abc import Sequence
from xml.etree.ElementTree import Element

from lint_rules.health.measured import BaselineSize
from lint_rules.html.page import add
from lint_rules.reports.style import printable

_WIDTH, _HEIGHT = 1120, 250
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 36, 28, 50
_INSET = 36
"""Between the axis, with its numbers, and the first point, with its own."""
_LONGEST = 11
"""Characters of a tag's name below the chart; the table has all of it."""


def chart(into: Element, points: Sequence[BaselineSize], title: str) -> None:
    """Adds a chart of at least two points, with the same numbers as a table below it."""
    most = _rounded(max(point.count for point in points))
    frame = add(into, "div", class_="wide", role="region", tabindex="0", aria_label="the chart")
    drawing = add(
        frame,
        "svg",
        class_="chart",
        viewBox=f"0 0 {_WIDTH} {_HEIGHT}",
        role="img",
        aria_label=f"{title}. The table below has the numbers.",
    )

    def x(index: int) -> float:
        start = _LEFT + _INSET
        return start + index * (_WIDTH - start - _RIGHT) / (len(points) - 1)

    def y(count: int) -> float:
        return _HEIGHT - _BOTTOM - count * (_HEIGHT - _TOP - _BOTTOM) / most

    for count in dict.fromkeys((0, most // 2, most)):
        height = f"{y(count):.1f}"
        add(drawing, "line", x1=str(_LEFT), x2=str(_WIDTH - _RIGHT), y1=height, y2=height)
        place = {"x": str(_LEFT - 10), "y": f"{y(count) + 4:.1f}", "text-anchor": "end"}
        add(drawing, "text", f"{count:,}", **place)
    line = " L".join(f"{x(index):.1f} {y(point.count):.1f}" for index, point in enumerate(points))
    floor = f"{y(0):.1f}"
    add(
        drawing,
        "path",
        class_="area",
        d=f"M{x(0):.1f} {floor} L{line} L{x(len(points) - 1):.1f} {floor} Z",
    )
    add(drawing, "path", class_="line", d=f"M{line}")
    for index, point in enumerate(points):
        across, up = f"{x(index):.1f}", y(point.count)
        add(drawing, "circle", cx=across, cy=f"{up:.1f}", r="4")
        middle = {"x": across, "text-anchor": "middle"}
        add(drawing, "text", f"{point.count:,}", class_="value", y=f"{up - 10:.1f}", **middle)
        add(drawing, "text", _short(point.name), y=str(_HEIGHT - _BOTTOM + 20), **middle)
        if point.time is not None:
            below = str(_HEIGHT - _BOTTOM + 36)
            add(drawing, "text", _date(point.time, "%b %Y"), class_="quiet", y=below, **middle)
    _add_numbers(into, points)


def _add_numbers(into: Element, points: Sequence[BaselineSize]) -> None:
    details = add(into, "details")
    add(details, "summary", "The numbers")
    table = add(details, "table")
    head = add(add(table, "thead"), "tr")
    for name in ("tag", "date"):
        add(head, "th", name, scope="col")
    add(head, "th", "findings", scope="col", class_="number")
    body = add(table, "tbody")
    for point in reversed(points):
        row = add(body, "tr")
        add(row, "th", printable(point.name), scope="row")
        add(row, "td", "" if point.time is None else _date(point.time, "%d %B %Y").lstrip("0"))
        add(row, "td", f"{point.count:,}", class_="number")


def _rounded(count: int) -> int:
    """The smallest even round number that is at least as large."""
    size = int(10 ** (len(str(count)) - 1))
    return max(
        2, next(n * size // 10 for n in (10, 20, 40, 60, 80, 100) if n * size // 10 >= count)
    )


def _short(name: str) -> str:
    name = printable(name)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _date(seconds: int, form: str) -> str:
    try:
        return time.strftime(form, time.gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return ""
