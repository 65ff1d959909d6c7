"""What findings have to do with files other than the one that is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.analysis.imports import PACKAGE_FILE
from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation
from lint_rules.diagnostics.suppression import Suppressions
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.model.code import Location

Given = Mapping[Path, Path]
"""The files of a run by their resolved paths, each as it was given."""


class OtherFile:
    """A file beside the one that is checked, as it is now."""

    def __init__(self, source: Source, renamed: Mapping[str, str]) -> None:
        self.source = source
        self._renamed = renamed
        self._suppressions: Suppressions | None = None

    def related(self, location: Location, message: str) -> RelatedLocation:
        """A location in the file, with a message.

        Raises:
            LookupError: the file is shorter now than when it was read.
        """
        if location.end > len(self.source.text):
            raise LookupError(location)
        start = self.source.position(location.start)
        end = self.source.position(location.end)
        return RelatedLocation(str(self.source.path), message, start, end)

    def suppresses(self, row: int, code: str) -> bool:
        """Whether a `# noqa` of the file suppresses a code on a line."""
        if self._suppressions is None:
            from lint_rules.syntax.comments import Comments, comments_of

            has_any = "noqa" in self.source.text.lower()
            comments = comments_of(self.source.text) if has_any else Comments([], [])
            self._suppressions = Suppressions(self.source, *comments, self._renamed)
        return self._suppressions.suppress(row, code)


class OtherFiles:
    """The files that findings lead to.

    Args:
        given: the files of the run.
        snapshot: the files of now.
        renamed: the codes of rules by the codes that they had.
    """

    def __init__(self, given: Given, snapshot: Snapshot, renamed: Mapping[str, str]) -> None:
        self._given = given
        self._renamed = renamed
        self._snapshot = snapshot
        self._open: dict[Path, tuple[str, OtherFile]] = {}

    def of(self, location: Location) -> OtherFile:
        """The file that a location is in.

        Raises:
            LookupError: it cannot be read any more.
        """
        path = location.file
        if path == PACKAGE_FILE:
            raise LookupError(location)
        text = self._snapshot.files(path.parent).text(path) if path else None
        if path is None or text is None:
            raise LookupError(location)
        known = self._open.get(path)
        if known is None or known[0] != text:
            source = Source(self._given.get(path) or _shown(path), text)
            known = self._open[path] = text, OtherFile(source, self._renamed)
        return known[1]


def gathered(
    diagnostics: Iterable[Diagnostic], given: Given, snapshot: Snapshot
) -> list[Diagnostic]:
    """The diagnostics of a run, each in the file that has to change.

    Code of a base flow in another file is reported once, there, if that is a file of the run, and
    otherwise at each subclass. A fix is offered only if all files that it changes are files of
    the run.
    """
    found: list[Diagnostic] = []
    numbers: dict[tuple[object, ...], int] = {}
    inherited: list[tuple[str, RelatedLocation, Diagnostic]] = []
    for diagnostic in sorted(diagnostics, key=lambda diagnostic: diagnostic.order):
        defined_at = diagnostic.defined_at
        at = given.get(snapshot.real(Path(defined_at.path))) if defined_at else None
        if defined_at is not None and at is not None:
            inherited.append((str(at), defined_at, diagnostic))
        else:
            key = diagnostic.path, diagnostic.start, diagnostic.end, diagnostic.code
            numbers.setdefault(key, len(found))
            found.append(diagnostic)
    for path, defined_at, diagnostic in inherited:
        key = path, defined_at.start, defined_at.end, diagnostic.code
        # A base flow that runs itself may have reported it already.
        if key not in numbers:
            numbers[key] = len(found)
            found.append(_at_base(diagnostic, path, defined_at))
        known = found[numbers[key]]
        subclass = RelatedLocation(
            diagnostic.path, "inherited here", diagnostic.start, diagnostic.end
        )
        inherited_by = dict.fromkeys((*known.inherited_by, *diagnostic.inherited_by))
        found[numbers[key]] = replace(
            known, related=(*known.related, subclass), inherited_by=tuple(inherited_by)
        )
    # A fix of several files names each of them, and so does each finding that it fixes.
    is_given = cache(lambda path: snapshot.real(Path(path)) in given)
    offered = (_offered(diagnostic, is_given) for diagnostic in found)
    return sorted(offered, key=lambda diagnostic: diagnostic.order)


def _at_base(diagnostic: Diagnostic, path: str, defined_at: RelatedLocation) -> Diagnostic:
    here = [e for e in diagnostic.edits_in_other_files if e.path == path]
    beside = [e for e in diagnostic.edits_in_other_files if e.path != path]
    return replace(
        diagnostic,
        path=path,
        start=defined_at.start,
        end=defined_at.end,
        edits=here[0].edits if here else (),
        edits_in_other_files=tuple(beside),
        related=tuple(r for r in diagnostic.related if r != defined_at),
    )


def _offered(diagnostic: Diagnostic, is_given: Callable[[str], bool]) -> Diagnostic:
    """A diagnostic without its fix where that changes files that are not of the run."""
    missing = [edits.path for edits in diagnostic.edits_in_other_files if not is_given(edits.path)]
    if not missing:
        return diagnostic
    option = "--fix" if diagnostic.fixable else "--unsafe-fixes"
    listed = " and ".join(f"`{path}`" for path in missing)
    return replace(
        diagnostic,
        help=f"{diagnostic.help} (`{option}` does it when {listed} is given too)",
        edits=(),
        edits_in_other_files=(),
        fix_message=None,
        safety=None,
    )


def _shown(path: Path) -> Path:
    """A path, relative to the current folder if it is below it."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
