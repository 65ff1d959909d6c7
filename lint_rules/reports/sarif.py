"""SARIF 2.1.0, which code hosts show beside the code (OASIS standard)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lint_rules import __version__
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagnostics.json_text import as_json
from lint_rules.reports.base import Report
from lint_rules.reports.fingerprint import fingerprints
from lint_rules.reports.paths import ReportPaths
from lint_rules.reports.style import printable
from lint_rules.rules.base import Rule
from lint_rules.settings.severity import Severity
from lint_rules.workspace.source import Position

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_LINK = re.compile(r"[\[\]\\]")
HOME = "https://github.com/org/template"


def report(report: Report) -> Iterator[str]:
    """The lines of the report: one run, with the rules that found something."""
    codes = sorted({diagnostic.code for diagnostic in report.diagnostics})
    rules = [rule for rule in map(report.rule_of, codes) if rule]
    index = {rule.code: number for number, rule in enumerate(rules)}
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "metaflow-lint",
                        "informationUri": HOME,
                        "semanticVersion": __version__,
                        "rules": [_rule(rule) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"SRCROOT": {"uri": report.paths.root.as_uri() + "/"}},
                "results": [
                    _result(diagnostic, report, index, fingerprint)
                    for diagnostic, fingerprint in fingerprints(report)
                ],
            }
        ],
    }
    yield as_json(log)


def _rule(rule: type[Rule]) -> dict[str, Any]:
    page = rule.page()
    described: dict[str, Any] = {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary() or rule.name},
        "help": {"text": page or rule.name, "markdown": page or rule.name},
        "defaultConfiguration": {"level": _LEVELS[rule.severity()]},
        "properties": {"group": rule.group.value, "tags": [rule.group.value]},
    }
    if rule.url():
        described["helpUri"] = rule.url()
    if rule.former_codes:
        described["deprecatedIds"] = list(rule.former_codes)
    return described


def _result(
    diagnostic: Diagnostic, report: Report, index: dict[str, int], fingerprint: str
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "level": _LEVELS[report.severity_of(diagnostic)],
        "message": {"text": _message(f"{diagnostic.message}: {diagnostic.help}")},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": _artifact(diagnostic.path, report.paths),
                    "region": _region(diagnostic.start, diagnostic.end),
                }
            }
        ],
        "partialFingerprints": {"metaflowLint/v2": fingerprint},
    }
    if diagnostic.code in index:
        result["ruleIndex"] = index[diagnostic.code]
    if diagnostic.cell is not None:
        logical = {"name": f"cell {diagnostic.cell}", "kind": "module"}
        result["locations"][0]["logicalLocations"] = [logical]
    if diagnostic.related:
        result["relatedLocations"] = [
            {
                "message": {"text": _message(related.message)},
                "physicalLocation": {
                    "artifactLocation": _artifact(related.path, report.paths),
                    "region": _region(related.start, related.end),
                },
            }
            for related in diagnostic.related
        ]
    if diagnostic.is_fixable_in_file:
        result["fixes"] = [_fix(diagnostic, report)]
    return result


def _fix(diagnostic: Diagnostic, report: Report) -> dict[str, Any]:
    source = report.source_of(diagnostic)
    return {
        "description": {"text": _message(diagnostic.fix_message or "Fix")},
        "artifactChanges": [
            {
                "artifactLocation": _artifact(diagnostic.path, report.paths),
                "replacements": [
                    {
                        "deletedRegion": _region(
                            source.position(edit.start), source.position(edit.end)
                        ),
                        "insertedContent": {"text": edit.content},
                    }
                    for edit in diagnostic.edits
                ],
            }
        ],
    }


def _message(text: str) -> str:
    """A text in which no link stands: brackets would make one (SARIF 2.1.0, 3.11.6)."""
    return _LINK.sub(r"\\\g<0>", printable(text))


def _artifact(path: str, paths: ReportPaths) -> dict[str, str]:
    name = paths.relative(path)
    if name.startswith("/"):
        return {"uri": Path(name).as_uri()}
    return {"uri": quote(os.fsencode(name)), "uriBaseId": "SRCROOT"}


def _region(start: Position, end: Position) -> dict[str, int]:
    return {
        "startLine": start.row,
        "startColumn": start.column,
        "endLine": end.row,
        "endColumn": end.column,
    }
