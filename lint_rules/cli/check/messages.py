"""Phrases that several parts of `check` use."""

from __future__ import annotations

from collections.abc import Iterable

from lint_rules.cli.streams import log


def counted(count: int, what: str) -> str:
    """So many of something: `1 file`, `2 files`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def warn(message: str, entries: Iterable[str] = ()) -> None:
    """Prints a warning on standard error; the run goes on."""
    log("warning", message, entries)
