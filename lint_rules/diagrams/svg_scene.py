"""Drawings as elements of SVG, for a file of their own or a page."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element, SubElement

from lint_rules.diagrams import labels
from lint_rules.diagrams.bounded_layout import place
from lint_rules.diagrams.diagram import EventBox, FileBox, FlowBox, Link, Map, Note, StepBox
from lint_rules.diagrams.layout import Box, Line, Placed, Point
from lint_rules.reports.style import printable

LONGEST = 46
"""How many characters a line in a box has at most."""

_MARGIN = 16.0
_PADDING = 14.0
_WIDE = {"name": 9.7, "small": 7.0, "names": 7.1, "problem small": 7.0}
"""How wide a character of each class is, in pixels; fonts differ, and these are ample."""
_HIGH = {"name": 20.0, "small": 17.0, "names": 17.0, "problem small": 17.0}

Text = tuple[str, str]
"""A line of text and its class."""

Hrefs = Callable[[str], str | None]
"""Where the link of a box leads, by its id; `None` for no link."""


@dataclass(frozen=True)
class _Shape:
    """A box with what is written in it."""

    id: str
    kind: str
    texts: tuple[Text, ...]
    hint: str
    label: str
    notes: tuple[Note, ...] = ()
    group: int | None = None
    aside: str = ""

    @property
    def width(self) -> float:
        """Its width in pixels."""
        widths = [_columns(text) * _WIDE[kind] for text, kind in self.texts]
        widths[0] += _columns(self.aside) * 6.6 + (10 if self.aside else 0)
        return max(96.0, max(widths) + 2 * _PADDING)

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return sum(_HIGH[kind] for _, kind in self.texts) + 16


def of_map(drawn: Map, hrefs: Hrefs) -> Element:
    """The drawing of a map.

    Raises:
        MissingLibrary: the library that lays it out is not installed.
    """
    groups = list(drawn.projects)
    boxes: tuple[FlowBox | EventBox, ...] = (*drawn.flows, *drawn.events)
    shapes = [
        replace(
            _shape(box),
            group=groups.index(name) if (name := drawn.project_of(box)) is not None else None,
        )
        for box in boxes
    ]
    shapes += [_shape(file) for file in drawn.files]
    texts = [_beside(labels.of_link(link), link.findings) for link in drawn.links]
    lines = [
        Line(link.source, link.target, *_size(text))
        for link, text in zip(drawn.links, texts, strict=True)
    ]
    sized = [_box(shape) for shape in shapes]
    # The way that leaves more of it to be read where it is shown whole.
    ways = [place(sized, lines, across=across) for across in (True, False)]
    placed = min(ways, key=lambda way: max(way.width / 4, way.height / 3))
    kinds = [f"{link.kind}{' found' if link.findings else ''}" for link in drawn.links]
    hints = [_hint_of_link(link) for link in drawn.links]
    titles = [f"project {printable(name)}" for name in groups]
    label = f"The map of {len(drawn.flows)} flow{'' if len(drawn.flows) == 1 else 's'}"
    return _drawn(label, "map", shapes, kinds, texts, hints, placed, titles, hrefs)


def of_flow(flow: FlowBox, hrefs: Hrefs) -> Element:
    """The drawing of a flow's steps. Raises as `of_map`."""
    shapes = [_step_shape(step) for step in flow.steps]
    if flow.faults:
        shapes.insert(0, _faults_shape(flow))
    texts = [labels.of_marked_arrow(arrow) for arrow in flow.arrows]
    lines = [
        Line(arrow.source, arrow.target, *_size(text))
        for arrow, text in zip(flow.arrows, texts, strict=True)
    ]
    placed = place([_box(shape) for shape in shapes], lines, across=False)
    label = f"The steps of {labels.title(flow)}"
    kinds = [f"{arrow.kind}{' fault' if arrow.findings else ''}" for arrow in flow.arrows]
    hints = ["\n".join(printable(note.message) for note in a.findings) for a in flow.arrows]
    return _drawn(label, "steps", shapes, kinds, texts, hints, placed, [], hrefs)


# What is written in boxes


