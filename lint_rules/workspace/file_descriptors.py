"""Opens, reads and lists what is at a path: the functions below `lint_rules.workspace.file_system`.

They check what they have opened: a path may lead to a pipe or a device, and somebody may change it
at any moment. Only `file_system.py` calls them.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from lint_rules.workspace.recording import UNREADABLE, Kind, note, note_names

LARGEST = 10_000_000
"""Bytes of the largest file that is read, where the settings give no other number."""

# Without waiting for whoever writes into a pipe; no such things on Windows.
READING = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
READING |= getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0)
"""How files are opened to be read."""
NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""Refuses a link at the end of the path, where the system can."""
FOLDER = getattr(os, "O_DIRECTORY", 0)
"""Refuses anything but a folder, where the system can."""
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
        message = f"it has {_measured(size)}, and at most {_measured(largest)} are read"
        super().__init__(errno.EFBIG, message, str(path))


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


def open_at(real: Path, path: Path, flags: int) -> int:
    """A descriptor of what is at `real`, a path without links; errors name `path`.

    Raises:
        NotAFile: it is a socket.
        OSError: it cannot be opened.
    """
    try:
        return os.open(real, flags)
    except OSError as error:
        # ENXIO is what opening a socket gives.
        raise NotAFile(path) if error.errno == errno.ENXIO else error from None


def path_of(handle: int, path: Path) -> str:
    """Where an open file or folder is, from the system, or else by looking at the path again.

    Raises:
        Outside: something else is at the path now.
    """
    try:
        found = os.readlink(f"{_DESCRIPTORS}/{handle}")
    except OSError:
        found = ""
    if not found.startswith(os.sep):
        found = os.path.realpath(path)
        if not os.path.samestat(os.fstat(handle), os.lstat(found)):
            raise Outside(path)
    return found


def content_of(
    handle: int, path: Path, largest: int, found: Path, kind: Kind = "content"
) -> tuple[bytes, os.stat_result]:
    """What an open file holds, and its state before it was read.

    Args:
        handle: its descriptor.
        path: its path as it was asked for.
        largest: how many bytes are read.
        found: its path without links.
        kind: what is asked of it, to be noted of a file that is too large.

    Raises:
        NotAFile: it is a pipe or a device.
        TooLarge: it has more bytes.
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
        note(kind, found, UNREADABLE, status)
        raise TooLarge(path, size, largest)
    return content, status


def part_of(handle: int, path: Path, start: int, size: int) -> bytes:
    """Some bytes of an open file; fewer where the file ends before.

    Raises:
        NotAFile: it is a pipe or a device.
    """
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        raise NotAFile(path)
    with os.fdopen(handle, "rb", closefd=False) as file:
        file.seek(start)
        return file.read(size)


def mentions(handle: int, path: Path, words: tuple[bytes, ...], most: int) -> bool:
    """Whether an open file contains one of some words, or has more bytes than `most`.

    Raises:
        NotAFile: it is a pipe or a device.
    """
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


def listing_of(folder: Path | int, found: Path) -> Listing:
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


def _measured(size: int) -> str:
    return f"{size / 1e6:,.1f} MB" if size >= 1e6 else f"{size:,} bytes"
