"""What a report is made from, and the way to its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from operator import attrgetter
from typing import TYPE_CHECKING

from lint_rules.reports.paths import ReportPaths
from lint_rules.reports.style import Style
from lint_rules.settings.severity import Severity

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.rules.base import Rule
    from lint_rules.workspace.source import Source


@dataclass(frozen=True)
class Report:
    """What a report is made from.

    Attributes:
        diagnostics: what was found, in order.
        source_of: the source that a diagnostic is about, a cell's of a notebook.
        rule_of: the rule of a code.
        style: colours, or none.
        unsafe_fixes: whether fixes that may change what code means are offered, too.
        paths: how code hosts name the files.
        severity_of: how bad a diagnostic is, with the settings of its file.
    """

    diagnostics: list[Diagnostic]
    source_of: Callable[[Diagnostic], Source]
    rule_of: Callable[[str], type[Rule] | None]
    style: Style
    unsafe_fixes: bool = False
    paths: ReportPaths = field(default_factory=ReportPaths)
    severity_of: Callable[[Diagnostic], Severity] = attrgetter("severity")

    def offers_fix(self, diagnostic: Diagnostic) -> bool:
        """Whether `--fix` fixes a diagnostic, with the options of this run."""
        return diagnostic.fixable or (self.unsafe_fixes and diagnostic.safety is not None)

    def by_file(self) -> dict[str, list[Diagnostic]]:
        """The diagnostics of each file, by its path. Files with what is certain come first."""
        found: dict[str, list[Diagnostic]] = {}
        for diagnostic in self.diagnostics:
            found.setdefault(diagnostic.path, []).append(diagnostic)
        return found


def lines(output_format: str, report: Report) -> Iterator[str]:
    """The lines of a report in one of `FORMATS`."""
    module = import_module(f"lint_rules.reports.{output_format}")
    yield from module.report(report)
