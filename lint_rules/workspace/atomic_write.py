"""Writing files so that nobody ever sees half of one, nor half of what belongs together."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lint_rules.workspace.file_system import real


class HalfWritten(OSError):
    """Some of several files were replaced and could not be put back; `strerror` says which."""


def write(path: Path, content: bytes) -> None:
    """Replaces a file in one step; its mode is kept, and a link stays one.

    A device or pipe (`/dev/stdout`) is written to as it is.

    Raises:
        OSError: the file cannot be written; what was there is still there.
    """
    if path.exists() and not path.is_file():
        with _named(path):
            path.write_bytes(content)
    else:
        write_together({path: content})


def write_together(
    contents: Mapping[Path, bytes], instead_of: Mapping[Path, bytes] | None = None
) -> None:
    """Replaces files as `write` does, all of them or none.

    Everything is written beside the files first; then each takes its file's place.

    Args:
        contents: what the files shall hold.
        instead_of: what they held when they were read, of those of which nothing newer is to be
            replaced.

    Raises:
        OSError: a file cannot be written; what was there is still there, in all of them.
        HalfWritten: a file could not be replaced, and not all others could be put back.
    """
    staged: dict[Path, Path] = {}
    replaced: dict[Path, bytes] = {}
    try:
        for path, content in contents.items():
            with _named(path):
                staged[path] = _staged(path, content)
        for path, content in (instead_of or {}).items():
            if path in contents and path.read_bytes() != content:
                told = "somebody changed it meanwhile, and it was left so; run again"
                raise OSError(errno.EBUSY, told, str(path))
        for path, name in staged.items():
            target = real(path)
            old = target.read_bytes() if len(staged) > 1 and target.exists() else None
            name.replace(target)
            if old is not None:
                replaced[path] = old
    except BaseException as error:
        for name in staged.values():
            with contextlib.suppress(OSError):
                name.unlink()
        _put_back(replaced, error)
        raise


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Lets errors name a file, rather than the temporary one that nobody knows."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _put_back(replaced: Mapping[Path, bytes], error: BaseException) -> None:
    changed = []
    for path, content in replaced.items():
        try:
            write(path, content)
        except OSError:
            changed.append(str(path))
    if changed:
        why = error.strerror if isinstance(error, OSError) else "stopped"
        told = "changed already, and could not be put back: restore what belongs together"
        raise HalfWritten(errno.EIO, f"{why}. {', '.join(changed)}: {told}") from error


def _staged(path: Path, content: bytes) -> Path:
    """A new file beside another, with what is to stand in that."""
    target = real(path)
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            # A file that may not be written is not to be replaced either.
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, "Permission denied")
            Path(name).chmod(stat.S_IMODE(target.stat().st_mode))
        else:
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)
