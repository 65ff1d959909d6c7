"""The texts that a report quotes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.workspace.source import Source


class SourceCache:
    """The sources that diagnostics are about, by path; others are read when they are asked for.

    Args:
        read: reads a file of the run.
    """

    def __init__(self, read: Callable[[Path], bytes]) -> None:
        self._read = read
        self._known: dict[str, Source] = {}
        self._without: set[str] = set()

    def add(self, sources: Iterable[Source]) -> None:
        """Adds sources as they were when something was found in them."""
        self._known |= {str(source.path): source for source in sources}

    def add_undecodable(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Adds files that cannot be decoded, by their diagnostics."""
        self._without |= {diagnostic.path for diagnostic in diagnostics}

    def of(self, path: str) -> Source:
        """The source of a path, empty if it is no text or too large to be read."""
        from lint_rules.workspace.file_descriptors import TooLarge
        from lint_rules.workspace.notebook import SUFFIX, Notebook
        from lint_rules.workspace.source import CannotDecode, Source

        if path not in self._known:
            # What was found in it by an earlier run, or by way of another file.
            file = Path(path)
            kind = Notebook if file.suffix == SUFFIX else Source
            try:
                content = b"" if path in self._without else self._read(file)
                self._known[path] = kind.decode(file, content)
            except (CannotDecode, TooLarge):
                self._known[path] = Source(file, "")
        return self._known[path]

    def around(self, diagnostic: Diagnostic) -> Source:
        """The source that a diagnostic's rows count in, a cell's of a notebook."""
        from lint_rules.workspace.notebook import Notebook

        source = self.of(diagnostic.path)
        if isinstance(source, Notebook) and diagnostic.cell is not None:
            return source.cell(diagnostic.cell)
        return source
