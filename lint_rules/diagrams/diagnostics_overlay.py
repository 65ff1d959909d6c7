"""Findings, by what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagrams.diagram import Note, Spot
from lint_rules.diagrams.locations import Spots
from lint_rules.model.code import Location
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.step import Step

Find = Callable[[Path], Iterable[Diagnostic]]
"""What the linter says of a file."""


class Notes:
    """What the linter says of the files of what is drawn.

    Args:
        spots: where things stand in these files.
        find: what the linter says of a file; `None` leaves findings out.
    """

    def __init__(self, spots: Spots, find: Find | None) -> None:
        self._spots = spots
        self._find = find
        self._of_files: dict[Path, dict[Location | None, list[Note]]] = {}
        self._at: dict[str, list[Note]] = {}

    def of_flow(self, flow: Flow) -> tuple[Note, ...]:
        """What is said of a flow and its methods, its steps apart; with the first flow of a file,
        of the code around the flows too."""
        said = self._of(flow.module)
        steps = {step.location for step in flow.all_steps.values()}
        places: set[Location | None] = {flow.location}
        functions = {f.name_location for f in flow.definition.functions}
        places |= functions - steps
        if flow.location == min(other.location for other in flow.module.flows if not other.is_base):
            of_flows = {other.location for other in flow.module.flows}
            of_flows |= {f.name_location for o in flow.module.flows for f in o.definition.functions}
            places |= said.keys() - of_flows
        return tuple(sorted((note for p in places for note in said.get(p, ())), key=_order))

    def of_step(self, step: Step) -> tuple[Note, ...]:
        """What is said of a step."""
        return tuple(self._of(step.flow.module).get(step.location, ()))

    def at(self, spot: Spot) -> tuple[Note, ...]:
        """What is said of the code at a spot, in a file of a flow that was asked about."""
        start, end = (spot.row, spot.column), (spot.end_row, spot.end_column)
        return tuple(
            note
            for note in self._at.get(spot.path, ())
            if (note.spot.row, note.spot.column) < end
            and start < (note.spot.end_row, note.spot.end_column)
        )

    def _of(self, module: Module) -> dict[Location | None, list[Note]]:
        """What is said of a file, by the functions and classes that it is said of."""
        path = module.resolver.path
        if path is None or self._find is None:
            return {}
        if path not in self._of_files:
            found = self._of_files[path] = {}
            for diagnostic in self._find(path):
                note = self._note(diagnostic)
                found.setdefault(self._spots.owner(note.spot.row, module), []).append(note)
                self._at.setdefault(note.spot.path, []).append(note)
        return self._of_files[path]

    def _note(self, diagnostic: Diagnostic) -> Note:
        start, end = diagnostic.start, diagnostic.end
        path = self._spots.path(Path(diagnostic.path))
        spot = Spot(path, start.row, start.column, end.row, end.column)
        return Note(diagnostic.code, diagnostic.name, diagnostic.message, diagnostic.help, spot)


def _order(note: Note) -> tuple[str, int, int, str]:
    return note.spot.path, note.spot.row, note.spot.column, note.code
