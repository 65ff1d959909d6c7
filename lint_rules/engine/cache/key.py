"""The key that kept models are signed with.

What lies in a repository may be anybody's: a stranger's could bring a cache along that says of bad
flows that they are good. The key lies where no repository can put one.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from lint_rules.engine.cache.fingerprints import repository
from lint_rules.workspace.file_system import read_named

_LENGTH = 32


def is_among_keys(path: str) -> bool:
    """Whether an absolute path is that of the user's key, or of one that is being made."""
    return os.path.dirname(path) == str(_of_user())


def key_file(folder: Path) -> Path:
    """Where the key of a cache's folder lies: in it, where that is outside of the repository, as in
    CI that restores it as a whole; else among the user's caches.

    Raises:
        FileNotFoundError: neither will do.
    """
    inside = repository(Path.cwd())
    if not _leads_into(inside, folder):
        return folder / "key"
    own = _of_user()
    if _leads_into(inside, own):
        raise FileNotFoundError(own)
    return own / "key"


def _leads_into(repository: Path, path: Path) -> bool:
    """Whether a path is in a repository, or stands there as a link that leads out of it."""
    found = (Path(os.path.abspath(path)), path.resolve())
    return any(
        one.is_relative_to(root) for one in found for root in (repository, repository.resolve())
    )


def key_for(folder: Path) -> bytes:
    """The key of a cache's folder, made where there is none.

    Raises:
        OSError: there is no place for it.
    """
    file = key_file(folder)
    with contextlib.suppress(FileNotFoundError):
        known = read_named(file)
        if len(known) == _LENGTH:
            return known
    return _made(file)


def _of_user() -> Path:
    # Without a home, a `~` is left, which is in the current folder.
    caches = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return Path(os.path.abspath(caches), "metaflow-lint")


def _made(file: Path) -> bytes:
    key = os.urandom(_LENGTH)
    file.parent.mkdir(parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
            opened.write(key)
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
    return key
