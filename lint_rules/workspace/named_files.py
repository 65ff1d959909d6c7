"""Reads the files that the person who runs the linter named, wherever they are.

A name may come from the repository all the same: hooks hand over the names of the files that a
change touches, and a change may put a link where a file was. So a link that a git repository holds
does not lead out of it.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from lint_rules.workspace.file_descriptors import LARGEST, READING, NotAFile, content_of, open_at
from lint_rules.workspace.file_system import is_there, real
from lint_rules.workspace.recording import failure_noted, note_content
from lint_rules.workspace.repository import GIT, repository_of


class LeadsOutside(OSError):
    """A path with a link in it that leads out of the repository that the link is in.

    Attributes:
        target: where it leads.
    """

    def __init__(self, path: Path, target: Path) -> None:
        super().__init__(
            errno.EXDEV, f"a link leads out of the repository, to {target}; give that path", path
        )
        self.target = target


def check_links(path: Path) -> None:
    """Checks that no link of a git repository leads a path out of it.

    Raises:
        LeadsOutside: one does.
        OSError: it is no path.
    """
    # The folder that holds the link, not what the link leads to.
    folder = path.absolute().parent
    root = repository_of(folder)
    if is_there(root / GIT) and root in (folder, *folder.parents):
        target = real(path)
        if not target.is_relative_to(real(root)):
            raise LeadsOutside(path, target)


def read_named(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file that the person who runs the linter named, wherever it is.

    Raises as `FileSystem.read`, with `LeadsOutside` for `Outside`.
    """
    check_links(path)
    found = real(path)
    with failure_noted("content", found):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise NotAFile(path)
        handle = open_at(path, path, READING)
    try:
        content, status = content_of(handle, path, largest, found)
    finally:
        os.close(handle)
    note_content(found, content, status)
    return content
