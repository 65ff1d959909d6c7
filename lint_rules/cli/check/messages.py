"""Words that several parts of `check` say."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from lint_rules.reports.style import Style, printable


def counted(count: int, what: str) -> str:
    """So many of something: `1 file`, `2 files`."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def warn(message: str, entries: Iterable[str] = ()) -> None:
    """Says something on standard error that does not keep the run from going on."""
    listed = "".join(f"\n  {printable(entry)}" for entry in entries)
    label = Style.of(sys.stderr)("yellow", "warning")
    print(f"{label}: {printable(message)}{listed}", file=sys.stderr)
