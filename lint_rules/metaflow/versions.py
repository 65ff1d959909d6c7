"""Data that differ between versions of Metaflow, and the view of one version on them.

Where something differs, a mapping with the only key `versions` stands in the data:

    {"versions": [{"since": "2.15.0", "until": "2.18.0", "value": …}, {"since": …}]}

Each entry holds from `since` on, and before `until`, which is left out of what still holds. Between
two entries there is nothing. Values may hold such mappings again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Final

VERSIONS: Final = "versions"


class Missing(Enum):
    """What a version does not have."""

    MISSING = "missing"


MISSING: Final = Missing.MISSING


@cache
def parsed(version: str) -> tuple[int, ...]:
    """Return a version as numbers that compare: `2.19.9` comes before `2.19.39`.

    What follows the numbers is left out, so `2.19.0rc1` and `2.19.0.post1` count as `2.19.0`.

    Raises:
        ValueError: if the text does not begin with a number.
    """
    numbers = re.match(r"\s*v?(\d+(?:\.\d+)*)", version)
    if numbers is None:
        raise ValueError(f"{version!r} is no version: write numbers, such as 2.19.0.")
    parts = [int(part) for part in numbers[1].split(".")][:3]
    return tuple(parts + [0] * (3 - len(parts)))


def is_timeline(data: object) -> bool:
    """Tell whether data say what holds in which version."""
    return isinstance(data, Mapping) and data.keys() == {VERSIONS}


def at(data: Any, version: tuple[int, ...]) -> Any:
    """Return the data of one version, or `MISSING`."""
    data = outermost(data, version)
    if not isinstance(data, Mapping):
        return data
    found = {key: at(value, version) for key, value in data.items()}
    return {key: value for key, value in found.items() if value is not MISSING}


def outermost(data: Any, version: tuple[int, ...]) -> Any:
    """Return the data of one version, or `MISSING`; what is inside still tells versions apart."""
    while is_timeline(data):
        data = next((e["value"] for e in data[VERSIONS] if _holds(e, version)), MISSING)
    return data


def _holds(entry: Mapping[str, Any], version: tuple[int, ...]) -> bool:
    until = entry.get("until")
    return parsed(entry["since"]) <= version and (until is None or version < parsed(until))
