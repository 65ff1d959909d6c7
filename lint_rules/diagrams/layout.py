"""Where boxes and lines go: Graphviz's `dot`, by pygraphviz, which brings it along.

Graphviz is given sizes and numbers alone, no text of a source, and no fonts of the machine matter.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

INSTALL = "pip install 'metaflow-lint[graph]'"

Point = tuple[float, float]


class MissingLibrary(Exception):
    """The library that lays out drawings is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Box:
    """A box to place: its id, width and height in pixels, and the number of its group, if any."""

    id: str
    width: float
    height: float
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A line to draw from box to box, and the size of what is written beside it."""

    source: str
    target: str
    width: float = 0
    height: float = 0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where all of it is, in pixels from the top left.

    Attributes:
        width: of the drawing.
        height: of the drawing.
        boxes: the middle of each box.
        lines: of each line the points of a Bézier curve, and the middle of what is beside it.
        groups: left, top, right and bottom of each group.
    """

    width: float
    height: float
    boxes: dict[str, Point]
    lines: list[tuple[list[Point], Point | None]]
    groups: dict[int, tuple[float, float, float, float]]


def place(boxes: Sequence[Box], lines: Sequence[Line], *, across: bool) -> Placed:
    """Lays out boxes in layers, from left to right (`across`) or from top to bottom.

    Raises:
        MissingLibrary: pygraphviz is not installed.
    """
    pygraphviz = library()
    direction = "LR" if across else "TB"
    graph = pygraphviz.AGraph(
        directed=True, strict=False, rankdir=direction, nodesep="0.35", ranksep="0.55", pad="0"
    )
    for box in boxes:
        width, height = f"{box.width / 72:.4f}", f"{box.height / 72:.4f}"
        graph.add_node(box.id, shape="box", fixedsize="true", label="", width=width, height=height)
    for number, line in enumerate(lines):
        label = {"label": _blank(line.width, line.height)} if line.width else {}
        graph.add_edge(line.source, line.target, key=f"line{number}", **label)
    for start, end in _columns(boxes, lines):
        graph.add_edge(start, end, key=f"beside{start}", style="invis")
    groups = sorted({box.group for box in boxes if box.group is not None})
    for group in groups:
        inside = [box.id for box in boxes if box.group == group]
        graph.add_subgraph(
            inside, name=f"cluster_{group}", label=_blank(40, 18), labeljust="l", margin="14"
        )
    graph.layout(prog="dot")
    _, _, right, top = _numbers(graph.graph_attr["bb"])

    def flipped(text: str) -> Point:
        x, y = _numbers(text)
        return round(x, 1), round(top - y, 1)

    edges = {key: graph.get_edge(u, v, key).attr for u, v, key in graph.edges(keys=True)}
    found: list[tuple[list[Point], Point | None]] = []
    for number in range(len(lines)):
        attributes = edges[f"line{number}"]
        label = attributes["lp"]
        found.append((_curve(attributes["pos"], flipped), flipped(label) if label else None))
    around = {}
    for group in groups:
        left, bottom, far, high = _numbers(graph.get_subgraph(f"cluster_{group}").graph_attr["bb"])
        around[group] = (left, top - high, far, top - bottom)
    middles = {box.id: flipped(graph.get_node(box.id).attr["pos"]) for box in boxes}
    return Placed(right, top, middles, found, around)


def library() -> Any:
    """The library that lays out.

    Raises:
        MissingLibrary: it is not installed.
    """
    try:
        import pygraphviz
    except ImportError as error:
        raise MissingLibrary(
            f"drawing this takes a library that is not installed: {INSTALL}"
        ) from error
    return pygraphviz


def _curve(text: str, flipped: Callable[[str], Point]) -> list[Point]:
    """The points of a spline, the arrow's tip last."""
    end, *points = text.replace("\\\n", "").split()
    if not end.startswith("e,"):
        return [flipped(point) for point in (end, *points)]
    return [*map(flipped, points), flipped(end[2:])]


def _columns(boxes: Sequence[Box], lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Pairs of boxes that no line touches, so that they stand in a grid and not all in one row."""
    touched = {end for line in lines for end in (line.source, line.target)}
    pairs: list[tuple[str, str]] = []
    for group in dict.fromkeys(box.group for box in boxes):
        alone = [box.id for box in boxes if box.group == group and box.id not in touched]
        rows = max(4, math.ceil(math.sqrt(len(alone) * 2)))
        pairs += zip(alone, alone[rows:], strict=False)
    return pairs


def _blank(width: float, height: float) -> str:
    """A label of a size, with nothing in it."""
    return (
        f'<<TABLE BORDER="0" CELLPADDING="0" CELLSPACING="0" FIXEDSIZE="TRUE" '
        f'WIDTH="{math.ceil(width)}" HEIGHT="{math.ceil(height)}"><TR><TD></TD></TR></TABLE>>'
    )


def _numbers(text: str) -> list[float]:
    return [float(number) for number in text.split(",")]
