"""Links from drawings to lines of source."""

from __future__ import annotations

import re
from urllib.parse import quote

from lint_rules.diagrams.diagram import FileRange, Map
from lint_rules.diagrams.svg_scene import Hrefs


def is_usable(pattern: str) -> bool:
    """Whether a pattern for links names its places and leads to a page or a program."""
    return "{path}" in pattern and re.match(r"[a-z][a-z0-9+.-]*://", pattern) is not None


def to_source(file_range: FileRange, pattern: str) -> str:
    """Where a range is to be seen, by a pattern with `{path}` and `{row}` in it."""
    return pattern.replace("{path}", quote(file_range.path)).replace("{row}", str(file_range.row))


def to_sources(drawn: Map, pattern: str | None) -> Hrefs:
    """The links of all boxes of a map to their sources; none without a pattern."""
    if pattern is None:
        return lambda _: None
    ranges = {flow.id: flow.range for flow in drawn.flows}
    ranges.update((step.id, step.range) for flow in drawn.flows for step in flow.steps)
    ranges.update((file.id, file.range) for file in drawn.files)
    found = {
        id: to_source(file_range, pattern)
        for id, file_range in ranges.items()
        if file_range is not None
    }
    return found.get
