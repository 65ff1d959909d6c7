"""The formats of drawings, by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from lint_rules.diagrams.diagram import FlowBox, Map
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.workspace import Workspace


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn.

    Attributes:
        map: the map, of which formats that hold everything draw all.
        flow: the flow whose steps are drawn instead of the map, if one is.
        base: the folder that its paths start from.
        source_link: where a line of a file is to be seen, with `{path}` and `{row}` in it.
        snapshot: the files that were drawn, of which formats show the code; `None` for those on
            the disk.
    """

    map: Map
    flow: FlowBox | None
    base: Path = Path()
    source_link: str | None = None
    snapshot: Snapshot | None = None


def draw(output_format: str, wanted: Wanted) -> str:
    """The drawing, one of `lint_rules.diagrams.FORMATS`, with a newline at its end.

    Raises:
        MissingLibrary: the library that lays out SVG and HTML is not installed.
    """
    return _DRAWN[output_format](wanted).rstrip("\n") + "\n"


def _mermaid(wanted: Wanted) -> str:
    from lint_rules.diagrams import mermaid

    return _together(mermaid.flow_lines, mermaid.map_lines, wanted)


def _dot(wanted: Wanted) -> str:
    from lint_rules.diagrams import dot

    return _together(dot.flow_lines, dot.map_lines, wanted)


def _svg(wanted: Wanted) -> str:
    from lint_rules.diagrams import links, svg, svg_scene

    hrefs = links.to_sources(wanted.map, wanted.source_link)
    if wanted.flow:
        return svg.document(svg_scene.of_flow(wanted.flow, hrefs))
    return svg.document(svg_scene.of_map(wanted.map, hrefs))


def _html(wanted: Wanted) -> str:
    from lint_rules.diagrams import html

    snapshot = wanted.snapshot or Workspace().snapshot()
    return html.page(wanted.map, snapshot, wanted.flow, wanted.base, wanted.source_link)


def _json(wanted: Wanted) -> str:
    from lint_rules.diagrams import json

    return json.text(wanted.map)


def _together(
    of_flow: Callable[[FlowBox], Iterable[str]],
    of_map: Callable[[Map], Iterable[str]],
    wanted: Wanted,
) -> str:
    return "\n".join(of_flow(wanted.flow) if wanted.flow else of_map(wanted.map))


_DRAWN: dict[str, Callable[[Wanted], str]] = {
    "mermaid": _mermaid,
    "dot": _dot,
    "svg": _svg,
    "html": _html,
    "json": _json,
}
