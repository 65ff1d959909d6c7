"""Where things stand in the files of what is drawn."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Iterator
from pathlib import Path

from lint_rules.diagrams.diagram import FileRange
from lint_rules.model.code import Class, Definition, Location, Statement
from lint_rules.model.module import Module
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import Source


class FileRanges:
    """Finds the ranges of locations.

    Args:
        snapshot: the files of now.
        base: the folder that paths are shown from.
    """

    def __init__(self, snapshot: Snapshot, base: Path) -> None:
        self._snapshot = snapshot
        self._base = base
        self._sources: dict[Module, Source] = {}
        self._owners: dict[Module, tuple[list[int], list[Location | None]]] = {}

    def path(self, path: Path) -> str:
        """A path as it is shown, with slashes."""
        return Path(os.path.relpath(self._snapshot.real(path), self._base)).as_posix()

    def of(self, location: Location, module: Module) -> FileRange:
        """The range of a location in a file.

        Raises:
            LookupError: the code comes from no file.
        """
        source = self._source(module)
        start, end = source.position(location.start), source.position(location.end)
        return FileRange(self.path(source.path), start.row, start.column, end.row, end.column)

    def text(self, location: Location, module: Module) -> str:
        """The code at a location, in one line."""
        return " ".join(module.code[location.start : location.end].split())

    def owner(self, row: int, module: Module) -> Location | None:
        """Where the name of the function or class stands that a row belongs to, the innermost of
        those at module level and in classes; `None` for other code. Raises as `of`."""
        if module not in self._owners:
            starts = sorted(self._starts(module), key=lambda start: start[0])
            self._owners[module] = [row for row, _ in starts], [at for _, at in starts]
        rows, owners = self._owners[module]
        found = bisect_right(rows, row)
        return owners[found - 1] if found else None

    def _starts(self, module: Module) -> Iterator[tuple[int, Location | None]]:
        """The rows on which statements begin, with the definition that begins there."""
        source = self._source(module)

        def row(statement: Statement) -> int:
            return source.position(statement.location_with_decorators.start).row

        for statement in module.body:
            found = statement.name_location if isinstance(statement, Definition) else None
            yield row(statement), found
            for owner in statement.walk():
                if isinstance(owner, Class):
                    yield row(owner), owner.name_location
                    for nested in owner.body:
                        inner = nested if isinstance(nested, Definition) else owner
                        yield row(nested), inner.name_location

    def _source(self, module: Module) -> Source:
        if module not in self._sources:
            path = module.resolver.path
            if path is None:
                raise LookupError(module)
            self._sources[module] = Source(path, module.code)
        return self._sources[module]
