"""The source of each diagnostic, marked, with the remedy below it."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.reports.base import Report
from lint_rules.reports.style import COLOURS, Style, printable
from lint_rules.workspace.source import Source

TAB = "    "


def report(report: Report) -> Iterator[str]:
    """The lines of the report."""
    style = report.style
    for diagnostic in report.diagnostics:
        mark = f"[{style('cyan', '*')}] " if report.offers_fix(diagnostic) else ""
        code = _linked(diagnostic, report)
        yield f"{code} {mark}{style('bold', printable(diagnostic.message))}"
        yield from _excerpt(diagnostic, style, report.source_of(diagnostic))
        for related in diagnostic.related:
            yield f"{style('cyan', 'see')}: {printable(f'{related.where}: {related.message}')}"
        if diagnostic.help:
            yield f"{style('cyan', 'help')}: {printable(diagnostic.help)}"
        yield ""


def _linked(diagnostic: Diagnostic, report: Report) -> str:
    """The code in the colour of its severity, on a terminal as a link to the rule's page."""
    # Where nobody sees a link, no rule is loaded for it.
    rule = report.rule_of(diagnostic.code) if report.style.coloured else None
    url = rule.url() if rule else ""
    colour = COLOURS[report.severity_of(diagnostic)]
    return report.style.link(url, report.style(colour, diagnostic.code))


def _excerpt(diagnostic: Diagnostic, style: Style, source: Source) -> Iterator[str]:
    """The line before, the line itself, and carets below what is meant."""
    row = diagnostic.start.row
    rows = [r for r in (row - 1, row) if r > 0 and (r == row or source.line(r).strip())]
    width = len(str(row))
    bar = style("blue", "|")
    yield f"{' ' * width}{style('blue', '-->')} {printable(diagnostic.where)}"
    yield f"{' ' * width} {bar}"
    for number in rows:
        text = printable(source.line(number)).replace("\t", TAB)
        yield f"{style('blue', str(number).rjust(width))} {bar} {text}".rstrip()
    yield f"{' ' * width} {bar} {_carets(diagnostic, source.line(row), style)}"
    yield f"{' ' * width} {bar}"


def _carets(diagnostic: Diagnostic, line: str, style: Style) -> str:
    start = diagnostic.start.column - 1
    one_line = diagnostic.end.row == diagnostic.start.row
    end = diagnostic.end.column - 1 if one_line else len(line)
    before = printable(line[:start]).replace("\t", TAB)
    marked = printable(line[start:end]).replace("\t", TAB)
    return " " * _columns(before) + style("red", "^" * max(1, _columns(marked)))


def _columns(text: str) -> int:
    """The columns that a terminal needs for a text."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)
