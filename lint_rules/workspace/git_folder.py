"""Where git keeps what it knows of a working tree: usually in `.git`."""

from __future__ import annotations

import re
from pathlib import Path

from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.repository import GIT
from lint_rules.workspace.snapshot import Files

_GITDIR = re.compile(r"gitdir: ([^\n]+)\n?")
_WORKTREE = re.compile(r"^[ \t]*worktree = ([^\n]+)$", re.MULTILINE)
_LINKED = "worktrees"
"""The folder of git's main folder that has one for each linked working tree."""


def git_folder(files: Files, root: Path, largest: int) -> FileSystem | None:
    """The folder with the index and the head of a working tree, `None` if there is none.

    Args:
        files: the files of a repository.
        root: its root, or that of another one inside it, such as a submodule's.
        largest: how many bytes a file in the folder may have that is read.

    Raises:
        OSError, ValueError: it cannot be read.
    """
    mark = root / GIT
    if files.has_folder(mark):
        return FileSystem(mark, largest)
    if not files.has_file(mark):
        return None
    # A linked working tree or a submodule.
    match = _GITDIR.fullmatch(files.read(mark).decode())
    if match is None:
        return None
    folder = FileSystem(root / match[1], largest)
    # Anybody can write such a file. That the folder knows of it, nobody can bring about from here.
    inside = files.contains(folder.root)
    return folder if inside or _knows(folder, root) else None


def _knows(folder: FileSystem, root: Path) -> bool:
    """Whether a folder of git's says that a working tree is its."""
    back, config = folder.root / "gitdir", folder.root / "config"
    if folder.has_file(back):
        return Path(folder.read(back).decode().strip()) == root / GIT
    if folder.has_file(config):
        match = _WORKTREE.search(folder.read(config).decode())
        return match is not None and FileSystem(folder.root / match[1]).root == root
    return False


def shared_folder(files: Files, folder: FileSystem) -> FileSystem:
    """The folder with the objects and tags: another one for a linked working tree.

    Args:
        files: the files of a repository.
        folder: the folder of its working tree, as `git_folder` finds it.

    Raises:
        OSError: it cannot be read.
    """
    above = folder.root.parent
    is_linked = above.name == _LINKED and folder.has_file(folder.root / "commondir")
    # What a repository brings along leads to nothing outside of it.
    is_foreign = files.contains(folder.root) and not files.contains(above.parent)
    return FileSystem(above.parent, folder.largest) if is_linked and not is_foreign else folder
