"""One line for each diagnostic: `path:row:column: CODE message`."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.reports.base import Report
from lint_rules.reports.style import Style, printable


def report(report: Report) -> Iterator[str]:
    """The lines of the report; `[*]` marks what `--fix` mends, as in Ruff."""
    style = report.style
    for diagnostic in report.diagnostics:
        path = printable(diagnostic.path)
        where = printable(diagnostic.where).removeprefix(path)
        yield f"{style('bold', path)}{where}: {headline(diagnostic, style)}"


def headline(diagnostic: Diagnostic, style: Style) -> str:
    """Code, mark and message of a diagnostic."""
    mark = f"[{style('cyan', '*')}] " if diagnostic.fixable else ""
    return f"{style('red', diagnostic.code)} {mark}{printable(diagnostic.message)}"
