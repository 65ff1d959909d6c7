"""GitLab's Code Quality report."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagnostics.json_text import as_json
from lint_rules.reports.base import Report
from lint_rules.reports.fingerprint import fingerprints
from lint_rules.settings.severity import Severity

_WORDS = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "info"}


def report(report: Report) -> Iterator[str]:
    """The lines of the report (GitLab, "Code Quality report format")."""
    objects = [
        {
            "description": f"{diagnostic.code} {diagnostic.message}: {diagnostic.help}",
            "check_name": diagnostic.name,
            "fingerprint": fingerprint,
            "severity": _severity(diagnostic, report),
            "location": {
                "path": report.paths.relative(diagnostic.path),
                "positions": {
                    "begin": {
                        "line": diagnostic.start.row,
                        "column": diagnostic.start.column,
                    },
                    "end": {"line": diagnostic.end.row, "column": diagnostic.end.column},
                },
                "lines": {"begin": diagnostic.start.row, "end": diagnostic.end.row},
            },
        }
        for diagnostic, fingerprint in fingerprints(report)
    ]
    yield as_json(objects)


def _severity(diagnostic: Diagnostic, report: Report) -> str:
    """GitLab's word for how bad it is."""
    return "blocker" if diagnostic.code == "MF900" else _WORDS[report.severity_of(diagnostic)]
