"""The diagnostics of each file below its name."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.reports.base import Report
from lint_rules.reports.concise import headline
from lint_rules.reports.style import printable


def report(report: Report) -> Iterator[str]:
    """The lines of the report."""
    for path, diagnostics in report.by_file().items():
        yield f"{report.style('bold', printable(path))}:"
        wheres = [d.where.removeprefix(f"{d.path}:") for d in diagnostics]
        width = max(map(len, wheres))
        for where, diagnostic in zip(wheres, diagnostics, strict=True):
            yield f"  {where.ljust(width)}  {headline(diagnostic, report)}"
        yield ""
