"""JSON that shows what people can read, and escapes what terminals and CI runners would obey."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any

_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_OTHER = re.compile(r"[^\x20-\x7e\n]|(?<=##)\[")


def as_json(value: Any, indent: int = 2) -> str:
    """A value as JSON in which only printable characters stand as they are."""
    return _OTHER.sub(_escaped, json.dumps(value, indent=indent, ensure_ascii=False))


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character.isprintable() and character != "[":
        return character
    return _as_units(match)


def _as_units(match: re.Match[str]) -> str:
    units = match.group().encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def encodable(text: str, output_format: str, encoding: str) -> str:
    """A report as it can be written to a stream, still valid in its format.

    Args:
        text: the report.
        output_format: one of `lint_rules.reports.FORMATS`.
        encoding: the encoding of the stream, which may be as small as ASCII.
    """
    if text.isascii() or codecs.lookup(encoding).name.startswith("utf"):
        return text
    if output_format in ("json", "gitlab", "sarif"):
        return _NOT_ASCII.sub(_as_units, text)
    if output_format == "junit":
        return text.encode("ascii", "xmlcharrefreplace").decode()
    return text
