"""The files that one linter works on: what an editor has not saved, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from lint_rules.workspace.deadline import Deadline
from lint_rules.workspace.file_descriptors import LARGEST
from lint_rules.workspace.file_system import real
from lint_rules.workspace.snapshot import Snapshot

T = TypeVar("T")


class Document(NamedTuple):
    """A file that is open in an editor.

    Attributes:
        version: the editor's number for the text; it grows with each change.
        content: the text as it would be saved.
    """

    version: int
    content: bytes


class Workspace:
    """What a linter works on. Two of them in one process share nothing.

    Args:
        largest: how many bytes a file may have that is read.
        current: the current folder, where a repository may begin; `None` for that of the process.
    """

    def __init__(self, largest: int = LARGEST, current: Path | None = None) -> None:
        self.largest = largest
        self.current = Path.cwd() if current is None else current
        self._documents: dict[Path, Document] = {}
        self._kept: dict[Callable[[], Any], Any] = {}

    def open(self, path: Path, version: int, content: bytes) -> bool:
        """Takes the text of a file that is open in an editor, or was changed there.

        Args:
            path: the file, which need not be saved yet.
            version: the editor's number for the text.
            content: the text as it would be saved.

        Returns:
            Whether the text was taken: not if a newer one is known.
        """
        at = real(path)
        known = self._documents.get(at)
        if known is not None and known.version > version:
            return False
        self._documents[at] = Document(version, content)
        return True

    def close(self, path: Path) -> None:
        """Forgets what an editor had not saved of a file: the disk has its text again."""
        self._documents.pop(real(path), None)

    def snapshot(self, deadline: Deadline | None = None) -> Snapshot:
        """What stands in all files now.

        Args:
            deadline: until when analyses of the snapshot may go on, `None` for any time.
        """
        unsaved = {path: document.content for path, document in self._documents.items()}
        return Snapshot(self, unsaved, deadline or Deadline())

    def kept(self, kind: Callable[[], T]) -> T:
        """The workspace's only object of a kind, such as its cache of parsed files, which outlives
        its snapshots. It is made when it is first asked for."""
        if kind not in self._kept:
            self._kept[kind] = kind()
        found: T = self._kept[kind]
        return found
