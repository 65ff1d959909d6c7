"""Ruff's JSON: a list with an object for each diagnostic."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation
from lint_rules.diagnostics.json_text import as_json
from lint_rules.reports.base import Report
from lint_rules.workspace.source import Position, Source


def report(report: Report) -> Iterator[str]:
    """The lines of the report.

    Each object has Ruff's keys `cell`, `code`, `end_location`, `filename` (absolute), `fix`,
    `location`, `message`, `name`, `noqa_row`, `severity` and `url`, and besides them `group`, that
    of the rule, `help`, and `related`, other places that it is about. A fix that changes several
    files is left to `--fix`: Ruff's shape has no room for it, and half of it would do harm.
    """
    objects = []
    for diagnostic in report.diagnostics:
        rule = report.rule_of(diagnostic.code)
        url = (rule.url() if rule else "") or None
        severity = report.severity_of(diagnostic).value
        objects.append({**_object(diagnostic, report, url), "severity": severity})
    yield as_json(objects)


def _object(diagnostic: Diagnostic, report: Report, url: str | None) -> dict[str, Any]:
    return {
        "cell": diagnostic.cell,
        "code": diagnostic.code,
        "end_location": _location(diagnostic.end),
        "filename": diagnostic.path if diagnostic.path == "-" else _absolute(diagnostic.path),
        "fix": _fix(diagnostic, report.source_of(diagnostic)),
        "group": diagnostic.group.value,
        "help": diagnostic.help,
        "location": _location(diagnostic.start),
        "message": diagnostic.message,
        "name": diagnostic.name,
        "noqa_row": diagnostic.start.row,
        "related": [_related(related) for related in diagnostic.related],
        "severity": report.severity_of(diagnostic).value,
        "url": url,
    }


def _fix(diagnostic: Diagnostic, source: Source) -> dict[str, Any] | None:
    if not diagnostic.is_fixable_in_file or diagnostic.safety is None:
        return None
    return {
        "applicability": diagnostic.safety.value,
        "edits": [
            {
                "content": edit.content,
                "end_location": _location(source.position(edit.end)),
                "location": _location(source.position(edit.start)),
            }
            for edit in diagnostic.edits
        ],
        "message": diagnostic.fix_message,
    }


def _related(related: RelatedLocation) -> dict[str, Any]:
    return {
        "end_location": _location(related.end),
        "filename": _absolute(related.path),
        "location": _location(related.start),
        "message": related.message,
    }


def _location(location: Position) -> dict[str, int]:
    return {"column": location.column, "row": location.row}


def _absolute(path: str) -> str:
    return str(Path(path).absolute())
