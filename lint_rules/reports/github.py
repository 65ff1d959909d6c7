"""Annotations of GitHub Actions: one workflow command for each diagnostic."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.reports.base import Report
from lint_rules.settings.severity import Severity

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def report(report: Report) -> Iterator[str]:
    """The lines of the report, escaped as the runner reads them back."""
    for diagnostic in report.diagnostics:
        properties = {
            "title": f"metaflow-lint ({diagnostic.code})",
            "file": report.paths.relative(diagnostic.path),
            "line": diagnostic.start.row,
            "col": diagnostic.start.column,
            "endLine": diagnostic.end.row,
            "endColumn": diagnostic.end.column,
        }
        given = ",".join(
            f"{key}={_escaped(str(value), _PROPERTY)}" for key, value in properties.items()
        )
        message = f"{diagnostic.code} {diagnostic.message}: {diagnostic.help}"
        command = _COMMANDS[report.severity_of(diagnostic)]
        yield f"::{command} {given}::{_escaped(message, _DATA)}"


def _escaped(text: str, table: dict[str, str]) -> str:
    visible = "".join(c if c.isprintable() or c in table else repr(c)[1:-1] for c in text)
    return "".join(table.get(character, character) for character in visible)
