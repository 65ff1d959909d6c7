"""Where things stand in the files of what is drawn."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from lint_rules.diagrams.diagram import Spot
from lint_rules.model.code import Class, Place
from lint_rules.model.module import Module
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.positions import Positions
from lint_rules.syntax.read import read
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import Source


class Spots:
    """Finds the spots of places. Each file is read once more, and only when it is asked about.

    Args:
        snapshot: the files of now.
        base: the folder that paths are shown from.
    """

    def __init__(self, snapshot: Snapshot, base: Path) -> None:
        self._snapshot = snapshot
        self._base = base
        self._files: dict[Path, tuple[Source, Positions, Module]] = {}
        self._owners: dict[Path, tuple[list[int], list[Place | None]]] = {}

    def path(self, path: Path) -> str:
        """A path as it is shown, with slashes."""
        return Path(os.path.relpath(self._snapshot.real(path), self._base)).as_posix()

    def of(self, place: Place, module: Module) -> Spot:
        """The spot of a place in a file.

        Raises:
            LookupError: the file is gone, or cannot be read any more.
        """
        source, positions, _ = self._file(module)
        start, end = (source.location(offset) for offset in positions.span(place))
        return Spot(self.path(source.path), start.row, start.column, end.row, end.column)

    def text(self, place: Place, module: Module) -> str:
        """The code at a place, in one line. Raises as `of`."""
        source, positions, _ = self._file(module)
        start, end = positions.span(place)
        return " ".join(source.text[start:end].split())

    def owner(self, row: int, module: Module) -> Place | None:
        """The place of the function or class that a row belongs to, the innermost of those at
        module level and in classes; `None` for other code. Raises as `of`."""
        path = self._file(module)[0].path
        if path not in self._owners:
            starts = sorted(self._starts(module), key=lambda start: start[0])
            self._owners[path] = [row for row, _ in starts], [place for _, place in starts]
        rows, places = self._owners[path]
        found = bisect_right(rows, row)
        return places[found - 1] if found else None

    def _starts(self, module: Module) -> Iterator[tuple[int, Place | None]]:
        """The rows on which statements begin, with the definition that begins there."""
        source, positions, known = self._file(module)

        def row(place: Place) -> int:
            return source.location(positions.span(place)[0]).row

        for statement in known.body:
            inner = [s for s in statement.walk() if isinstance(s, Class)]
            is_known = getattr(statement, "name", None) is not None
            yield row(statement.anchor), statement.place if is_known else None
            for owner in inner:
                yield row(owner.anchor), owner.place
                for nested in owner.body:
                    is_function = getattr(nested, "name", None) is not None
                    yield row(nested.anchor), nested.place if is_function else owner.place

    def _file(self, module: Module) -> tuple[Source, Positions, Module]:
        path = module.resolver.path
        if path is None:
            raise LookupError(module)
        if path not in self._files:
            text = module.resolver.files.text(path)
            if text is None:
                raise LookupError(path)
            try:
                source = Source(path, text)
                known, positions = read(source.text, module.resolver)
            except CannotRead as error:
                raise LookupError(path) from error
            self._files[path] = source, positions, known
        return self._files[path]
