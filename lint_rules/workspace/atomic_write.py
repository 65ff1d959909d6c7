"""Writing files so that nobody ever sees half of one, nor half of what belongs together.

Nothing is written through a link that leads out of the repository that the link is in.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from lint_rules.workspace.named_files import LeadsOutside
from lint_rules.workspace.repository import repository_of


class PartialWriteError(OSError):
    """Some of several files were replaced and could not be put back; `strerror` says which."""


def write(path: Path, content: bytes) -> None:
    """Replaces a file in one step; its mode, owner and access rights are kept, and a link stays.

    A device or pipe (`/dev/stdout`) is written to as it is.

    Raises:
        LeadsOutside: a link on the way leads out of its repository.
        OSError: the file cannot be written, or is a pipe that nobody reads; what was there is still
            there.
    """
    if path.exists() and not path.is_file():
        with _named(path):
            _target(path)
            # The link that stands for an open pipe leads to no path. Without `O_NONBLOCK`, opening
            # a pipe would wait for a program that reads it.
            number = _opened(path)
            with os.fdopen(number, "wb") as stream:
                os.set_blocking(number, True)
                stream.write(content)
    else:
        write_together({path: content})


def write_together(
    contents: Mapping[Path, bytes], instead_of: Mapping[Path, bytes] | None = None
) -> None:
    """Replaces files as `write` does, all of them or none.

    Everything is written beside the files first; then each takes its file's place. A file is
    compared with what it is to be instead of right before that and, since a program may save it in
    the very moment, right after it.

    Args:
        contents: what the files shall hold.
        instead_of: what they held when they were read; a file that holds something else by now is
            not replaced, and neither are the others.

    Raises:
        LeadsOutside: a link on the way to a file leads out of its repository.
        OSError: a file cannot be written; what was there is still there, in all of them.
        PartialWriteError: a file could not be replaced, and not all others could be put back.
    """
    staged: dict[Path, Path] = {}
    replaced: dict[Path, bytes] = {}
    expected = instead_of or {}
    try:
        for path, content in contents.items():
            with _named(path):
                staged[path] = _staged(path, content)
        for path in expected.keys() & contents.keys():
            if path.read_bytes() != expected[path]:
                raise _changed(path)
        for path, new in staged.items():
            target = _target(path)
            if not target.exists():
                if path in expected:
                    raise _changed(path)
                new.replace(target)
                continue
            old = _replace(new, target, path, expected.get(path))
            if len(staged) > 1:
                replaced[path] = old
    except BaseException as error:
        for name in staged.values():
            with contextlib.suppress(OSError):
                name.unlink()
        _put_back(replaced, contents, error)
        raise


def hard_links(path: Path) -> int:
    """How many names a file has; replacing it leaves the other ones with what it was."""
    try:
        return path.stat().st_nlink
    except OSError:
        return 1


def _replace(new: Path, target: Path, path: Path, expected: bytes | None) -> bytes:
    """Puts a new file in the place of another; what that held is returned.

    Raises:
        OSError: it cannot be replaced, or holds something else than expected, and is as it was.
    """
    with target.open("rb") as opened:
        old = opened.read()
        if expected is not None:
            there, read = target.stat(), os.fstat(opened.fileno())
            if old != expected or (there.st_dev, there.st_ino) != (read.st_dev, read.st_ino):
                raise _changed(path)
        new.replace(target)
        opened.seek(0)
        saved = opened.read()
    if expected is not None and saved != expected:
        # It was saved between the two; that is what is to stand there.
        write(target, saved)
        raise _changed(path)
    return old


def _changed(path: Path) -> OSError:
    sentence = "another program changed it in the meantime; it was left as it is, run again"
    return OSError(errno.EBUSY, sentence, str(path))


def _target(path: Path) -> Path:
    """The file that a path leads to.

    Raises:
        LeadsOutside: a link on the way leads out of the repository that it is in.
        OSError: links lead in a circle.
    """
    current = Path(path.absolute().anchor)
    for part in path.absolute().parts[1:]:
        following = current / part
        if part == "..":
            current = current.parent
        elif following.is_symlink():
            target = Path(os.path.realpath(following))
            if target.is_symlink():
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
            home = _repository(current)
            if home is not None and not target.is_relative_to(home):
                raise LeadsOutside(path, target)
            current = target
        else:
            current = following
    return current


def _repository(folder: Path) -> Path | None:
    """The repository that a folder is in, `None` if nothing says that it is in one."""
    for candidate in (folder, *folder.parents):
        if (candidate / ".git").exists():
            return candidate
    here = repository_of(Path(os.path.realpath(Path.cwd())))
    return here if folder.is_relative_to(here) else None


def _opened(path: Path) -> int:
    """A device or pipe, open to be written.

    Raises:
        OSError: it cannot be opened, or is a pipe that nobody reads.
    """
    try:
        return os.open(path, os.O_WRONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as error:
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "no program reads this pipe") from None
        raise


@contextlib.contextmanager
def _named(path: Path) -> Iterator[None]:
    """Lets errors name a file, rather than the temporary one that nobody knows."""
    try:
        yield
    except OSError as error:
        error.filename = str(path)
        raise


def _put_back(
    replaced: Mapping[Path, bytes], contents: Mapping[Path, bytes], error: BaseException
) -> None:
    changed = []
    for path, content in replaced.items():
        try:
            # What somebody saved after that is theirs.
            write_together({path: content}, {path: contents[path]})
        except OSError:
            changed.append(str(path))
    if changed:
        why = error.strerror if isinstance(error, OSError) else "stopped"
        sentence = "already changed, and could not be restored: restore it by hand"
        raise PartialWriteError(errno.EIO, f"{why}. {', '.join(changed)}: {sentence}") from error


def _staged(path: Path, content: bytes) -> Path:
    """A new file beside another, with what is to stand in that."""
    target = _target(path)
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
            _take_over(Path(name), target)
        else:
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
    return Path(name)


def _take_over(new: Path, old: Path) -> None:
    """Gives a file the owner, mode and extended attributes of another, access lists among them."""
    status = old.stat()
    if hasattr(os, "chown"):
        # Only root gives files away, and others only to groups that they are in.
        for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):
            with contextlib.suppress(PermissionError):
                os.chown(new, owner, group)
    mode = stat.S_IMODE(status.st_mode)
    is_same_owner = new.stat().st_uid == status.st_uid
    new.chmod(mode if is_same_owner else mode & 0o777)
    if hasattr(os, "listxattr"):
        # Some file systems have none, and some attributes belong to the system.
        with contextlib.suppress(OSError):
            for name in os.listxattr(old):
                with contextlib.suppress(OSError):
                    os.setxattr(new, name, os.getxattr(old, name))
