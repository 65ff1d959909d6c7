"""The map as JSON, for other programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from lint_rules.diagrams.diagram import FileRange, Map, Note, RelatedNote

VERSION = 1
"""Goes up when something is taken away or means something else; what is added leaves it."""


def text(drawn: Map) -> str:
    """The map, its flows' steps included, as `docs/graph.md` describes it."""
    return json.dumps(document(drawn), indent=2, ensure_ascii=True)


def document(drawn: Map) -> dict[str, Any]:
    """The map as JSON has it. A range in a file is `spot`, with `filename`, `location` and
    `end_location` as in the report of findings."""
    events = {event.id: event for event in drawn.events}
    content: dict[str, Any] = _plain(asdict(drawn))
    for event in content["events"]:
        event["full_name"] = events[event["id"]].full_name
        event["problem"] = events[event["id"]].problem or None
    return {"version": VERSION, **content}


_RANGE = set(FileRange.__slots__)
_KEYS = {"range": "spot"}
_NOTE = set(Note.__slots__)
_RELATED = set(RelatedNote.__slots__)


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == _RANGE:
        return {
            "filename": value["path"],
            "location": {"row": value["row"], "column": value["column"]},
            "end_location": {"row": value["end_row"], "column": value["end_column"]},
        }
    if value.keys() in (_NOTE, _RELATED):
        file_range = _plain(value.pop("range"))
        return {**{key: _plain(item) for key, item in value.items()}, **file_range}
    return {_KEYS.get(key, key): _plain(item) for key, item in value.items()}
