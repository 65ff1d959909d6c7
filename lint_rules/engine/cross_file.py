"""What findings have to do with files other than the one that is checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation
from lint_rules.diagnostics.suppression import Suppressions
from lint_rules.model.code import FILE, Place
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.syntax.positions import Positions

Given = Mapping[Path, Path]
"""The files of a run by their resolved paths, each as it was given."""


class OtherFile:
    """A file beside the one that is checked, as it is now."""

    def __init__(self, source: Source, positions: Positions) -> None:
        self.source = source
        self.positions = positions
        self._said: Suppressions | None = None

    def location(self, place: Place, message: str) -> RelatedLocation:
        """Where something in the file stands, with what to say of it."""
        start, end = self.positions.span(place)
        at, until = self.source.location(start), self.source.location(end)
        return RelatedLocation(str(self.source.path), message, at, until)

    def suppresses(self, row: int, code: str) -> bool:
        """Whether a `# noqa` of the file speaks for a line of it."""
        if self._said is None:
            comments = self.positions.comments()
            self._said = Suppressions(self.source, comments, self.positions.multiline_strings())
        return self._said.suppress(row, code)


class OtherFiles:
    """The files that findings lead to.

    Args:
        given: the files of the run.
        snapshot: the files of now.
    """

    def __init__(self, given: Given, snapshot: Snapshot) -> None:
        self._given = given
        self._snapshot = snapshot
        self._open: dict[Path, tuple[str, OtherFile]] = {}

    def of(self, place: Place) -> OtherFile:
        """The file that a place is in.

        Raises:
            LookupError: it cannot be read any more.
        """
        from lint_rules.analysis.imports import ImportResolver, numbers_of
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import positions_of

        path = numbers_of(self._snapshot).file_of(place)
        text = self._snapshot.files(path.parent).text(path) if path else None
        if path is None or text is None:
            raise LookupError(place)
        known = self._open.get(path)
        if known is None or known[0] != text:
            source = Source(self._given.get(path) or _shown(path), text)
            try:
                positions = positions_of(text, ImportResolver(self._snapshot, path))
            except CannotRead as error:
                raise LookupError(place) from error
            known = self._open[path] = text, OtherFile(source, positions)
        return known[1]


def same_file(one: Place, other: Place) -> bool:
    """Whether two places are in one file."""
    return one // FILE == other // FILE


def gathered(
    diagnostics: Iterable[Diagnostic], given: Given, snapshot: Snapshot
) -> list[Diagnostic]:
    """The diagnostics of a run, each where its readers can mend it.

    What stands in a base flow's file is told once, there, if that is a file of the run, and else
    at each heir. A fix is offered only where all files that it changes are files of the run.
    """
    told: list[Diagnostic] = []
    inherited: dict[tuple[object, ...], Diagnostic] = {}
    for diagnostic in sorted(diagnostics, key=lambda diagnostic: diagnostic.order):
        stands = diagnostic.stands
        at = given.get(snapshot.real(Path(stands.path))) if stands else None
        if stands is None or at is None:
            told.append(diagnostic)
            continue
        key = at, stands.start, stands.end, diagnostic.code
        heir = RelatedLocation(diagnostic.path, "inherited here", diagnostic.start, diagnostic.end)
        if key in inherited:
            known = inherited[key]
            heirs = dict.fromkeys((*known.heirs, *diagnostic.heirs))
            inherited[key] = replace(known, related=(*known.related, heir), heirs=tuple(heirs))
        else:
            inherited[key] = _at_base(diagnostic, str(at), stands, heir)
    offered = (_offered(diagnostic, given, snapshot) for diagnostic in (*told, *inherited.values()))
    return sorted(offered, key=lambda diagnostic: diagnostic.order)


def _at_base(
    diagnostic: Diagnostic, path: str, stands: RelatedLocation, heir: RelatedLocation
) -> Diagnostic:
    here = [e for e in diagnostic.elsewhere if e.path == path]
    beside = [e for e in diagnostic.elsewhere if e.path != path]
    return replace(
        diagnostic,
        path=path,
        start=stands.start,
        end=stands.end,
        edits=here[0].edits if here else (),
        elsewhere=tuple(beside),
        related=(*(r for r in diagnostic.related if r != stands), heir),
    )


def _offered(diagnostic: Diagnostic, given: Given, snapshot: Snapshot) -> Diagnostic:
    """A diagnostic without its fix where that changes files that are not of the run."""
    paths = (edits.path for edits in diagnostic.elsewhere)
    missing = [path for path in paths if snapshot.real(Path(path)) not in given]
    if not missing:
        return diagnostic
    option = "--fix" if diagnostic.fixable else "--unsafe-fixes"
    listed = " and ".join(f"`{path}`" for path in missing)
    return replace(
        diagnostic,
        help=f"{diagnostic.help} (`{option}` does it when {listed} is given too)",
        edits=(),
        elsewhere=(),
        fix_message=None,
        safety=None,
    )


def _shown(path: Path) -> Path:
    """A path as short as it can be said from here."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
