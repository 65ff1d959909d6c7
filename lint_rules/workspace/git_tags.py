"""The tags of a repository, and what a file held at each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from heapq import nlargest
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lint_rules.budget import Budget
from lint_rules.workspace.file_system import FileSystem
from lint_rules.workspace.git_folder import git_folder, shared_folder
from lint_rules.workspace.git_objects import CannotReadObject, ObjectStore
from lint_rules.workspace.snapshot import Files

_LARGEST = 30_000_000
"""Bytes of the file with packed references."""

_MOST_TAGS = 500
_MOST_LOOSE = 5000
"""How many files and folders of tags are looked into."""

_DEEPEST = 8
"""How many tags may lead to each other, and how many folders of tags may be inside each other."""

_LONGEST = 255
"""Characters of a tag's name."""

_COST_OF_BYTE = 10
"""What it costs to find a name in a tree or to read a baseline, by its bytes."""

_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REFERENCE = 66
"""Bytes of a file with the name of an object, at most."""

_PACKED = re.compile(rf"^({_NAME.pattern}) refs/tags/(.{{1,{_LONGEST}}})$", re.MULTILINE)
_COMMITTED = re.compile(rb"^committer .*> (\d{1,12}) [+-]\d{4}$", re.MULTILINE)
_FOLDER, _FILES = b"40000", (b"100644", b"100755", b"100664")


class Tag(NamedTuple):
    """A tag of a commit.

    Attributes:
        name: its name.
        time: when the commit was made, in seconds since the epoch.
        tree: the name of the commit's tree.
    """

    name: str
    time: int
    tree: str


class Tags:
    """The tags of a repository.

    Args:
        folder: git's folder with the objects and tags.
        work: what its objects may cost, together with those of other repositories.
    """

    def __init__(self, folder: FileSystem, work: Budget | None = None) -> None:
        self._folder = folder
        self._store = ObjectStore(folder, work)
        self._left = _MOST_LOOSE

    @classmethod
    def of(cls, files: Files, root: Path, work: Budget | None = None) -> Tags | None:
        """The tags of a working tree, `None` if it is none of git's.

        Args:
            files: the files of the repository.
            root: its root.
            work: as for the class.
        """
        try:
            folder = git_folder(files, root, _LARGEST)
            return None if folder is None else cls(shared_folder(files, folder), work)
        except (OSError, ValueError):
            return None

    def last(self, count: int) -> list[Tag]:
        """The tags of the latest commits, in the order of the commits. Others are left out: those
        whose commits are not here, and, of more than 500, those that sort first."""
        found = dict(self._packed())
        found |= self._loose(self._folder.root / "refs" / "tags", "", 0)
        names = nlargest(_MOST_TAGS, found, key=_by_number)
        tags = (self._tag(name, found[name]) for name in names)
        known = [tag for tag in tags if tag is not None]
        return sorted(known, key=lambda tag: (tag.time, _by_number(tag.name)))[-count:]

    def content(self, tag: Tag, path: PurePosixPath) -> bytes | None:
        """What a file held at a tag, `None` if there was none or it cannot be read.

        Args:
            tag: the tag.
            path: the file's path from the repository's root.
        """
        name, kind = tag.tree, _FOLDER
        try:
            for part in path.parts:
                entries = _entries(self._content(name), len(name) // 2)
                mode, name = next(
                    ((mode, at) for mode, entry, at in entries if entry == part.encode()),
                    (b"", ""),
                )
                if kind != _FOLDER or not name:
                    return None
                kind = mode
            if kind not in _FILES:
                return None
            return self._content(name)
        except (CannotReadObject, UnicodeError):
            return None

    def _content(self, name: str) -> bytes:
        """What an object holds, to be searched or parsed. Raises as `ObjectStore.read`."""
        content = self._store.read(name).content
        self._store.spend(len(content) * _COST_OF_BYTE)
        return content

    def _packed(self) -> Iterator[tuple[str, str]]:
        """The names of packed tags, with the names of their objects."""
        path = self._folder.root / "packed-refs"
        if self._folder.has_file(path):
            try:
                text = self._folder.read(path).decode("utf-8", "surrogateescape")
            except OSError:
                return
            for match in _PACKED.finditer(text):
                yield match[2], match[1]

    def _loose(self, folder: Path, prefix: str, depth: int) -> dict[str, str]:
        """The same of tags in files of their own."""
        found: dict[str, str] = {}
        if self._left <= 0:
            return found
        try:
            listing = self._folder.listing(folder)
        except OSError:
            return found
        self._left -= 1 + len(listing.files[:_MOST_TAGS])
        for name in listing.files[:_MOST_TAGS]:
            try:
                # One byte more than a reference can have.
                part = self._folder.part(folder / name, 0, _REFERENCE + 1)
                text = part.decode("ascii").strip()
            except (OSError, UnicodeError):
                continue
            if _NAME.fullmatch(text) and len(prefix + name) <= _LONGEST:
                found[prefix + name] = text
        if depth < _DEEPEST:
            for name in listing.folders[:_MOST_TAGS]:
                found |= self._loose(folder / name, f"{prefix}{name}/", depth + 1)
        return found

    def _tag(self, tag: str, name: str) -> Tag | None:
        try:
            for _ in range(_DEEPEST):
                kind, content = self._store.read(name)
                if kind == "commit":
                    time = _COMMITTED.search(content.partition(b"\n\n")[0])
                    tree = _header(content, b"tree ")
                    return Tag(tag, int(time[1]), tree) if time else None
                if kind != "tag":
                    return None
                name = _header(content, b"object ")
        except CannotReadObject:
            return None
        return None


def _header(content: bytes, key: bytes) -> str:
    """The name of an object in the first line of another one.

    Raises:
        CannotReadObject: there is none.
    """
    line = content.partition(b"\n")[0].removeprefix(key).decode("ascii", "replace")
    if not _NAME.fullmatch(line):
        raise CannotReadObject("it names no other object")
    return line


def _entries(content: bytes, width: int) -> Iterator[tuple[bytes, bytes, str]]:
    """Mode, name and object of each entry of a tree.

    Args:
        content: the tree.
        width: how many bytes the names of objects have.
    """
    at = 0
    while at < len(content):
        end = content.find(b"\0", at)
        if end < 0:
            return
        mode, _, name = content[at:end].partition(b" ")
        at = end + 1 + width
        yield mode, name, content[end + 1 : at].hex()


def _by_number(name: str) -> list[tuple[int, str]]:
    """Sorts `v0.10.0` behind `v0.9.0`."""
    parts = re.findall(r"(\d{1,18})|(\D+)", name)
    return [(int(number or -1), text) for number, text in parts]
