"""Which flow a finding is in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lint_rules.analysis.imports import ImportResolver
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.health.measured import Place
from lint_rules.model.flow import Flow
from lint_rules.settings.options import Settings
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.parse_cache import module_of
from lint_rules.workspace.notebook import Notebook
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import Source


class Places:
    """The flows of files, and what is in them.

    Args:
        snapshot: the files.
        source_of: a file by its path.
        settings_of: the settings of a file.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        source_of: Callable[[str], Source],
        settings_of: Callable[[Path], Settings],
    ) -> None:
        self._snapshot = snapshot
        self._source_of = source_of
        self._settings_of = settings_of
        self._names: dict[Path, str] = {}
        self._rows: dict[str, list[tuple[range, Place]]] = {}

    def repository(self, path: Path) -> Path:
        """The root of a file's repository."""
        return self._snapshot.repository(self._snapshot.real(path.parent))

    def name(self, repository: Path) -> str:
        """What a repository is called: the name of its folder, with more of its path if another
        one is called so."""
        if repository not in self._names:
            name, above = repository.name or str(repository), repository.parent
            while name in self._names.values() and above.name:
                name, above = f"{above.name}/{name}", above.parent
            self._names[repository] = name
        return self._names[repository]

    def flows(self, path: str) -> list[Place]:
        """The flows of a file, unless it is one of tests."""
        return [place for _, place in self._of(path)]

    def of(self, diagnostic: Diagnostic) -> Place:
        """What a finding is in: the flow around it, or else the only flow of the file."""
        found = self._of(diagnostic.path)
        around = [place for rows, place in found if diagnostic.start.row in rows]
        if around:
            return around[-1]
        return found[0][1] if len(found) == 1 else self._place(diagnostic.path, None)

    def _of(self, path: str) -> list[tuple[range, Place]]:
        """The rows of each flow of a file, in order."""
        if path not in self._rows:
            self._rows[path] = list(self._found(path))
        return self._rows[path]

    def _found(self, path: str) -> Iterator[tuple[range, Place]]:
        source = self._source_of(path)
        if not source.text or isinstance(source, Notebook):
            return
        settings = self._settings_of(source.path)
        resolver = ImportResolver(
            self._snapshot, source.path, settings.own_packages, settings.project
        )
        try:
            module = module_of(source.text, resolver)
        except CannotRead:
            return
        for flow in () if module.is_test else module.runnable:
            yield _rows(flow, source), self._place(path, flow.name)

    def _place(self, path: str, flow: str | None) -> Place:
        file = self._snapshot.real(Path(path).parent) / Path(path).name
        repository = self.repository(Path(path))
        inside = file.relative_to(repository) if file.is_relative_to(repository) else file
        return Place(self.name(repository), inside.as_posix(), flow)


def _rows(flow: Flow, source: Source) -> range:
    whole = flow.definition.location_with_decorators
    return range(source.position(whole.start).row, source.position(whole.end).row + 1)
