"""The state of files and folders, told without reading them.

As git's index does it: a file with the same size, times and inode is the same file. Nobody can set
the time of the last change of an inode (`ctime`), so copies that keep their date are noticed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from lint_rules.engine.discovery import ALWAYS_EXCLUDED, SUFFIXES
from lint_rules.settings.options import OWN_FILE, PYPROJECT

State = list[int] | None
"""Kind and mode, size, inode, and the times of the last changes in nanoseconds; `None` for what is
not there."""

MOST_ENTRIES = 100_000
"""In a folder with more files than this, looking at all of them takes longer than linting."""

_MARKS = (
    ".git",
    ".gitignore",
    OWN_FILE,
    PYPROJECT,
    "__init__.py",
    "requirements.txt",
    "setup.cfg",
    "setup.py",
)
_TOLD_BY_NAME = ("README", "LICENSE")
_PASSED_OVER = ALWAYS_EXCLUDED - {"_build", "buck-out", "build", "dist"}
"""Folders that no import leads into, unlike those in which somebody builds something."""


class TooMany(Exception):
    """A folder holds more than `MOST_ENTRIES` files."""


def state(path: str) -> State:
    """The state of what a path leads to."""
    try:
        return _state(os.stat(path))
    except (OSError, ValueError):
        return None


def states(paths: Iterable[str]) -> dict[str, State]:
    """The states of several paths."""
    return {path: state(path) for path in paths}


def states_below(folder: str) -> dict[str, State]:
    """The states of the sources and settings below a folder, and the names of its folders.

    What lies in folders without sources of one's own is left out. A folder's own times change with
    whatever is made in it: it has the state `[]`, and once its files are here, a name without `/`.

    Raises:
        TooMany: there are more than `MOST_ENTRIES`.
    """
    found: dict[str, State] = {}
    seen = 0
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        found[here] = []
        try:
            entries = list(os.scandir(here))
        except OSError:
            found[here] = None
            continue
        for entry in entries:
            name = entry.name
            try:
                if name in _PASSED_OVER and name != ".git":
                    continue
                if entry.is_dir():
                    found[f"{entry.path}/"] = []
                    # A link may lead to a folder above it.
                    if name != ".git" and not entry.is_symlink():
                        waiting.append(entry.path)
                elif name.endswith(SUFFIXES) or name in _MARKS or name.endswith(".toml"):
                    found[entry.path] = _state(entry.stat())
                elif name.startswith(_TOLD_BY_NAME):
                    found[entry.path] = []
            except OSError:
                found[entry.path] = None
        seen += len(entries)
        if seen > MOST_ENTRIES:
            raise TooMany(folder)
    return found


def is_passed_over(path: Path, root: Path) -> bool:
    """Whether `states_below` leaves out what is at a path below a folder."""
    return not path.is_relative_to(root) or not _PASSED_OVER.isdisjoint(
        path.relative_to(root).parts
    )


def repository(folder: Path) -> Path:
    """The folder of the repository around an absolute one: the nearest with `.git`, else the
    outermost that looks like a project's, else the folder itself."""
    above = (folder, *folder.parents)
    for candidate in above:
        if (candidate / ".git").exists():
            return candidate
    marked = [one for one in above if any((one / mark).exists() for mark in _MARKS)]
    return marked[-1] if marked else folder


def marks_above(folder: Path) -> Iterator[str]:
    """The paths of what would say, above a folder, where a project begins or what holds in it."""
    for parent in folder.parents:
        for mark in _MARKS:
            yield str(parent / mark)


def newest(found: Iterable[State]) -> int:
    """The time of the last change of anything, in nanoseconds since the epoch."""
    return max((max(state[3:]) for state in found if state), default=0)


def _state(known: os.stat_result) -> State:
    return [
        known.st_mode,
        known.st_size,
        known.st_ino,
        known.st_mtime_ns,
        known.st_ctime_ns,
    ]
