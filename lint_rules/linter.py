"""From a file to diagnostics: read, check, suppress, locate; and mend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.edits import CannotEdit, apply, compatible, resolve
from lint_rules.files import can_matter
from lint_rules.findings import Diagnostic, Finding, Safety
from lint_rules.selection import check_selector, ignored_in, selected
from lint_rules.settings import Settings, SettingsError
from lint_rules.source import CannotDecode, Location, Source

if TYPE_CHECKING:
    from lint_rules.model.module import Module
    from lint_rules.reader.places import Positions
    from lint_rules.rules.base import Rule

SYNTAX_ERROR = ("MF900", "syntax-error")
MOST_PASSES = 20


class RuleError(Exception):
    """A rule failed on a file; the message names both."""


@dataclass(frozen=True)
class Fixed:
    """What mending made of a file.

    Attributes:
        source: the mended file.
        remaining: what is still to be said of it.
        count: how many fixes were made.
        problem: why mending stopped early, if it did.
    """

    source: Source
    remaining: list[Diagnostic]
    count: int
    problem: str | None = None


class Linter:
    """Checks files with the rules that their settings select.

    Args:
        rules: all rules there are.
    """

    def __init__(self, rules: Iterable[type[Rule]]) -> None:
        self._all = tuple(rules)
        self._selected: dict[int, tuple[Settings, list[Rule]]] = {}

    def check(self, source: Source, settings: Settings) -> list[Diagnostic]:
        """What the rules say of a file, in the order of its lines.

        Raises:
            SettingsError: a selector names no rule.
            RuleError: a rule failed.
        """
        rules = self._rules(settings)
        ignored = ignored_in(source.path, settings)
        if ignored:
            rules = [rule for rule in rules if not _matches(rule.code, ignored)]
        if not source.text:
            return []

        from lint_rules.reader.read import CannotRead, read
        from lint_rules.surroundings import Surroundings

        path = None if str(source.path) == "-" else source.path
        surroundings = Surroundings(path, settings.own_packages, settings.project)
        try:
            module, positions = read(source.text, surroundings)
        except CannotRead as error:
            return [unreadable(source, str(error), error.row, error.column)]
        findings = [f for rule in rules for f in _run(rule, module, source.path)]
        return _located(findings, source, positions)

    def fix(self, source: Source, settings: Settings, safeties: set[Safety]) -> Fixed:
        """Mends a file: applies fixes and reads again until nothing changes.

        A change that leaves a file that cannot be read is thrown away. Raises as `check`.
        """
        count = 0
        for _ in range(MOST_PASSES):
            diagnostics = self.check(source, settings)
            groups = [d.edits for d in diagnostics if d.edits and d.safety in safeties]
            changes, applied = compatible(groups)
            if not changes:
                return Fixed(source, diagnostics, count)
            text = apply(source.text, changes)
            mended = Source(source.path, text, source.encoding, source.has_bom)
            if any(d.code == SYNTAX_ERROR[0] for d in self.check(mended, settings)):
                problem = "a fix would have broken the syntax, and was not made"
                return Fixed(source, diagnostics, count, problem)
            source, count = mended, count + applied
        problem = f"the fixes did not come to an end after {MOST_PASSES} passes"
        return Fixed(source, self.check(source, settings), count, problem)

    def _rules(self, settings: Settings) -> list[Rule]:
        known = self._selected.get(id(settings))
        if known is None:
            try:
                for selectors in settings.per_file_ignores.values():
                    for selector in selectors:
                        check_selector(selector, self._all)
                rules = [rule(settings) for rule in selected(settings, self._all)]
            except SettingsError as error:
                where = f"{settings.origin}: " if settings.origin else ""
                raise SettingsError(f"{where}{error}") from error
            known = self._selected[id(settings)] = settings, rules
        return known[1]


def _matches(code: str, selectors: Sequence[str]) -> bool:
    return any(selector == "ALL" or code.startswith(selector) for selector in selectors)


def _run(rule: Rule, module: Module, path: Path) -> list[Finding]:
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module as WholeModule
    from lint_rules.model.step import Step

    subject = rule.subject()
    flows = [flow for flow in module.flows if not flow.is_base]
    try:
        if subject is WholeModule:
            return list(rule.check(module))
        if subject is Flow:
            return [finding for flow in flows for finding in rule.check(flow)]
        if subject is Step:
            return [f for flow in flows for step in flow.steps for f in rule.check(step)]
    except Exception as error:
        raise RuleError(
            f"{path}: the rule {rule.code} ({rule.name}) failed: {type(error).__name__}: {error}"
        ) from error
    raise RuleError(
        f"the rule {rule.code} ({rule.name}) must annotate the argument of its `check` "
        "with Module, Flow or Step."
    )


def _located(findings: list[Finding], source: Source, positions: Positions) -> list[Diagnostic]:
    """Findings with their positions, without those that `# noqa` suppresses."""
    if not findings:
        return []
    diagnostics = [_locate(finding, source, positions) for finding in findings]
    if "noqa" in source.text.lower():
        from lint_rules.noqa import Suppressions

        said = Suppressions(source, positions.comments(), positions.multiline_strings())
        diagnostics = [d for d in diagnostics if not said.suppress(d.start.row, d.code)]
    return sorted(diagnostics, key=lambda diagnostic: diagnostic.order)


def _locate(finding: Finding, source: Source, positions: Positions) -> Diagnostic:
    start, end = positions.span(finding.place)
    fix = finding.fix
    try:
        edits = resolve(fix.edits, source, positions) if fix else ()
    except CannotEdit:
        edits = ()
    return Diagnostic(
        str(source.path),
        finding.code,
        finding.name,
        finding.message,
        finding.help,
        source.location(start),
        source.location(end),
        edits,
        fix.message if fix and edits else None,
        fix.safety if fix and edits else None,
    )


def unreadable(source: Source, reason: str, row: int = 1, column: int = 1) -> Diagnostic:
    """The diagnostic of a file that cannot be parsed."""
    rows = len(source.line_starts)
    where = Location(min(row, rows), column)
    return Diagnostic(
        str(source.path),
        *SYNTAX_ERROR,
        f"the file cannot be parsed: {reason}",
        "mend the syntax; nothing else in the file was checked",
        where,
        where,
    )


def load(path: Path) -> Source | Diagnostic:
    """A file's source, or the diagnostic that says why it has none.

    Raises:
        OSError: the file cannot be read.
    """
    return decoded(path, path.read_bytes())


def decoded(path: Path, content: bytes) -> Source | Diagnostic:
    """The source of a file's bytes: without text where they cannot hold anything that matters."""
    if not can_matter(content):
        return Source(path, "")
    try:
        return Source.decode(path, content)
    except CannotDecode as error:
        return unreadable(Source(path, ""), str(error))
