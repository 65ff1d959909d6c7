"""Findings, by what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic, RelatedLocation
from lint_rules.diagrams.diagram import FileRange, Note, RelatedNote
from lint_rules.diagrams.locations import FileRanges
from lint_rules.model.code import Function, Location
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

Find = Callable[[Path], Iterable[Diagnostic]]
"""What the linter says of a file."""


class Notes:
    """What the linter says of the files of what is drawn.

    Args:
        ranges: where things stand in these files.
        find: what the linter says of a file; `None` leaves findings out.
    """

    def __init__(self, ranges: FileRanges, find: Find | None) -> None:
        self._ranges = ranges
        self._find = find
        self._of_files: dict[Path, dict[Location | None, list[Note]]] = {}
        self._at: dict[tuple[str, int], list[tuple[FileRange, Note]]] = {}
        """The notes with their ranges, also the related ones, by path and row."""

    def of_flow(self, flow: Flow, apart: Iterable[Function] = ()) -> tuple[Note, ...]:
        """The notes on a flow and its methods, without those on its steps; with the first flow
        of a file, of the code around the flows too."""
        found = self._of(flow.module)
        steps = {step.location for step in flow.all_steps.values()}
        steps |= {function.name_location for function in apart}
        places: set[Location | None] = {flow.location}
        functions = {f.name_location for f in flow.definition.functions}
        places |= functions - steps
        if flow.location == min(other.location for other in flow.module.flows if not other.is_base):
            of_flows = {other.location for other in flow.module.flows}
            of_flows |= {f.name_location for o in flow.module.flows for f in o.definition.functions}
            places |= found.keys() - of_flows
        return tuple(sorted((note for p in places for note in found.get(p, ())), key=_order))

    def of_function(self, location: Location, module: Module) -> tuple[Note, ...]:
        """The notes on a step or another function, by the location of its name."""
        return tuple(self._of(module).get(location, ()))

    def faults_at(self, file_range: FileRange) -> tuple[Note, ...]:
        """The certain mistakes that the code at a range is about, if only as a related location."""
        return tuple(dict.fromkeys(note for _, note in self._beside(file_range) if note.is_fault))

    def at(self, file_range: FileRange) -> tuple[Note, ...]:
        """The notes on the code at a range, in a file of a flow that is drawn."""
        return tuple(
            dict.fromkeys(note for place, note in self._beside(file_range) if place is note.range)
        )

    def _beside(self, file_range: FileRange) -> Iterator[tuple[FileRange, Note]]:
        """The notes with a range that overlaps with one, each with that range, row by row."""
        for row in _rows(file_range):
            for place, note in self._at.get((file_range.path, row), ()):
                if _overlap(place, file_range):
                    yield place, note

    def _of(self, module: Module) -> dict[Location | None, list[Note]]:
        """The notes on a file, by the functions and classes that they are about."""
        path = module.resolver.path
        if path is None or self._find is None:
            return {}
        if path not in self._of_files:
            found = self._of_files[path] = {}
            for diagnostic in self._find(path):
                note = self._note(diagnostic)
                found.setdefault(self._ranges.owner(note.range.row, module), []).append(note)
                for place in (note.range, *(related.range for related in note.related)):
                    for row in _rows(place):
                        self._at.setdefault((place.path, row), []).append((place, note))
        return self._of_files[path]

    def _note(self, diagnostic: Diagnostic) -> Note:
        return Note(
            diagnostic.code,
            diagnostic.name,
            diagnostic.group.value,
            diagnostic.message,
            diagnostic.help,
            self._range_of(diagnostic),
            tuple(RelatedNote(r.message, self._range_of(r)) for r in diagnostic.related),
        )

    def _range_of(self, place: Diagnostic | RelatedLocation) -> FileRange:
        path = self._ranges.path(Path(place.path))
        start, end = place.start, place.end
        return FileRange(path, start.row, start.column, end.row, end.column)


_MOST_ROWS = 50
"""How many rows of a range are looked at, so that the work grows with the ranges alone."""


def _rows(file_range: FileRange) -> range:
    """The rows of a range, the first of them if it is long."""
    return range(file_range.row, min(file_range.end_row + 1, file_range.row + _MOST_ROWS))


def _overlap(one: FileRange, other: FileRange) -> bool:
    """Whether two ranges of a file have a character in common."""
    start, end = (one.row, one.column), (one.end_row, one.end_column)
    return start < (other.end_row, other.end_column) and (other.row, other.column) < end


def _order(note: Note) -> tuple[str, int, int, str]:
    return note.range.path, note.range.row, note.range.column, note.code