def _shape(box: FlowBox | EventBox | FileBox) -> _Shape:
    title = labels.title(box)
    notes: tuple[Note, ...] = ()
    hint = [title]
    kind = "box file"
    if isinstance(box, FlowBox):
        kind = f"box flow{' elsewhere' if box.is_unread else ''}"
        kind += " fault" if box.has_fault else ""
        notes = box.all_findings
        hint += [printable(box.summary)] if box.summary else []
        hint += [printable(str(box.range))] if box.range else []
    elif isinstance(box, EventBox):
        kind = f"box event{' loose' if box.problem else ''}"
    lines = labels.lines(box)
    problem = box.problem if isinstance(box, EventBox) else ""
    texts = [
        (_shortened(line), "problem small" if line and line == problem else "small")
        for line in lines
    ]
    hint += lines
    found = labels.of_findings(notes)
    if found:
        texts += [(found, "problem small")]
        hint.append(found)
    label = ", ".join([title, *lines, *([found] if found else [])])
    first = (_shortened(title), "name")
    return _Shape(box.id, kind, (first, *texts), "\n".join(hint), label, notes)


def _step_shape(step: StepBox) -> _Shape:
    texts: list[Text] = [(_shortened(labels.title(step)), "name")]
    lines = labels.of_step(step)
    for line in lines:
        is_names = line.startswith(("reads ", "merges ", "makes "))
        wrapped = textwrap.wrap(line, LONGEST, subsequent_indent="  ") or [line]
        texts += [(part, "names" if is_names else "small") for part in wrapped]
    found = labels.of_step_findings(step.findings)
    texts += [(line, "problem small") for line in found]
    hint = [labels.title(step), *([printable(step.summary)] if step.summary else [])]
    hint += [printable(str(step.range)), *lines, *found]
    hint += [printable(note.message) for note in step.findings if note.is_fault]
    kind = f"box step {step.kind}{'' if step.is_reached else ' unreached'}"
    kind += " fault" if step.is_fault else ""
    aside = "" if step.kind in ("linear", "start", "end") else step.kind
    label = ", ".join([labels.title(step), step.kind, *lines, *found])
    return _Shape(step.id, kind, tuple(texts), "\n".join(hint), label, step.findings, aside=aside)


def _faults_shape(flow: FlowBox) -> _Shape:
    """The mistakes in a flow that no step shows, such as a start that is missing."""
    title, found = f"flow {labels.title(flow)}", labels.of_faults(flow.faults)
    texts = ((_shortened(title), "name"), *((line, "problem small") for line in found))
    hint = "\n".join([title, *(printable(note.message) for note in flow.faults)])
    label = ", ".join([title, *found])
    return _Shape(flow.id, "box flow fault", texts, hint, label, flow.faults)


def _beside(text: str, notes: Iterable[Note]) -> str:
    codes = sorted({note.code for note in notes})
    return f"{text} ⚠ {labels.listed(codes)}" if codes else text


