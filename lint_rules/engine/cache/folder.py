"""The folder that a cache is in."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

from lint_rules import __version__
from lint_rules.engine.cache.fingerprints import repository
from lint_rules.workspace.file_system import read_named

NAME = ".metaflow_lint_cache"
VARIABLE = "METAFLOW_LINT_CACHE_DIR"

_OLD = 30 * 24 * 3600
"""Seconds after which what nobody wrote anew is thrown away."""


class Folder:
    """A folder of files that may be missing, old or anybody's.

    Args:
        path: the folder; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files = path / __version__

    def read(self, name: str) -> bytes:
        """What a file of the folder holds.

        Raises:
            OSError: there is none, or it cannot be read, or the folder leads elsewhere.
        """
        self._check()
        return read_named(self._files / name)

    def write(self, name: str, content: bytes) -> None:
        """Replaces a file of the folder in one step.

        Raises:
            OSError: it cannot be written, or the folder leads elsewhere.
        """
        self._check()
        self._files.mkdir(parents=True, exist_ok=True)
        ignore = self.path / ".gitignore"
        if not ignore.exists():
            ignore.write_text("# Made by metaflow-lint.\n*\n", encoding="utf-8")
        new = self._files / f"{name}.{os.getpid()}"
        try:
            new.write_bytes(content)
            new.replace(self._files / name)
        finally:
            new.unlink(missing_ok=True)

    def tidy(self) -> None:
        """Throws away what is old.

        Raises:
            OSError: it cannot be done.
        """
        for other in self.path.glob("*/*"):
            if time.time() - other.stat().st_mtime > _OLD:
                other.unlink(missing_ok=True)

    def holds(self, path: str) -> bool:
        """Whether an absolute path is the folder's, or that of a file in it."""
        return f"{path}{os.sep}".startswith(f"{os.path.abspath(self.path)}{os.sep}")

    def _check(self) -> None:
        # A repository may bring links along.
        if self.path.is_symlink() or self._files.is_symlink():
            raise OSError(errno.ELOOP, "this is a link", str(self.path))


def folder_for(here: Path) -> Path:
    """Where runs are kept: in the folder that the environment names, else in the repository."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else repository(here) / NAME
