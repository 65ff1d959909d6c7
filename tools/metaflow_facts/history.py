"""Puts the facts of several versions of Metaflow into one document.

`lint_rules.metaflow.versions` says how that looks, and reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from lint_rules.metaflow.versions import MISSING, VERSIONS

Read = Sequence[tuple[str, Any]]
"""Versions, from the oldest on, each with its facts or `MISSING`."""


def merged(read: Read) -> Any:
    """Return one document for all versions, as short as it can be."""
    values = [value for _, value in read]
    if all(value == values[0] for value in values):
        return values[0]
    if all(isinstance(value, dict) and "message" not in value for value in values):
        keys = sorted({key for value in values for key in value})
        return {key: merged([(v, facts.get(key, MISSING)) for v, facts in read]) for key in keys}
    return {VERSIONS: list(_entries(read))}


def _entries(read: Read) -> Any:
    """Yield what holds from one version to another. Mappings that stay are merged in themselves."""
    runs = [list(run) for _, run in groupby(read, key=lambda item: _alike(item[1]))]
    for run, following in zip(runs, [*runs[1:], None], strict=True):
        if run[0][1] is not MISSING:
            entry = {"since": run[0][0]}
            if following:
                entry["until"] = following[0][0]
            yield entry | {"value": merged(run)}


def _alike(value: Any) -> Any:
    """Return what two values share that stand in one entry."""
    if value is MISSING:
        return "missing"
    return "mapping" if isinstance(value, dict) and "message" not in value else repr(value)