def _hint_of_link(link: Link) -> str:
    return "\n".join([printable(str(link.range)), *(printable(n.message) for n in link.findings)])


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _columns(text: str) -> int:
    """How many characters wide a text is; Chinese, Japanese and Korean ones count twice."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _size(text: str) -> tuple[float, float]:
    return (_columns(text) * 6.7 + 10, 18.0) if text else (0.0, 0.0)


def _box(shape: _Shape) -> Box:
    return Box(shape.id, shape.width, shape.height, shape.group)


# Elements


def _drawn(
    label: str,
    kind: str,
    shapes: Sequence[_Shape],
    kinds: Sequence[str],
    texts: Sequence[str],
    hints: Sequence[str],
    placed: Placed,
    titles: Sequence[str],
    hrefs: Hrefs,
) -> Element:
    width, height = placed.width + 2 * _MARGIN, placed.height + 2 * _MARGIN
    size = f"0 0 {width:.0f} {height:.0f}"
    svg = Element(
        "svg",
        {
            "class": f"drawing {kind}",
            "viewBox": size,
            "width": f"{width:.0f}",
            "height": f"{height:.0f}",
            "role": "group",
            "aria-label": label,
        },
    )
    SubElement(svg, "rect", {"class": "paper", "width": "100%", "height": "100%"})
    whole = SubElement(svg, "g", {"transform": f"translate({_MARGIN:.0f} {_MARGIN:.0f})"})
    for number, (left, top, right, bottom) in placed.groups.items():
        _add_group(whole, titles[number], left, top, right, bottom)
    for line_kind, text, hint, (points, at) in zip(kinds, texts, hints, placed.lines, strict=True):
        _add_line(whole, line_kind, text, hint, points, at)
    for shape in shapes:
        _add_shape(whole, shape, placed.boxes[shape.id], hrefs(shape.id))
    return svg


def _add_group(
    whole: Element, title: str, left: float, top: float, right: float, bottom: float
) -> None:
    group = SubElement(whole, "g", {"class": "group"})
    _rect(group, left, top, right - left, bottom - top, 12)
    at = {"x": f"{left + 14:.1f}", "y": f"{top + 21:.1f}"}
    SubElement(group, "text", at).text = title


def _add_line(
    whole: Element, kind: str, text: str, hint: str, points: list[Point], at: Point | None
) -> None:
    line = SubElement(whole, "g", {"class": f"link {kind}"})
    if hint:
        SubElement(line, "title").text = hint
    *curve, tip = points
    start, *rest = (f"{x:g} {y:g}" for x, y in curve)
    SubElement(line, "path", {"d": f"M{start} C{', '.join(rest)}"})
    SubElement(line, "polygon", {"points": _arrow(curve[-1], tip)})
    if text and at is not None:
        place = {"x": f"{at[0]:g}", "y": f"{at[1] + 4:g}"}
        SubElement(line, "text", place).text = text


def _arrow(base: Point, tip: Point) -> str:
    """The head of an arrow from the end of a line to the box that it leads to."""
    (x, y), (x2, y2) = base, tip
    length = max(((x2 - x) ** 2 + (y2 - y) ** 2) ** 0.5, 0.1)
    dx, dy = (x2 - x) / length * 4.5, (y2 - y) / length * 4.5
    corners = ((x2, y2), (x - dy, y + dx), (x + dy, y - dx))
    return " ".join(f"{a:.1f},{b:.1f}" for a, b in corners)


def _add_shape(whole: Element, shape: _Shape, middle: Point, href: str | None) -> None:
    kind = f"{shape.kind}{' found' if shape.notes else ''}"
    given = {"class": kind, "data-id": shape.id, "aria-label": shape.label}
    if href is None:
        box = SubElement(whole, "g", {**given, "role": "img"})
    else:
        box = SubElement(whole, "a", {**given, "href": href})
    SubElement(box, "title").text = shape.hint
    width, height = shape.width, shape.height
    left, top = middle[0] - width / 2, middle[1] - height / 2
    if "file" in shape.kind.split():
        fold = 10
        d = (
            f"M{left:.1f} {top:.1f} h{width - fold:.1f} l{fold} {fold} v{height - fold:.1f} "
            f"h{-width:.1f} z"
        )
        SubElement(box, "path", {"class": "frame", "d": d})
    else:
        is_round = {"event", "start", "end"} & set(shape.kind.split())
        _rect(box, left, top, width, height, min(height / 2, 18) if is_round else 7, "frame")
        if "flow" in shape.kind.split():
            _rect(box, left, top + 8, 4, height - 16, 2, "mark")
    y = top + 8
    for index, (text, text_kind) in enumerate(shape.texts):
        y += _HIGH[text_kind]
        at = {"class": text_kind, "x": f"{left + _PADDING:.1f}", "y": f"{y - 5:.1f}"}
        SubElement(box, "text", {**at, "xml:space": "preserve"}).text = text
        if index == 0 and shape.aside:
            side = {"class": "kind", "x": f"{left + width - _PADDING:.1f}", "y": f"{y - 5:.1f}"}
            SubElement(box, "text", {**side, "text-anchor": "end"}).text = shape.aside
    if shape.notes:
        _add_badge(box, left + width - 4, top + 4, len(shape.notes))


def _add_badge(box: Element, x: float, y: float, count: int) -> None:
    badge = SubElement(box, "g", {"class": "badge"})
    SubElement(badge, "circle", {"cx": f"{x:.1f}", "cy": f"{y:.1f}", "r": "10"})
    SubElement(badge, "text", {"x": f"{x:.1f}", "y": f"{y + 4:.1f}"}).text = str(min(count, 99))


def _rect(
    into: Element, x: float, y: float, width: float, height: float, rx: float, kind: str = ""
) -> None:
    attributes = {"class": kind} if kind else {}
    numbers = {"x": x, "y": y, "width": width, "height": height, "rx": rx}
    SubElement(into, "rect", {**attributes, **{n: f"{v:.1f}" for n, v in numbers.items()}})
