"""One line for each diagnostic: `path:row:column: CODE message`."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.reports.base import Report
from lint_rules.reports.style import COLOURS, printable


def report(report: Report) -> Iterator[str]:
    """The lines of the report; `[*]` marks what `--fix` fixes, as in Ruff."""
    style = report.style
    for diagnostic in report.diagnostics:
        path = printable(diagnostic.path)
        where = printable(diagnostic.where).removeprefix(path)
        yield f"{style('bold', path)}{where}: {headline(diagnostic, report)}"


def headline(diagnostic: Diagnostic, report: Report) -> str:
    """Code, mark and message of a diagnostic."""
    style = report.style
    mark = f"[{style('cyan', '*')}] " if report.offers_fix(diagnostic) else ""
    code = style(COLOURS[report.severity_of(diagnostic)], diagnostic.code)
    return f"{code} {mark}{printable(diagnostic.message)}"
