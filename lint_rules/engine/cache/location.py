"""Where the cache is: in the folder that somebody named, else among the user's caches.

Nothing is kept in the repository unless somebody asks for it: a stranger's could bring a cache
along that calls bad flows good. Where somebody does ask, entries are signed with a key that lies
outside of it.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lint_rules.engine.cache.directory import Unsafe
from lint_rules.engine.cache.folder import Folder
from lint_rules.errors import CannotRun

VARIABLE = "METAFLOW_LINT_CACHE_DIR"
OPTION = "--cache-dir"

_NAME = "metaflow-lint"


class Refused(CannotRun):
    """A folder that is not used as a cache; the message says why, and what to do."""


@dataclass(frozen=True)
class Location:
    """A folder for the cache.

    Attributes:
        path: the folder.
        named_by: what names it: the option or the variable, `None` for the default place.
    """

    path: Path
    named_by: str | None


def location(given: Path | None) -> Location | None:
    """Where the cache is to be; `None` if nobody names a folder and the user has no home.

    Args:
        given: the folder that the command line names.
    """
    if given is not None:
        return Location(given, OPTION)
    named = os.environ.get(VARIABLE)
    if named:
        return Location(Path(named), VARIABLE)
    default = user_folder()
    return None if default is None else Location(default, None)


def user_folder() -> Path | None:
    """The folder of this tool among the user's caches, `None` if the user has no home.

    It is the one that platformdirs names, whose import takes longer than most runs.
    """
    if os.name == "nt":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local, _NAME, "Cache") if os.path.isabs(local) else None
    caches = "~/Library/Caches" if sys.platform == "darwin" else "~/.cache"
    given = os.environ.get("XDG_CACHE_HOME", "").strip()
    # The specification says to ignore a relative one.
    folder = given if os.path.isabs(given) else os.path.expanduser(caches)
    return Path(folder, _NAME) if os.path.isabs(folder) else None


def opened(where: Location, repositories: Iterable[Path]) -> Folder:
    """The folder at a location.

    Args:
        where: the location.
        repositories: the repositories that are checked.

    Raises:
        Refused: it must not be used.
    """
    roots = tuple(repositories)
    try:
        keys = None
        if _is_inside(where.path, roots):
            own = user_folder() if where.named_by else None
            if own is None or _is_inside(own, roots):
                raise Refused(_message(where, "is in the repository that is checked"))
            keys = Folder(own)
        return Folder(where.path, keys)
    except Unsafe as error:
        path = Path(str(error.filename))
        reason = str(error.strerror)
        raise Refused(_message(Location(path, where.named_by), reason)) from error
    except OSError as error:
        reason = f"cannot be opened: {error.strerror}"
        raise Refused(_message(where, reason)) from error


def _is_inside(path: Path, roots: Iterable[Path]) -> bool:
    """Whether a folder is in a repository.

    Raises:
        Unsafe: its path goes through the repository, and by a link of it to somewhere else.
    """
    named, real = Path(os.path.abspath(path)), Path(os.path.realpath(path))
    for root in roots:
        if real.is_relative_to(os.path.realpath(root)):
            return True
        if named.is_relative_to(root):
            raise Unsafe(errno.ELOOP, "leads out of the repository through a link", str(named))
    return False


def _message(where: Location, reason: str) -> str:
    if where.named_by is None:
        return (
            f"{where.path} {reason}, so nothing is cached. Name another folder with {OPTION} or "
            f"{VARIABLE}, or pass --no-cache."
        )
    return (
        f"{where.named_by}: {where.path} {reason}. Name a folder that is empty or does not exist "
        f"yet, or pass --no-cache."
    )
