"""How often each rule found something, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lint_rules.diagnostics import json_text
from lint_rules.reports.base import Report


def lines(report: Report) -> Iterator[str]:
    """A line for each rule; `[*]` marks rules with something that `--fix` fixes."""
    counts, fixable = _counts(report)
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in _most_frequent(counts):
        mark = "[*]" if fixable[code] else "[ ]"
        yield f"{str(count).rjust(width)}  {report.style('red', code)}  {mark} {name}"


def as_json(report: Report) -> Iterator[str]:
    """Ruff's JSON: objects with `code`, `name`, `count`, `fixable` and `fixable_count`."""
    counts, fixable = _counts(report)
    yield json_text.as_json(
        [
            {
                "code": code,
                "name": name,
                "count": count,
                "fixable": bool(fixable[code]),
                "fixable_count": fixable[code],
            }
            for (code, name), count in _most_frequent(counts)
        ]
    )


def _counts(report: Report) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """How often each rule was broken, and how often `--fix` fixes that, by its code."""
    found = report.diagnostics
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in found)
    return counts, Counter(d.code for d in found if report.offers_fix(d))


def _most_frequent(counts: Counter[tuple[str, str]]) -> list[tuple[tuple[str, str], int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))
