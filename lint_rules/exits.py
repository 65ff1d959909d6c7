"""How a command ends: with Ruff's statuses, and a word on standard error where it could not run."""

from __future__ import annotations

import sys

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2


class CannotRun(Exception):
    """What keeps a command from running; the message says where, what, and what to do."""


def fail(message: str) -> int:
    """Says why the command could not run; returns the status for that."""
    from lint_rules.report.style import Style, printable

    text = "\n".join(printable(line) for line in message.splitlines())
    print(f"{Style.of(sys.stderr)('red', 'error')}: {text}", file=sys.stderr)
    return EXIT_ERROR
