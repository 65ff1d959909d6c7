"""The one place where files are opened, listed and looked for.

Whoever lints a stranger's repository, in CI above all, must not hang on it, nor hand it files that
it only leads to. So whatever a repository names, by a link, an import, a setting or a text in its
code, is read by the `FileSystem` of that repository, which knows its root. What the person who runs
the linter names is read by `read_named`, wherever it is.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lint_rules.workspace.recording import (
    UNREADABLE,
    failure_noted,
    kind_of,
    note,
    note_content,
    note_names,
)

LARGEST = 10_000_000
"""Bytes of the largest file that is read, where the settings give no other number."""

_SEARCHED = 20
"""A file that is too large is searched for words up to so many times the size that is read."""

# Without waiting for whoever writes into a pipe; no such things on Windows.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FLAGS |= getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = getattr(os, "O_DIRECTORY", 0)
_DESCRIPTORS = "/proc/self/fd"


class Outside(OSError):
    """A path that leads out of the repository."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EXDEV, "it leads out of the repository", str(path))


class NotAFile(OSError):
    """A path of a folder, pipe, socket or device."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "this is no file", str(path))


class TooLarge(OSError):
    """A file that is larger than what is read.

    Args:
        path: the file.
        size: how many bytes it has, at least.
        largest: how many bytes are read.
    """

    def __init__(self, path: Path, size: int, largest: int) -> None:
        told = f"it has {_measured(size)}, and at most {_measured(largest)} are read"
        super().__init__(errno.EFBIG, told, str(path))


class Listing(NamedTuple):
    """What is in a folder, by name and in order.

    Attributes:
        folders: its folders.
        links: its links to folders.
        files: everything else.
    """

    folders: tuple[str, ...]
    links: tuple[str, ...]
    files: tuple[str, ...]


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
        found = self._located(path)
        with failure_noted("content", found):
            mode = os.lstat(found).st_mode
            if stat.S_ISLNK(mode):
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            # To open a pipe or device may do something already.
            if not stat.S_ISREG(mode):
                raise NotAFile(path)
            handle = self._opened(found, path, _FLAGS)
        try:
            return _content(handle, path, self.largest, found)
        finally:
            os.close(handle)

    def mentions(self, path: Path, words: tuple[bytes, ...]) -> bool:
        """Whether a file that is too large to read may hold one of some words.

        It may where it is too large to be searched, too. Raises as `read`, but for `TooLarge`.
        """
        handle = self._opened(self._located(path), path, _FLAGS)
        try:
            return _mentions(handle, path, words, self.largest * _SEARCHED)
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
        """The names of all that is in a folder, none where it cannot be looked into."""
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
                return _listed(found, found)
            handle = self._opened(found, folder, _FLAGS | _FOLDER)
        try:
            return _listed(handle, found)
        finally:
            os.close(handle)

    def python_files(self, folder: Path) -> Iterator[Path]:
        """The Python files in a folder and below it, in order; links to folders are not followed.

        Folders that cannot be looked into are left out.
        """
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                listing = self.listing(here)
            except OSError:
                continue
            yield from (here / name for name in listing.files if name.endswith(".py"))
            waiting += [here / name for name in reversed(listing.folders)]

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
        handle = _open(real, path, flags | _NO_LINK)
        try:
            if not f"{_path_of(handle, real)}{os.sep}".startswith(self._inside):
                raise Outside(path)
        except BaseException:
            os.close(handle)
            raise
        return handle


def read_named(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a file that the person who runs the linter named, wherever it is.

    Raises as `FileSystem.read`, but for `Outside`.
    """
    found = real(path)
    with failure_noted("content", found):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise NotAFile(path)
        handle = _open(path, path, _FLAGS)
    try:
        return _content(handle, path, largest, found)
    finally:
        os.close(handle)


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


def _measured(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size:,} bytes"


def _mode_of(path: Path) -> int | None:
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        mode = None
    note("target", absolute_of(path), kind_of(mode))
    return mode


def _open(real: Path, path: Path, flags: int) -> int:
    try:
        return os.open(real, flags)
    except OSError as error:
        # ENXIO is what opening a socket gives.
        raise NotAFile(path) if error.errno == errno.ENXIO else error from None


def _path_of(handle: int, path: Path) -> str:
    """Where what was opened is: as the system knows it, else by looking once more."""
    try:
        found = os.readlink(f"{_DESCRIPTORS}/{handle}")
    except OSError:
        found = ""
    if not found.startswith(os.sep):
        found = os.path.realpath(path)
        if not os.path.samestat(os.fstat(handle), os.lstat(found)):
            raise Outside(path)
    return found


def _content(handle: int, path: Path, largest: int, found: Path) -> bytes:
    """What an open file holds.

    Args:
        handle: its descriptor.
        path: its path as it was asked for.
        largest: how many bytes are read.
        found: its path without links.
    """
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile(path)
    content = b""
    size = status.st_size
    if size <= largest:
        with os.fdopen(handle, "rb", closefd=False) as file:
            # A file may grow while it is read, and those of a device's driver have no size.
            content = file.read(size + 1)
            if len(content) > size:
                content += file.read(max(largest - len(content), 0) + 1)
        size = len(content)
    if size > largest:
        note("content", found, UNREADABLE, status)
        raise TooLarge(path, size, largest)
    note_content(found, content, status)
    return content


def _mentions(handle: int, path: Path, words: tuple[bytes, ...], most: int) -> bool:
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode):
        raise NotAFile(path)
    if status.st_size > most:
        return True
    overlap = max(map(len, words)) - 1
    before, searched = b"", 0
    with os.fdopen(handle, "rb", closefd=False) as file:
        while piece := file.read(1_000_000):
            searched += len(piece)
            if searched > most or any(word in before + piece for word in words):
                return True
            before = piece[-overlap:]
    return False


def _listed(folder: Path | int, found: Path) -> Listing:
    """What is in a folder, given as its path or descriptor, whose path without links is `found`."""
    status = os.stat(folder)
    has_links = False
    folders: list[str] = []
    links: list[str] = []
    files: list[str] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                is_link = entry.is_symlink()
                is_folder = entry.is_dir()
            except OSError:
                is_link = is_folder = False
            has_links |= is_link
            kind = links if is_link and is_folder else folders if is_folder else files
            kind.append(entry.name)
    listing = Listing(*(tuple(sorted(kind)) for kind in (folders, links, files)))
    # The state of a folder does not tell where links in it lead.
    note_names(found, listing, None if has_links else status)
    return listing
