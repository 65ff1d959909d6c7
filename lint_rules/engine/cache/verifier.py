"""Whether what an earlier run found is still there.

As in git's index, a file with the same inode, size and times was not changed: nobody can set the
time of the last change of an inode (`ctime`). Where that says nothing, since a file is new or was
checked out again, the file is read and its digest compared.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.recording import (
    UNREADABLE,
    Consulted,
    Found,
    Recorder,
    State,
    kind_of,
    recording,
    state_of,
)

Rows = dict[Consulted, Found]

RESOLUTION = 2_000_000_000
"""Nanoseconds within which a file system may give two changes the same time: FAT's two seconds."""


class Verifier:
    """Compares what was found with what is there now. Each thing is looked at once.

    Args:
        begun: when the run began, in nanoseconds since the epoch.
    """

    def __init__(self, begun: int) -> None:
        self._begun = begun
        self._known: Rows = {}
        self._links: dict[str, bool] = {"": False}
        self.read: Rows = {}
        """What had to be read, with the state that it has now."""

    def hold(self, rows: Iterable[tuple[Consulted, Found]]) -> bool:
        """Whether all of some things are as they were."""
        return all(self._holds(what, found) for what, found in rows)

    def trusted(self, found: Found) -> Found:
        """Something as it may be kept: with its state only if that would tell of a change.

        What changed a moment ago may change again without another time.
        """
        state = found.state
        if state is None or max(state[4:]) < self._begun - RESOLUTION:
            return found
        return Found(found.value)

    def is_old(self, found: Found) -> bool:
        """Whether a file was certainly not changed since the run began."""
        return found.state is not None and self.trusted(found) is found

    def _holds(self, what: Consulted, found: Found) -> bool:
        known = self._known.get(what)
        if known is None:
            if not self._is_same(what, found):
                return False
            self._known[what] = found
            return True
        return known.value == found.value

    def _is_same(self, what: Consulted, found: Found) -> bool:
        if what.kind == "link":
            return os.path.realpath(what.path) == found.value
        if what.kind == "target":
            return _kind(what.path, follow=True) == found.value
        if self._leads_elsewhere(what.path.rpartition(os.sep)[0]):
            return False
        if what.kind == "kind":
            return _kind(what.path) == found.value
        try:
            status = os.lstat(what.path)
        except (OSError, ValueError):
            return found.value is None
        wanted = stat.S_ISDIR if what.kind == "listing" else stat.S_ISREG
        if not wanted(status.st_mode) or found.value is None:
            return not wanted(status.st_mode) and found.value is None
        if found.state is not None and state_of(status) == found.state:
            return True
        return self._is_read_as(what, found, status)

    def _is_read_as(self, what: Consulted, found: Found, status: os.stat_result) -> bool:
        if found.value == UNREADABLE or (
            what.kind == "content" and found.state is not None and found.state[3] != status.st_size
        ):
            return False
        now = look(what, status.st_size)
        if now is None or now.value != found.value:
            return False
        self.read[what] = now
        return True

    def _leads_elsewhere(self, folder: str) -> bool:
        """Whether there is a link on the way to a folder, or in its place."""
        known = self._links.get(folder)
        if known is None:
            above = self._leads_elsewhere(folder.rpartition(os.sep)[0])
            known = self._links[folder] = above or os.path.islink(folder)
        return known


def look(what: Consulted, largest: int) -> Found | None:
    """What a file holds, or which names are in a folder; `None` if that cannot be read.

    Args:
        what: the file or folder, by a path without links.
        largest: how many bytes a file may have.
    """
    path = Path(what.path)
    files = FileSystem(path.parent, largest)
    noted = Recorder()
    with recording(noted):
        try:
            if what.kind == "content":
                files.read(path)
            elif what.kind == "words":
                files.words(path)
            else:
                files.listing(path)
        except OSError:
            return None
    return noted.found.get(what)


def _kind(path: str, *, follow: bool = False) -> str | None:
    try:
        return kind_of(os.stat(path, follow_symlinks=follow).st_mode)
    except (OSError, ValueError):
        return None


def kept_state(state: object) -> State | None:
    """A state as it comes out of JSON."""
    return tuple(state) if isinstance(state, list) else None
