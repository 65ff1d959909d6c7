"""One line for each diagnostic: `path:row:column: CODE message`."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Diagnostic
from lint_rules.report.style import Style, printable


def concise(diagnostic: Diagnostic, style: Style) -> str:
    """The line of one diagnostic; `[*]` marks what `--fix` mends, as in Ruff."""
    where = f"{diagnostic.start.row}:{diagnostic.start.column}"
    return (
        f"{style('bold', printable(diagnostic.path))}:{where}: "
        f"{style('red', diagnostic.code)} {mark(diagnostic, style)}{printable(diagnostic.message)}"
    )


def mark(diagnostic: Diagnostic, style: Style) -> str:
    """`[*] ` on a diagnostic that has a safe fix."""
    return f"[{style('cyan', '*')}] " if diagnostic.fixable else ""


def report(diagnostics: list[Diagnostic], style: Style) -> Iterator[str]:
    """The lines of the report."""
    for diagnostic in diagnostics:
        yield concise(diagnostic, style)
