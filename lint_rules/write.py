"""Writing files so that nobody ever sees half of one."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Replaces a file in one step; its mode is kept, and a link stays one.

    Raises:
        OSError: the file cannot be written; what was there is still there.
    """
    target = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            # A file that may not be written is not to be replaced either.
            if not os.access(target, os.W_OK):
                raise PermissionError(13, "Permission denied", str(path))
            Path(name).chmod(stat.S_IMODE(target.stat().st_mode))
        else:
            umask = os.umask(0)
            os.umask(umask)
            Path(name).chmod(0o666 & ~umask)
        Path(name).replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise
