"""Which files git tracks, by its index.

The index is read here rather than by running git: a checkout's own configuration can make git run
programs. Its format is that of git's `gitformat-index`, versions 2 to 4.
"""

from __future__ import annotations

from bisect import bisect_left
from pathlib import Path

from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.git_folder import git_folder
from lint_rules.workspace.git_objects import variable_number
from lint_rules.workspace.snapshot import Files, remembered

_LARGEST = 300_000_000
"""Bytes of an index. Nobody's pull request brings one along, and some have a million files."""

_LONGER = 8
"""How many times as long as an index its names may be together."""

_HASHES = (20, 32)
"""How long the names of objects are, in bytes: SHA-1's and SHA-256's."""


class Tracked:
    """The files that git tracks in a repository.

    Args:
        root: the repository's folder, without links.
        names: their paths from it, with slashes.
    """

    def __init__(self, root: Path, names: set[str]) -> None:
        self.root = root
        self._names = names
        self._sorted = sorted(names)

    def __contains__(self, path: object) -> bool:
        """Whether a path without links is that of a file that git tracks."""
        return (
            isinstance(path, Path)
            and path.is_relative_to(self.root)
            and path.relative_to(self.root).as_posix() in self._names
        )

    def below(self, folder: Path) -> list[Path]:
        """The paths of those in a folder without links, from that folder."""
        start = f"{folder.relative_to(self.root).as_posix()}/"
        found = []
        for name in self._sorted[bisect_left(self._sorted, start) :]:
            if not name.startswith(start):
                break
            found.append(Path(name.removeprefix(start)))
        return found


@remembered
def tracked(files: Files, root: Path) -> Tracked:
    """The files that git tracks in a repository; none if there is no index to be read.

    Args:
        files: the files of a repository.
        root: its root, or that of another one inside it, such as a submodule's.
    """
    try:
        index = git_folder(files, root, _LARGEST)
        return Tracked(root, _all_names(index) if index else set())
    except (OSError, ValueError):
        return Tracked(root, set())


def _all_names(folder: FileSystem) -> set[str]:
    """The names in an index, and in the one that it shares with others."""
    names, shared = _names(folder, "index")
    # What is shared shares nothing in turn.
    return names | _names(folder, f"sharedindex.{shared}")[0] if shared else names


def _names(folder: FileSystem, name: str) -> tuple[set[str], str | None]:
    """The names in an index, and what the other one is called by."""
    if not folder.has_file(folder.root / name):
        return set(), None
    content = folder.read(folder.root / name)
    for size in _HASHES:
        try:
            names, end = _entries(content, size)
        except (ValueError, IndexError):
            continue
        found = {one.decode("utf-8", "surrogateescape") for one in names if one}
        return found, _shared(content, end, size)
    raise ValueError(f"{folder.root / name} is no index that can be read")


def _entries(content: bytes, size: int) -> tuple[list[bytes], int]:
    """The names of an index whose objects have names of some bytes, and where the rest begins.

    Raises:
        ValueError, IndexError: it is none.
    """
    version = int.from_bytes(content[4:8], "big")
    if content[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError("no index")
    names: list[bytes] = []
    name = b""
    start = 12
    # Names may share their beginnings, so a small index could have endless ones.
    left = len(content) * _LONGER
    for _ in range(int.from_bytes(content[8:12], "big")):
        # Ten numbers of four bytes, the object's name, flags.
        at = start + 40 + size
        flags = int.from_bytes(content[at : at + 2], "big")
        at += 4 if version > 2 and flags & 0x4000 else 2
        kept = b""
        if version == 4:
            cut, at = variable_number(content, at)
            kept = name[: len(name) - cut]
        end = content.index(b"\0", at)
        name = kept + content[at:end]
        left -= len(name)
        if flags & 0xFFF != min(len(name), 0xFFF) or left < 0:
            raise ValueError("no entry")
        names.append(name)
        start = end + 1 if version == 4 else start + ((end - start) // 8 + 1) * 8
    return names, start


def _shared(content: bytes, at: int, size: int) -> str | None:
    """The name of the object that a shared index is called by, where an index has one."""
    while at + 8 <= len(content) - size:
        length = int.from_bytes(content[at + 4 : at + 8], "big")
        if content[at : at + 4] == b"link":
            name = content[at + 8 : at + 8 + size]
            return name.hex() if any(name) else None
        at += 8 + length
    return None
