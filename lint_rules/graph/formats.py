"""The formats of drawings, by their names on the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from lint_rules.graph.plan import FlowBox, Map


@dataclass(frozen=True)
class Wanted:
    """What is to be drawn.

    Attributes:
        map: the map, of which formats that hold everything draw all.
        flow: the flow whose steps are drawn instead of the map, if one is.
    """

    map: Map
    flow: FlowBox | None


def draw(output_format: str, wanted: Wanted) -> str:
    """The drawing, one of `lint_rules.graph.FORMATS`, with a newline at its end."""
    return _DRAWN[output_format](wanted).rstrip("\n") + "\n"


def _mermaid(wanted: Wanted) -> str:
    from lint_rules.graph import mermaid

    return _together(mermaid.flow_lines, mermaid.map_lines, wanted)


def _dot(wanted: Wanted) -> str:
    from lint_rules.graph import dot

    return _together(dot.flow_lines, dot.map_lines, wanted)


def _json(wanted: Wanted) -> str:
    from lint_rules.graph import json

    return json.text(wanted.map)


def _together(
    of_flow: Callable[[FlowBox], Iterable[str]],
    of_map: Callable[[Map], Iterable[str]],
    wanted: Wanted,
) -> str:
    return "\n".join(of_flow(wanted.flow) if wanted.flow else of_map(wanted.map))


_DRAWN: dict[str, Callable[[Wanted], str]] = {"mermaid": _mermaid, "dot": _dot, "json": _json}
