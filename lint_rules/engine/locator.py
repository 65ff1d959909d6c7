"""From what a rule finds to a diagnostic: its position, its fix and its related locations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lint_rules.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    FileEdits,
    Finding,
    Fix,
    Related,
    RelatedLocation,
    TextEdit,
)
from lint_rules.engine.cross_file import OtherFiles
from lint_rules.engine.fix_groups import FixGroup
from lint_rules.fixes.edits import CannotEdit, resolve
from lint_rules.settings.options import Settings
from lint_rules.settings.selection import ignored_in, matches
from lint_rules.workspace.notebook import Notebook
from lint_rules.workspace.source import Position, Source

if TYPE_CHECKING:
    from lint_rules.model.code import Location
    from lint_rules.model.flow import Flow
    from lint_rules.model.symbol import Symbol

GroupOf: TypeAlias = Callable[[Finding, Source, Settings], FixGroup | None]
"""The findings that a finding of a file is fixed together with."""


class Locator:
    """Makes diagnostics of findings.

    Args:
        others: the files beside the one that is checked.
        group_of: the findings that one is fixed together with, `None` if it is fixed alone.
    """

    def __init__(self, others: OtherFiles, group_of: GroupOf) -> None:
        self._others = others
        self._group_of = group_of

    def locate(
        self, finding: Finding, source: Source, settings: Settings, symbol: Symbol
    ) -> Diagnostic:
        """The diagnostic of a finding in a file. It has no fix if the fix cannot be made.

        Args:
            finding: the finding.
            source: the file in which it is reported.
            settings: the file's settings.
            symbol: what the finding's own location is called, which may be in another file.
        """
        start, end = finding.location.range
        fix = finding.fix
        group = self._group_of(finding, source, settings)
        if group is None:
            edits, edits_in_other_files = self._edits(fix, source, finding.location)
        else:
            edits, edits_in_other_files = self._group_edits(group, finding.location.file)
        fix = fix if edits or edits_in_other_files else None
        return Diagnostic(
            str(source.path),
            finding.code,
            finding.name,
            finding.message,
            finding.help,
            source.position(start),
            source.position(end),
            edits,
            fix.message if fix else None,
            fix.safety if fix else None,
            related=tuple(r for related in finding.related for r in self._related(related)),
            edits_in_other_files=edits_in_other_files,
            defined_at=next(self._related(finding.home), None) if finding.home else None,
            group=finding.group,
            severity=finding.severity,
            scope=symbol.scope,
            symbol=symbol.name,
        )

    def inherited(
        self, finding: Finding, flow: Flow, source: Source, settings: Settings, symbol: Symbol
    ) -> list[Diagnostic]:
        """The diagnostic of a finding in a base flow's file, where the subclass names the base.

        There is none if the base's file suppresses or ignores it, or has changed meanwhile.
        """
        try:
            other = self._others.of(finding.location)
            defined_at = other.related(finding.location, "inherited from here")
        except LookupError:
            return []
        ignored = ignored_in(other.source.path, settings)
        if other.suppresses(defined_at.start.row, finding.code) or matches(finding, ignored):
            return []
        owners = (o.module for o in flow.lineage if o.location.file == finding.location.file)
        way = flow.way_to(next(owners, flow.module))
        diagnostic = self.locate(replace(finding, location=way), source, settings, symbol)
        inherited_by = (diagnostic.path,)
        return [
            replace(
                diagnostic,
                related=(defined_at, *diagnostic.related),
                defined_at=defined_at,
                inherited_by=inherited_by,
            )
        ]

    def _group_edits(
        self, group: FixGroup, file: Path | None
    ) -> tuple[tuple[TextEdit, ...], tuple[FileEdits, ...]]:
        """What the fixes of a group change in a file, and in others; nothing if they cannot
        change all."""
        if not group.is_resolved:
            group.is_resolved = True
            try:
                group.resolved = {
                    path: self._edits_of_file(edits) for path, edits in group.by_file().items()
                }
            except (CannotEdit, LookupError):
                group.resolved = None
        return group.within(file), group.beside(file)

    def _edits_of_file(self, edits: list[Edit]) -> FileEdits:
        """What edits change in their file. Raises `CannotEdit` or `LookupError` where they cannot
        be made."""
        other = self._others.of(edits[0].location)
        return FileEdits(other.source, resolve(edits, other.source))

    def _edits(
        self, fix: Fix | None, source: Source, at: Location
    ) -> tuple[tuple[TextEdit, ...], tuple[FileEdits, ...]]:
        """What a fix changes in the file of its finding, and in others; nothing if it cannot
        change all."""
        if fix is None:
            return (), ()
        beside: dict[Path | None, list[Edit]] = {}
        for edit in fix.edits:
            if edit.location.file != at.file:
                beside.setdefault(edit.location.file, []).append(edit)
        try:
            here = [edit for edit in fix.edits if edit.location.file == at.file]
            edits_in_other_files = tuple(self._edits_of_file(edits) for edits in beside.values())
            return resolve(here, source), edits_in_other_files
        except (CannotEdit, LookupError):
            return (), ()

    def _related(self, related: Related) -> Iterator[RelatedLocation]:
        """Where a related place is: nothing if its file changed since it was read."""
        try:
            yield self._others.of(related.location).related(related.location, related.message)
        except LookupError:
            return


def in_cell(diagnostic: Diagnostic, notebook: Notebook) -> Diagnostic:
    """A diagnostic of a notebook's text as one of a cell, without its fix: cells are not edited."""
    cell, before = notebook.in_cell(diagnostic.start.row)
    return replace(
        diagnostic,
        cell=cell,
        start=Position(diagnostic.start.row - before, diagnostic.start.column),
        end=Position(diagnostic.end.row - before, diagnostic.end.column),
        edits=(),
        edits_in_other_files=(),
        fix_message=None,
        safety=None,
    )
