"""Reading what a repository holds: files, never pipes, and nothing that stands outside of it.

Whoever lints a stranger's repository, in CI above all, must not hang on it, nor hand it files that
it only links to.
"""

from __future__ import annotations

import errno
import os
import stat
from functools import cache
from pathlib import Path

_MARKS = ("metaflow-lint.toml", "pyproject.toml", "setup.cfg", "setup.py")

# Without waiting for whoever writes into a pipe; no such things on Windows.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class Outside(OSError):
    """A path that leads out of its repository."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EXDEV, "it leads out of the repository", str(path))


class NoFile(OSError):
    """A path that is no file but a folder, pipe, socket or device."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "this is no file", str(path))


def content_of(path: Path) -> bytes:
    """The bytes of a file, wherever it is.

    Raises:
        NoFile: it is no file but a folder, pipe or device.
        OSError: it cannot be read.
    """
    return _read(path, _FLAGS)


def content_of_found(path: Path) -> bytes:
    """As `content_of`, of a file that was found in a folder rather than named by somebody.

    A link is followed only within the repository.

    Raises:
        Outside: it is a link that leads out of the repository.
    """
    try:
        return _read(path, _FLAGS | _NO_LINK)
    except OSError as error:
        # ELOOP says that it is a link; FreeBSD says EMLINK.
        if error.errno not in (errno.ELOOP, errno.EMLINK) or not path.is_symlink():
            raise
    if not real(path).is_relative_to(repository(real(path.parent))):
        raise Outside(path)
    return content_of(path)


def content_within(path: Path) -> bytes:
    """As `content_of`, of a file that code or settings of a repository lead to.

    Args:
        path: the file, absolute, its repository's folder without links.

    Raises:
        Outside: it is reached through a link that leads out of the repository.
    """
    if not real(path).is_relative_to(repository(path.parent)):
        raise Outside(path)
    return content_of(path)


def real(path: Path) -> Path:
    """The path without links; unlike `Path.resolve`, also of a link that goes in a circle."""
    folder, _, name = str(path.absolute()).rpartition(os.sep)
    if name in ("", "..") or path.is_symlink():
        return Path(os.path.realpath(path))
    # Thousands of files stand in hundreds of folders.
    return Path(os.path.join(_real_folder(folder or os.sep), name))  # noqa: PTH118


@cache
def names_in(folder: Path) -> frozenset[str]:
    """The names of what is in a folder, none where it cannot be looked into.

    Packages are looked for in many folders, most of which have none of them.
    """
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()


@cache
def _real_folder(folder: str) -> str:
    return os.path.realpath(folder)


def _read(path: Path, flags: int) -> bytes:
    try:
        handle = os.open(path, flags)
    except OSError as error:
        # So says a socket.
        raise NoFile(path) if error.errno == errno.ENXIO else error from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NoFile(path)
        return file.read()


@cache
def repository(folder: Path) -> Path:
    """The folder that a folder's repository begins at: that with `.git`, else the outermost that
    looks like a project's or is the current one, else that around the outermost package.

    Args:
        folder: an absolute path.
    """
    above = (folder, *folder.parents)
    for candidate in above:
        if (candidate / ".git").exists():
            return candidate
    here = Path.cwd()
    marked = [f for f in above if f == here or any((f / mark).exists() for mark in _MARKS)]
    if marked:
        return marked[-1]
    while (folder / "__init__.py").exists() and folder.parent != folder:
        folder = folder.parent
    return folder
