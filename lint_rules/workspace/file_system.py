"""The one place where files are opened, listed and looked for.

Whoever lints a stranger's repository, in CI above all, must not hang on it, nor hand it files that
it only leads to. So whatever a repository names, by a link, an import, a setting or a text in its
code, is read by the `FileSystem` of that repository, which knows its root. `named_files.py` reads
what the person who runs the linter names, wherever it is.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from lint_rules.workspace.file_descriptors import (
    FOLDER,
    LARGEST,
    NO_LINK,
    READING,
    Listing,
    NotAFile,
    Outside,
    content_of,
    listing_of,
    mentions,
    open_at,
    part_of,
    path_of,
)
from lint_rules.workspace.recording import (
    Kind,
    failure_noted,
    kind_of,
    note,
    note_content,
    note_words,
)
from lint_rules.workspace.words import words_of

ALWAYS_EXCLUDED = frozenset(
    [
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".metaflow",
        ".metaflow_spin",
        ".mypy_cache",
        ".nox",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pypackages__",
        "__pycache__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    ]
)
"""Folders that hold no source of one's own."""

_SEARCHED = 20
"""A file that is too large is searched for words up to so many times the size that is read."""


class FileSystem:
    """What stands below one folder, and nothing else.

    Links are followed as long as they stay below it. What leads out of it is not there.

    Args:
        root: the folder, a repository's.
        largest: how many bytes a file may have that is read.
    """

    def __init__(self, root: Path, largest: int = LARGEST) -> None:
        self.root = Path(os.path.realpath(root))
        self.largest = largest
        self._inside = str(self.root).rstrip(os.sep) + os.sep
        self._real_folders: dict[str, str] = {}

    def real(self, path: Path) -> Path:
        """A path without links.

        Raises:
            Outside: it leads out of the root.
            OSError: it is no path.
        """
        return self._located(path)

    def _located(self, path: Path) -> Path:
        found = real(path, self._real_folders)
        if not f"{found}{os.sep}".startswith(self._inside):
            raise Outside(path)
        return found

    def read(self, path: Path) -> bytes:
        """The bytes of a file.

        Raises:
            Outside: it leads out of the root.
            NotAFile: it is no file but a folder, pipe, socket or device.
            TooLarge: it has more bytes than are read.
            OSError: it cannot be read.
        """
        found, content, status = self._read("content", path)
        note_content(found, content, status)
        return content

    def words(self, path: Path) -> frozenset[bytes]:
        """The words by which a Python file may name others, see `words_of`. Raises as `read`."""
        found, content, status = self._read("words", path)
        words = words_of(content)
        note_words(found, words, status)
        return words

    def _read(self, kind: Kind, path: Path) -> tuple[Path, bytes, os.stat_result]:
        """Where a file is, what it holds, and its state before."""
        found = self._located(path)
        with failure_noted(kind, found):
            mode = os.lstat(found).st_mode
            if stat.S_ISLNK(mode):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            # To open a pipe or device may do something already.
            if not stat.S_ISREG(mode):
                raise NotAFile(path)
            handle = self._opened(found, path, READING)
        try:
            return found, *content_of(handle, path, self.largest, found, kind)
        finally:
            os.close(handle)

    def part(self, path: Path, start: int, size: int) -> bytes:
        """Some bytes of a file, however large it is; fewer where the file ends before.

        The cache does not learn of it, so no finding may depend on it. Raises as `read`, but for
        `TooLarge`.
        """
        handle = self._opened(self._located(path), path, READING)
        try:
            return part_of(handle, path, start, size)
        finally:
            os.close(handle)

    def mentions(self, path: Path, words: tuple[bytes, ...]) -> bool:
        """Whether a file that is too large to read may hold one of some words.

        It may where it is too large to be searched, too. Raises as `read`, but for `TooLarge`.
        """
        handle = self._opened(self._located(path), path, READING)
        try:
            return mentions(handle, path, words, self.largest * _SEARCHED)
        finally:
            os.close(handle)

    def has(self, path: Path) -> bool:
        """Whether there is anything at a path."""
        return self._mode(path) is not None

    def has_file(self, path: Path) -> bool:
        """Whether there is a file at a path."""
        return stat.S_ISREG(self._mode(path) or 0)

    def has_folder(self, path: Path) -> bool:
        """Whether there is a folder at a path."""
        return stat.S_ISDIR(self._mode(path) or 0)

    def contains(self, path: Path) -> bool:
        """Whether a path, of which nothing need be there, stays below the root."""
        try:
            self._located(path)
        except OSError:
            return False
        return True

    def names_in(self, folder: Path) -> frozenset[str]:
        """The names of all that is in a folder, none if it cannot be looked into."""
        try:
            listing = self.listing(folder)
        except OSError:
            return frozenset()
        return frozenset().union(*listing)

    def listing(self, folder: Path) -> Listing:
        """What is in a folder.

        Raises:
            Outside: it leads out of the root.
            OSError: it is no folder, or cannot be looked into.
        """
        found = self._located(folder)
        with failure_noted("listing", found):
            if os.scandir not in os.supports_fd:
                return listing_of(found, found)
            handle = self._opened(found, folder, READING | FOLDER)
        try:
            return listing_of(handle, found)
        finally:
            os.close(handle)

    def python_files(
        self, folder: Path, *, without: frozenset[str] = frozenset()
    ) -> Iterator[Path]:
        """The Python files in a folder and below it, in order; links to folders are not followed.

        Args:
            folder: the folder.
            without: names of folders that are left out. If there are any, virtual environments
                of other names are left out, too.

        Folders that cannot be looked into are left out.
        """
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                listing = self.listing(here)
            except OSError:
                continue
            if without and "pyvenv.cfg" in listing.files:
                continue
            yield from (here / name for name in listing.files if name.endswith(".py"))
            waiting += [here / n for n in reversed(listing.folders) if n not in without]

    def _mode(self, path: Path) -> int | None:
        try:
            found = self._located(path)
        except OSError:
            return None
        try:
            mode = os.lstat(found).st_mode
        except OSError:
            mode = None
        note("kind", found, kind_of(mode))
        return mode

    def _opened(self, real: Path, path: Path, flags: int) -> int:
        """A descriptor of what is at a path without links.

        Somebody may have put a link where a folder was when the path was looked at. So whether it
        is inside is asked of what was opened.
        """
        handle = open_at(real, path, flags | NO_LINK)
        try:
            if not f"{path_of(handle, real)}{os.sep}".startswith(self._inside):
                raise Outside(path)
        except BaseException:
            os.close(handle)
            raise
        return handle


