"""Reads git's objects: what files held in earlier commits.

They are read here rather than by running git: a checkout's own configuration can make git run
programs, and a partial clone makes it fetch what is missing. No library is used either: all bytes
come through the gate, and each object has limits. The formats are those of git's `gitformat-pack`
(version 2, with indexes of version 2) and `gitrepository-layout`. Objects that are elsewhere
(alternates, a partial or shallow clone) are missing.
"""

from __future__ import annotations

import zlib
from bisect import bisect_left
from collections.abc import Callable
from pathlib import Path
from struct import unpack_from
from typing import NamedTuple

from lint_rules.budget import Budget
from lint_rules.workspace.file_system import FileSystem

_LARGEST = 10_000_000
"""Bytes of the largest object that is read."""

_MOST_PACKS = 100
MOST_WORK = 500_000_000
"""What all objects may cost together: mostly bytes that are read and made."""

_COST_OF_READING = 10_000
"""What it costs to read or look for anything, beside its bytes."""

_COST_OF_ORDER = 300
"""What it costs to obey an order of a change, beside the bytes that it makes."""

_MOST_CHANGES = 4096
"""The longest chain of changes; git itself makes no longer ones (`pack.depth`)."""

_PIECE = 16_384
_MOST_BITS = 63
"""Of a number; one that is written without end would take endless time to read."""

_KINDS = {1: "commit", 2: "tree", 3: "blob", 4: "tag"}
_BY_OFFSET, _BY_NAME = 6, 7
_INDEX = b"\xfftOc\0\0\0\x02"
_FAN = 256 * 4
_FAR = 1 << 31


class CannotReadObject(ValueError):
    """An object is missing, too large, or none."""


class GitObject(NamedTuple):
    """An object.

    Attributes:
        kind: `commit`, `tree`, `blob` or `tag`.
        content: its bytes.
    """

    kind: str
    content: bytes


