"""The input files of a run, and the texts of those that can matter."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.messages import warn
from lint_rules.cli.progress import with_progress_bar
from lint_rules.engine.discovery import discover
from lint_rules.engine.relevance import MARKS, concerns_projects, matters
from lint_rules.settings.configuration import Configuration
from lint_rules.workspace.file_descriptors import NotAFile, Outside, TooLarge
from lint_rules.workspace.file_system import is_named_folder
from lint_rules.workspace.named_files import read_named

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.workspace.snapshot import Files, Snapshot
    from lint_rules.workspace.source import Source

STDIN = Path("-")


class InputFiles:
    """The files that a command line gives.

    Attributes:
        has_stdin: whether standard input is one of them.
        stdin_name: the name that standard input has in reports.
        count: how many files were looked at.
        relevant: those of them that can matter.
        silent: those of them that project rules need not read either.
        undecodable: diagnostics for those that cannot be decoded.
        unread: a sentence for each file that could not be read.
        warnings: the warnings about files that are left out.
    """

    def __init__(
        self, arguments: argparse.Namespace, configuration: Configuration, snapshot: Snapshot
    ) -> None:
        self._snapshot = snapshot
        self._given: list[Path] = arguments.paths or [Path()]
        self._named = frozenset(self._given)
        self._force_exclude: bool = arguments.force_exclude
        self._configuration = configuration
        self.has_stdin = STDIN in self._given
        self.stdin_name: Path = arguments.stdin_filename or STDIN
        self.count = 0
        self.relevant: list[Path] = []
        self.silent: set[Path | None] = set()
        self.undecodable: list[Diagnostic] = []
        self.unread: list[str] = []
        self.warnings: list[str] = []

    def warn(self, message: str) -> None:
        """Says what does not keep the run from going on."""
        self.warnings.append(message)
        warn(message)

    @property
    def are_named(self) -> bool:
        """Whether all of them were named, as in a commit, and none is to be found in a folder."""
        return not any(is_named_folder(path) for path in self._given)

    @cached_property
    def paths(self) -> list[Path]:
        """The files on the disk. Folders that cannot be looked into are noted in `unread`.

        Raises:
            PathError: a path does not exist, or is neither file nor folder.
        """

        def note(error: OSError) -> None:
            self.unread.append(f"{error.filename}: cannot look into it: {error.strerror}.")

        rest = [path for path in self._given if path != STDIN]
        force = self._force_exclude
        return list(
            discover(self._snapshot, rest, self._configuration, force_exclude=force, on_error=note)
        )

    @property
    def expected(self) -> list[Path]:
        """All files, standard input by the name that it has. Raises as `paths`."""
        return [*self.paths, *([self.stdin_name] if self.has_stdin else [])]

    def sources(self) -> Iterator[Source]:
        """The texts of the files that can matter. Those that have none are noted."""
        if self.has_stdin:
            yield from self._decoded(self.stdin_name, sys.stdin.buffer.read())
        for path in with_progress_bar(self.paths):
            try:
                content = self.read(path)
            except NotAFile:
                continue
            except TooLarge as error:
                self._note_too_large(path, error)
                continue
            except Outside as error:
                self.warn(
                    f"{path}: not read: {error.strerror}. To check what it leads to, name that."
                )
                continue
            except OSError as error:
                self.unread.append(f"{path}: cannot read it: {error.strerror}.")
                continue
            yield from self._decoded(path, content)

    def read(self, path: Path) -> bytes:
        """The bytes of a file of the run.

        Raises:
            Outside: nobody named it, and it is a link that leads out of the repository.
            OSError: it cannot be read.
        """
        if path in self._named:
            return read_named(path, self._snapshot.workspace.largest)
        return self._files_around(path).read(path)

    def _files_around(self, path: Path) -> Files:
        # A link to a file is in the folder in which it was found.
        return self._snapshot.files(self._snapshot.real(path.parent))

    def _note_too_large(self, path: Path, error: TooLarge) -> None:
        from lint_rules.engine.sources import too_large

        self.count += 1
        files = self._files_around(path)
        if not files.contains(path) or files.mentions(path, MARKS):
            self.relevant.append(path)
            self.undecodable.append(too_large(path, error))

    def _decoded(self, path: Path, content: bytes) -> Iterator[Source]:
        self.count += 1
        if not concerns_projects(content) and not matters(self._snapshot, path, content):
            self.silent.add(path)
            return
        from lint_rules.engine.sources import source_of
        from lint_rules.workspace.source import Source

        given = source_of(path, content)
        if not isinstance(given, Source):
            self.relevant.append(path)
            self.undecodable.append(given)
        elif given.text:
            self.relevant.append(path)
            yield given
