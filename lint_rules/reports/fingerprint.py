"""What makes a finding the same one after lines have moved."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.reports.base import Report


def fingerprints(report: Report) -> Iterator[tuple[Diagnostic, str]]:
    """Each diagnostic with 64 hexadecimal digits, from its file, identity and number among its
    likes: lines may move and get another layout, as with a baseline."""
    seen: Counter[tuple[str, ...]] = Counter()
    for diagnostic in report.diagnostics:
        key = (report.paths.relative(diagnostic.path), *diagnostic.identity)
        text = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield diagnostic, hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