def is_there(path: Path) -> bool:
    """Whether there is anything at a path, wherever it is. Of all that is outside of a repository,
    only the marks of one are looked for, and what the person who runs the linter named."""
    return _mode_of(path) is not None


def is_named_file(path: Path) -> bool:
    """Whether a path that the person who runs the linter named is a file's."""
    return stat.S_ISREG(_mode_of(path) or 0)


def is_named_folder(path: Path) -> bool:
    """Whether a path that the person who runs the linter named is a folder's."""
    return stat.S_ISDIR(_mode_of(path) or 0)


def real(path: Path, folders: dict[str, str] | None = None) -> Path:
    """A path without links; unlike with `Path.resolve`, also that of a link that goes in a circle.

    Args:
        path: the path.
        folders: the paths of folders that were found before; thousands of files stand in hundreds
            of folders.

    Raises:
        OSError: it is no path.
    """
    absolute = absolute_of(path)
    folder, _, name = absolute.rpartition(os.sep)
    try:
        if b"\0" in os.fsencode(absolute):
            raise ValueError("no path holds a null character")
        if folders is None or name in ("", "..") or os.path.islink(absolute):
            found = os.path.realpath(absolute)
        else:
            if folder not in folders:
                folders[folder] = os.path.realpath(folder or os.sep)
            found = os.path.join(folders[folder], name)
    except ValueError as error:
        raise OSError(errno.EINVAL, "this is no path", str(path)) from error
    if found != absolute:
        note("link", absolute, found)
    return Path(found)


def absolute_of(path: Path) -> str:
    """A path from the root of the file system, with its links."""
    return os.path.join(os.getcwd(), path)


def _mode_of(path: Path) -> int | None:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        mode = None
    note("target", absolute_of(path), kind_of(mode))
    return mode
