"""Standard output and standard error: no text makes a write fail, and one line stays one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable

from lint_rules.reports.style import Style, printable

_COLOURS = {"error": "red", "warning": "yellow"}


def prepare() -> None:
    """Lets the standard streams write what their encoding has not, as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            # Closed by whoever started the process (`>&-`).
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115
        elif hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def log(kind: str, message: str, entries: Iterable[str] = ()) -> None:
    """Prints an error or a warning on standard error: one line, and a line for each entry.

    Args:
        kind: `error` or `warning`.
        message: the sentence.
        entries: what it is about.
    """
    # An entry that began its line might be taken for a command by the runner of GitHub Actions.
    listed = "".join(f"\n  - {printable(entry)}" for entry in entries)
    label = Style.of(sys.stderr)(_COLOURS[kind], kind)
    print(f"{label}: {printable(message)}{listed}", file=sys.stderr)
