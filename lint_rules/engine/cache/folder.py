"""The folder that a cache is in: what shows that it is one, and the files in it."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import time
from pathlib import Path

from lint_rules import __version__
from lint_rules.engine.cache.directory import Directory, Unsafe

MARKER = "CACHEDIR.TAG"
"""The name that backup tools know caches by (https://bford.info/cachedir)."""

MARK = b"""\
Signature: 8a477f597d28d172789f06886806bc55
# This folder is a cache of metaflow-lint, which deletes old files in it.
"""
"""What the marker holds; that of another tool's cache holds something else."""

DAYS_KEPT = 30
"""After which a file that nobody wrote again is deleted."""

_KEY = "key"
_KEY_LENGTH = 32
_ENTRY = re.compile(r"[0-9a-f]{32}\.(run|files|model)")
_UNFINISHED = re.compile(r"new-[0-9a-f]{32}")
_TIDIED = "tidied"
_DAY = 24 * 3600


class Folder:
    """A folder that holds a cache, or that one can be made in.

    It is made when something is written. One that exists must carry `MARKER` or be empty.

    Args:
        path: the folder; it need not exist.
        keys: the folder that the key for this one is in, if that is another one.

    Raises:
        Unsafe: it may not be used: it is a link, a file, somebody else's, or holds other things.
    """

    def __init__(self, path: Path, keys: Folder | None = None) -> None:
        self.path = Path(os.path.abspath(path))
        self._keys = keys
        self._root = self._opened()
        self._files: Directory | None = None

    def read(self, name: str) -> bytes:
        """What an entry holds.

        Raises:
            OSError: there is none, or it cannot be read.
        """
        _check_name(name)
        return self._entries(make=False).read(name)

    def write(self, name: str, content: bytes) -> None:
        """Replaces an entry in one step, and deletes what is old, once a day.

        Raises:
            OSError: it cannot be written.
        """
        _check_name(name)
        files = self._entries(make=True)
        _write(files, name, content)
        if not _is_younger(files, _TIDIED, days=1):
            _write(files, _TIDIED, b"")
            self.tidy()

    def tidy(self) -> None:
        """Deletes entries of this version, and unfinished files, that are older than `DAYS_KEPT`.

        Nothing else: no other names, links or folders, nor files of somebody else.
        """
        with contextlib.suppress(OSError):
            files = self._entries(make=False)
            for name in files.names():
                ours = _ENTRY.fullmatch(name) or _UNFINISHED.fullmatch(name)
                if ours and files.is_own_file(name) and not _is_younger(files, name, DAYS_KEPT):
                    files.remove(name)

    def key(self) -> bytes:
        """The secret that entries are signed with, made where there is none.

        Raises:
            OSError: it can neither be read nor written.
        """
        if self._keys is not None:
            return self._keys.key()
        with contextlib.suppress(FileNotFoundError):
            known = self._made(make=False).read(_KEY)
            if len(known) == _KEY_LENGTH:
                return known
        key = os.urandom(_KEY_LENGTH)
        _write(self._made(make=True), _KEY, key)
        return key

    def _entries(self, *, make: bool) -> Directory:
        if self._files is None:
            self._files = self._made(make=make).inner(__version__, make=make)
        return self._files

    def _made(self, *, make: bool) -> Directory:
        """The folder itself, open and marked."""
        if self._root is None:
            if not make:
                raise FileNotFoundError(str(self.path))
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._root = Directory(str(self.path))
        if make and not _is_marked(self._root):
            self._mark(self._root)
        return self._root

    def _opened(self) -> Directory | None:
        try:
            found = Directory(str(self.path))
        except FileNotFoundError:
            return None
        if not _is_marked(found):
            self._check_empty(found)
        return found

    def _mark(self, found: Directory) -> None:
        self._check_empty(found)
        # First, so that a folder which holds anything has it.
        _write(found, MARKER, MARK)
        with contextlib.suppress(FileExistsError):
            found.create(".gitignore", b"# Made by metaflow-lint.\n*\n")

    def _check_empty(self, found: Directory) -> None:
        # Another run may be marking it just now, or have been killed while it did.
        others = [name for name in found.names() if not _UNFINISHED.fullmatch(name)]
        if others and not _is_marked(found):
            raise Unsafe(
                errno.ENOTEMPTY, "holds files and is no cache of metaflow-lint", str(self.path)
            )


def _is_marked(found: Directory) -> bool:
    try:
        return found.read(MARKER) == MARK
    except OSError:
        return False


def _check_name(name: str) -> None:
    if not _ENTRY.fullmatch(name):
        raise ValueError(f"{name!r} is no entry of a cache")


def _write(files: Directory, name: str, content: bytes) -> None:
    new = f"new-{os.urandom(16).hex()}"
    files.create(new, content)
    try:
        files.rename(new, name)
    except OSError:
        files.remove(new)
        raise


def _is_younger(files: Directory, name: str, days: int) -> bool:
    try:
        return time.time() - files.status(name).st_mtime < days * _DAY
    except OSError:
        return False
