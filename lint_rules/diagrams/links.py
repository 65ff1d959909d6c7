"""Links from drawings to lines of source."""

from __future__ import annotations

import re
from urllib.parse import quote

from lint_rules.diagrams.diagram import Map, Spot
from lint_rules.diagrams.svg_scene import Hrefs


def is_usable(pattern: str) -> bool:
    """Whether a pattern for links names its places and leads to a page or a program."""
    return "{path}" in pattern and re.match(r"[a-z][a-z0-9+.-]*://", pattern) is not None


def to_source(spot: Spot, pattern: str) -> str:
    """Where a spot is to be seen, by a pattern with `{path}` and `{row}` in it."""
    return pattern.replace("{path}", quote(spot.path)).replace("{row}", str(spot.row))


def to_sources(drawn: Map, pattern: str | None) -> Hrefs:
    """The links of all boxes of a map to their sources; none without a pattern."""
    if pattern is None:
        return lambda _: None
    spots = {flow.id: flow.spot for flow in drawn.flows}
    spots.update((step.id, step.spot) for flow in drawn.flows for step in flow.steps)
    spots.update((file.id, file.spot) for file in drawn.files)
    found = {id: to_source(spot, pattern) for id, spot in spots.items() if spot is not None}
    return found.get
