"""JSON that shows what people can read, and escapes what terminals and CI runners would obey."""

from __future__ import annotations

import json
import re
from typing import Any

_OTHER = re.compile(r"[^\x20-\x7e\n]|(?<=##)\[")


def as_json(value: Any, indent: int = 2) -> str:
    """A value as JSON in which only printable characters stand as they are."""
    return _OTHER.sub(_escaped, json.dumps(value, indent=indent, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character.isprintable() and character != "[":
        return character
    return as_units(match)


def as_units(match: re.Match[str]) -> str:
    """Characters as JSON escapes them in ASCII."""
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
