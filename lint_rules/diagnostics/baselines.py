"""The baselines of a run: each file has the nearest one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from lint_rules.diagnostics.baseline import Baseline, Changes, Entry, Thing
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.settings.options import SettingsError
from lint_rules.workspace.atomic_write import write, write_together
from lint_rules.workspace.file_system import is_there
from lint_rules.workspace.source import Position, Source

_MOST_BYTES = 20_000_000
"""Of all baselines of a run: a file may be reached by many links."""

SourceOf = Callable[[str], Source]
"""The text of a file of the run."""


class Baselines:
    """The baselines of a run.

    A finding is looked for in the baseline of the file in which it stands. If that file has none,
    it is looked for in those of the files that inherit it.

    Args:
        path_of: the path of a file's baseline, `None` if it has none.
    """

    def __init__(self, path_of: Callable[[Path], Path | None]) -> None:
        self._path_of = path_of
        self._opened: dict[Path, Baseline] = {}
        self._left = _MOST_BYTES

    def __bool__(self) -> bool:
        return bool(self._opened)

    def load(self, files: Iterable[Path], *, may_be_missing: bool) -> None:
        """Reads the baselines of files.

        Raises:
            SettingsError: a file is no baseline, or is missing.
        """
        folders = {file.absolute().parent: file for file in files}
        for path in dict.fromkeys(map(self._path_of, folders.values())):
            if path is None or path in self._opened:
                continue
            if not may_be_missing and not is_there(path):
                raise SettingsError(
                    f"{path}: this baseline does not exist. Write it with `--write-baseline`, or "
                    "remove it from the settings."
                )
            baseline = self._opened[path] = Baseline.read(path)
            self._left -= baseline.size
            if self._left < 0:
                raise SettingsError(
                    f"{path}: all baselines of a run together have more than {_MOST_BYTES:,} "
                    "bytes. Fix some of the findings, or check fewer files at once."
                )

    @property
    def codes(self) -> set[str]:
        """The codes that they name."""
        return set().union(*(baseline.codes for baseline in self._opened.values()))

    def rename(self, current: Callable[[str], str]) -> dict[Path, dict[str, str]]:
        """Takes former codes of rules for those of now (`Baseline.rename`).

        Returns:
            The codes that changed, of each baseline that has any.
        """
        found = {path: baseline.rename(current) for path, baseline in self._opened.items()}
        return {path: changed for path, changed in found.items() if changed}

    def saw(self, path: Path, checked: Callable[[str], bool]) -> None:
        """Notes that a file was checked (`Baseline.saw`)."""
        for baseline in self._opened.values():
            baseline.saw(str(path), checked)

    def new(self, diagnostics: Iterable[Diagnostic], source_of: SourceOf) -> list[Diagnostic]:
        """The diagnostics that no baseline knows, in order."""
        fresh: list[Diagnostic] = []
        for thing in self._followed(diagnostics, source_of):
            # Each that may know it takes note of it.
            known = [baseline.takes(thing) for baseline in self._of(thing)]
            if not any(known):
                fresh += thing.diagnostics
        return sorted(fresh, key=lambda diagnostic: diagnostic.order)

    def stale(self) -> dict[Path, list[Entry]]:
        """The entries that are out of date, of each baseline that has any."""
        found = {path: [*baseline.stale()] for path, baseline in self._opened.items()}
        return {path: entries for path, entries in found.items() if entries}

    def write(
        self, diagnostics: Iterable[Diagnostic], source_of: SourceOf
    ) -> tuple[dict[Path, Changes], list[Diagnostic]]:
        """Writes baselines that know these diagnostics, all of them or none.

        Returns:
            What each of them knows, and the diagnostics in files that have no baseline.

        Raises:
            OSError: a file cannot be written.
        """
        of_each: dict[Path, list[Thing]] = {path: [] for path in self._opened}
        homeless: list[Diagnostic] = []
        for thing in self._followed(diagnostics, source_of):
            baselines = self._of(thing)
            for baseline in baselines:
                of_each[baseline.path].append(thing)
            if not baselines:
                homeless += thing.diagnostics
        renewed = {path: self._opened[path].renewed(found) for path, found in of_each.items()}
        contents = {path: content for path, (content, _) in renewed.items()}
        if len(contents) == 1:
            # It may be a device, such as /dev/stdout.
            write(*contents.popitem())
        else:
            write_together(contents)
        return {path: changes for path, (_, changes) in renewed.items()}, homeless

    def _followed(self, diagnostics: Iterable[Diagnostic], source_of: SourceOf) -> list[Thing]:
        """The findings that diagnostics report, after each baseline knows the renamed files."""
        found = [*things(diagnostics, source_of)]
        of_each: dict[Path, list[Thing]] = {}
        for thing in found:
            for baseline in self._of(thing):
                of_each.setdefault(baseline.path, []).append(thing)
        for path, those in of_each.items():
            self._opened[path].follow(those)
        return found

    def _of(self, thing: Thing) -> list[Baseline]:
        """The baselines that a finding belongs to."""
        own = self._path_of(Path(thing.path))
        if own in self._opened:
            return [self._opened[own]]
        files = {*thing.inherited_by, *(diagnostic.path for diagnostic in thing.diagnostics)}
        paths = dict.fromkeys(self._path_of(Path(file)) for file in sorted(files))
        return [self._opened[path] for path in paths if path in self._opened]


def things(diagnostics: Iterable[Diagnostic], source_of: SourceOf) -> Iterator[Thing]:
    """The findings that diagnostics report, each once."""
    found: dict[tuple[str, str, Position, int | None], list[Diagnostic]] = {}
    for number, diagnostic in enumerate(diagnostics):
        at = diagnostic.defined_at or diagnostic
        one = None if diagnostic.defined_at else number
        found.setdefault((diagnostic.code, at.path, at.start, one), []).append(diagnostic)
    for (_, path, start, _), same in found.items():
        yield Thing(path, partial(_line, source_of, path, start.row), same)


def _line(source_of: SourceOf, path: str, row: int) -> str:
    """The text of a line, without its indentation."""
    return source_of(path).line(row).strip()
