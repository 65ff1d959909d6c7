"""How a command ends: with Ruff's exit statuses, and an error on standard error."""

from __future__ import annotations

import sys

from lint_rules.reports.style import Style, printable

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2


def fail(message: str) -> int:
    """Prints why the command could not run; returns the status for that."""
    text = "\n".join(printable(line) for line in message.splitlines())
    print(f"{Style.of(sys.stderr)('red', 'error')}: {text}", file=sys.stderr)
    return EXIT_ERROR
