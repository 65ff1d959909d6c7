"""What makes a finding the same one after lines have moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.reports.base import Report


def fingerprints(report: Report) -> Iterator[tuple[Diagnostic, str]]:
    """Each diagnostic with 64 hexadecimal digits, from its file, rule, line's text and number
    among its likes: lines above may come and go."""
    seen: Counter[tuple[str, str, str]] = Counter()
    for diagnostic in report.diagnostics:
        line = report.source_of(diagnostic).line(diagnostic.start.row).strip()
        key = (report.paths.relative(diagnostic.path), diagnostic.code, line)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield diagnostic, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