class ObjectStore:
    """The objects in a folder of git's.

    Args:
        folder: the folder with `objects`.
        work: what its objects may cost, together with those of other stores.
    """

    def __init__(self, folder: FileSystem, work: Budget | None = None) -> None:
        self._folder = folder
        self._objects = folder.root / "objects"
        packs = self._objects / "pack"
        names = sorted(name for name in folder.names_in(packs) if name.endswith(".idx"))
        self._indexes = [packs / name for name in names[:_MOST_PACKS]]
        self._fans: dict[Path, tuple[int, ...]] = {}
        self._work = work or Budget(MOST_WORK)

    def read(self, name: str) -> GitObject:
        """An object by its name, in hexadecimal digits.

        Raises:
            CannotReadObject: it is missing, too large, or none.
        """
        try:
            return self._read(bytes.fromhex(name))
        except (OSError, ValueError, LookupError, OverflowError, zlib.error) as error:
            raise CannotReadObject(f"{name}: {error}") from error

    def spend(self, cost: int) -> None:
        """Takes note that an object costs more than to read it.

        Args:
            cost: how much, about a nanosecond or two each.

        Raises:
            CannotReadObject: all objects together cost too much.
        """
        if not self._work.spend(cost):
            raise CannotReadObject("the objects of this repository take too long to read")

    def _part(self, path: Path, start: int, size: int) -> bytes:
        self.spend(size + _COST_OF_READING)
        return self._folder.part(path, start, size)

    def _read(self, name: bytes) -> GitObject:
        changes: list[bytes] = []
        place = self._place_of(name)
        while isinstance(place, _Place):
            entry = self._entry(place)
            if isinstance(entry, GitObject):
                return GitObject(entry.kind, self._changed(entry.content, changes))
            changes.append(entry.change)
            if len(changes) > _MOST_CHANGES:
                raise CannotReadObject("it has too many changes")
            place = entry.base if isinstance(entry.base, _Place) else self._place_of(entry.base)
        return GitObject(place.kind, self._changed(place.content, changes))

    def _inflated(self, piece: Callable[[int], bytes], at: int, most: int) -> bytes:
        """Compressed bytes as they were.

        Args:
            piece: the next bytes from an offset on.
            at: the offset where the compressed ones begin.
            most: how many bytes they may have been.
        """
        inflater = zlib.decompressobj()
        found = bytearray()
        while not inflater.eof:
            given = inflater.unconsumed_tail or piece(at)
            if not inflater.unconsumed_tail:
                at += len(given)
            if not given:
                raise CannotReadObject("it ends too early")
            made = inflater.decompress(given, most + 1 - len(found))
            self.spend(len(made))
            found += made
            if len(found) > most:
                raise CannotReadObject("it is too large")
        return bytes(found)

    def _changed(self, content: bytes, changes: list[bytes]) -> bytes:
        """What changes make of some bytes; the last one is made first."""
        for change in reversed(changes):
            content = self._applied(content, change)
            self.spend(len(content))
        return content

    def _applied(self, base: bytes, change: bytes) -> bytes:
        """What one change makes of some bytes: copies of parts of them, and new ones."""
        before, at = _size(change, 0)
        after, at = _size(change, at)
        if before != len(base) or after > _LARGEST:
            raise CannotReadObject("a change is too large, or of other bytes")
        found = bytearray()
        while at < len(change):
            order = change[at]
            at += 1
            self.spend(_COST_OF_ORDER)
            if order & 0x80:
                start = size = 0
                for bit in range(7):
                    if order >> bit & 1:
                        if bit < 4:
                            start |= change[at] << 8 * bit
                        else:
                            size |= change[at] << 8 * (bit - 4)
                        at += 1
                found += base[start : start + (size or 0x10000)]
            else:
                found += change[at : at + order]
                at += order
            if not order or len(found) > after:
                raise CannotReadObject("a change is none")
        if len(found) != after:
            raise CannotReadObject("a change is none")
        return bytes(found)

    def _place_of(self, name: bytes) -> _Place | GitObject:
        """Where an object is packed; the object itself, if it is not packed."""
        digits = name.hex()
        loose = self._objects / digits[:2] / digits[2:]
        self.spend(_COST_OF_READING)
        if self._folder.has_file(loose):
            return self._loose(loose)
        for index in self._indexes:
            start = self._offset(index, name)
            if start is not None:
                return _Place(index.with_suffix(".pack"), start, len(name))
        raise CannotReadObject("it is not here")

    def _loose(self, path: Path) -> GitObject:
        def piece(at: int) -> bytes:
            return self._part(path, at, _PIECE)

        content = self._inflated(piece, 0, _LARGEST + 64)
        header, _, rest = content.partition(b"\0")
        kind, _, size = header.decode("ascii").partition(" ")
        if kind not in _KINDS.values() or int(size) != len(rest):
            raise CannotReadObject("it is no object")
        return GitObject(kind, rest)

    def _offset(self, index: Path, name: bytes) -> int | None:
        """Where an object begins in the pack of an index, `None` if it is not in there."""

        def number(start: int, size: int) -> int:
            return int.from_bytes(self._part(index, start, size), "big")

        fan = self._fan(index)
        if not fan:
            return None
        first, last, count = fan[name[0] - 1] if name[0] else 0, fan[name[0]], fan[255]
        if not 0 <= last - first <= _LARGEST // len(name):
            return None
        start = len(_INDEX) + _FAN
        names = self._part(index, start + first * len(name), (last - first) * len(name))
        found = bisect_left(
            range(last - first),
            name,
            key=lambda row: names[row * len(name) : (row + 1) * len(name)],
        )
        if names[found * len(name) : (found + 1) * len(name)] != name:
            return None
        # The names are followed by a check sum of four bytes for each.
        start += count * (len(name) + 4)
        offset = number(start + (first + found) * 4, 4)
        return offset if offset < _FAR else number(start + count * 4 + (offset - _FAR) * 8, 8)

    def _fan(self, index: Path) -> tuple[int, ...]:
        """How many names of an index begin with a byte or a smaller one, by the byte; empty if it
        is no index."""
        if index not in self._fans:
            part = self._part(index, 0, len(_INDEX) + _FAN)
            is_one = part.startswith(_INDEX) and len(part) == len(_INDEX) + _FAN
            self._fans[index] = unpack_from(">256I", part, len(_INDEX)) if is_one else ()
        return self._fans[index]

    def _entry(self, place: _Place) -> GitObject | _Change:
        """What a pack holds at a place."""

        def piece(at: int) -> bytes:
            return self._part(place.pack, at, _PIECE)

        head = piece(place.start)
        at = 0
        kind, size = (head[at] >> 4) & 7, head[at] & 15
        if head[at] & 0x80:
            more, at = _size(head, at + 1)
            size |= more << 4
        else:
            at += 1
        if size > _LARGEST:
            raise CannotReadObject("it is too large")
        base: _Place | bytes | None = None
        if kind == _BY_OFFSET:
            back, at = variable_number(head, at)
            if not 0 < back < place.start:
                raise CannotReadObject("it changes what is not before it")
            base = place._replace(start=place.start - back)
        elif kind == _BY_NAME:
            base = head[at : at + place.width]
            at += place.width
        content = self._inflated(piece, place.start + at, size)
        if len(content) != size:
            raise CannotReadObject("it is no object")
        return GitObject(_KINDS[kind], content) if base is None else _Change(base, content)


class _Place(NamedTuple):
    """Where an object is: its pack, where it begins there, and how many bytes names have."""

    pack: Path
    start: int
    width: int


class _Change(NamedTuple):
    """An object as a change of another one, which is at a place or has a name."""

    base: _Place | bytes
    change: bytes


def _size(content: bytes, at: int) -> tuple[int, int]:
    """A number whose last part comes first, and where it ends.

    Raises:
        ValueError, IndexError: it is none.
    """
    value = shift = 0
    while content[at] & 0x80:
        value |= (content[at] & 0x7F) << shift
        shift += 7
        at += 1
        if shift > _MOST_BITS:
            raise ValueError("a number is too long")
    return value | content[at] << shift, at + 1


def variable_number(content: bytes, at: int) -> tuple[int, int]:
    """A number whose first part comes first, as git's packs and indexes have it for offsets, and
    where it ends.

    Raises:
        ValueError, IndexError: it is none.
    """
    value = content[at] & 0x7F
    while content[at] & 0x80:
        at += 1
        value = (value + 1) << 7 | content[at] & 0x7F
        if value >> _MOST_BITS:
            raise ValueError("a number is too long")
    return value, at + 1
