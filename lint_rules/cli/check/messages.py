"""Phrases that several parts of `check` use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lint_rules.cli.streams import log


def counted(count: int, what: str) -> str:
    """So many of something: `1 file`, `2 files`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def by_rule(codes: Mapping[str, int]) -> str:
    """How many findings each rule has: `MF001: 2, MF301: 1`."""
    return ", ".join(f"{code}: {count}" for code, count in sorted(codes.items()))


def warn(message: str, entries: Iterable[str] = ()) -> None:
    """Prints a warning on standard error; the run goes on."""
    log("warning", message, entries)
