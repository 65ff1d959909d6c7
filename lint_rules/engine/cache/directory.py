"""A folder of files that are opened by name alone: no link is followed, and nothing of anybody
else's is read, replaced or deleted.

Where the system has directory descriptors, each name is looked up in the folder that was checked,
wherever its path leads by now. Windows has none: there the path is checked each time before it is
used, and owners are not distinguished.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import weakref

HAS_DESCRIPTORS = (
    hasattr(os, "O_NOFOLLOW")
    and {os.open, os.stat, os.rename, os.unlink, os.mkdir} <= os.supports_dir_fd
    and os.listdir in os.supports_fd
)
"""Whether files can be opened relative to a folder that is open."""

MOST_BYTES = 256 * 1024 * 1024
"""Of a file: what is larger was not written here."""

_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | _NO_LINK
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | _NO_LINK
_REPARSE_POINT = getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400)


class Unsafe(OSError):
    """A folder or file that is not to be used: `strerror` says why."""


class Directory:
    """An existing folder of the user's own.

    Args:
        path: the folder, or its name in `parent`.
        parent: the folder that it is in, if that is open already.

    Raises:
        Unsafe: it is a link or a file, or belongs to somebody else.
        OSError: there is none, or it cannot be opened.
    """

    def __init__(self, path: str, parent: Directory | None = None) -> None:
        self._path: str = path if parent is None else os.path.join(parent._path, path)
        self._descriptor: int | None = None
        if not HAS_DESCRIPTORS:
            self._check_path()
            return
        above = None if parent is None else parent._descriptor
        status = os.stat(path, dir_fd=above, follow_symlinks=False)
        _check_folder(status, self._path)
        self._descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | _NO_LINK, dir_fd=above)
        weakref.finalize(self, os.close, self._descriptor)
        # Somebody may have put another one there meanwhile.
        _check_folder(os.fstat(self._descriptor), self._path)

    def inner(self, name: str, *, make: bool = False) -> Directory:
        """A folder in this one. Raises as the class.

        Args:
            name: its name.
            make: whether to create it if there is none.
        """
        if make:
            with contextlib.suppress(FileExistsError):
                os.mkdir(self._at(name), 0o700, dir_fd=self._descriptor)
        return Directory(name, self)

    def names(self) -> list[str]:
        """The names of all that is in the folder."""
        return os.listdir(self._at("") if self._descriptor is None else self._descriptor)

    def status(self, name: str) -> os.stat_result:
        """What the file system says of a file, or of a link itself.

        Raises:
            OSError: there is none.
        """
        return os.stat(self._at(name), dir_fd=self._descriptor, follow_symlinks=False)

    def is_own_file(self, name: str) -> bool:
        """Whether a name is that of a regular file of the user's, not of a link to one."""
        try:
            status = self.status(name)
        except OSError:
            return False
        return stat.S_ISREG(status.st_mode) and _is_own(status)

    def read(self, name: str) -> bytes:
        """What a file holds.

        Raises:
            Unsafe: it is no regular file, too large, or somebody else's.
            OSError: it cannot be read.
        """
        if self._descriptor is None:
            _check_file(self.status(name), name)
        handle = os.open(self._at(name), _READ, dir_fd=self._descriptor)
        try:
            _check_file(os.fstat(handle), name)
            with open(handle, "rb", closefd=False) as file:
                return file.read(MOST_BYTES)
        finally:
            os.close(handle)

    def create(self, name: str, content: bytes) -> None:
        """Writes a file that is not there yet.

        Raises:
            FileExistsError: there is one, or a link.
            OSError: it cannot be written; nothing of it is left.
        """
        handle = os.open(self._at(name), _CREATE, 0o600, dir_fd=self._descriptor)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
        except OSError:
            self.remove(name)
            raise

    def rename(self, old: str, new: str) -> None:
        """Gives a file another name, in place of what has it now.

        Raises:
            OSError: it cannot be done, as where a folder has that name.
        """
        above = self._descriptor
        os.replace(self._at(old), self._at(new), src_dir_fd=above, dst_dir_fd=above)

    def remove(self, name: str) -> None:
        """Deletes a file, or a link itself, if it can be deleted."""
        with contextlib.suppress(OSError):
            os.unlink(self._at(name), dir_fd=self._descriptor)

    def _at(self, name: str) -> str:
        if self._descriptor is not None:
            return name
        self._check_path()
        return os.path.join(self._path, name)

    def _check_path(self) -> None:
        _check_folder(os.lstat(self._path), self._path)


def _check_folder(status: os.stat_result, path: str) -> None:
    attributes = getattr(status, "st_file_attributes", 0)
    if stat.S_ISLNK(status.st_mode) or attributes & _REPARSE_POINT:
        raise Unsafe(errno.ELOOP, "is a link", path)
    if not stat.S_ISDIR(status.st_mode):
        raise Unsafe(errno.ENOTDIR, "is not a folder", path)
    if not _is_own(status):
        raise Unsafe(errno.EPERM, "belongs to another user", path)


def _check_file(status: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(status.st_mode) or not _is_own(status) or status.st_size > MOST_BYTES:
        raise Unsafe(errno.EPERM, "is no file of this cache", name)


def _is_own(status: os.stat_result) -> bool:
    return not hasattr(os, "geteuid") or status.st_uid == os.geteuid()
