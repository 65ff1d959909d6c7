"""Folders by a pattern, such as the members of a uv workspace."""

from __future__ import annotations

import re
from fnmatch import translate
from pathlib import Path, PurePath

from lint_rules.workspace.snapshot import Files, remembered

_MOST_FOLDERS = 5_000
"""How many folders are looked into for one pattern."""

_MOST_PARTS = 50


@remembered
def glob(files: Files, folder: Path, pattern: str) -> tuple[Path, ...]:
    """The folders below one that match a pattern, in order, without links; none outside of the
    repository.

    Args:
        files: the repository's files.
        folder: the folder that the pattern starts from.
        pattern: names with `*`, `?` and `[…]`, and `**` for any folders between; `/` between them.
            An absolute path matches nothing.
    """
    parts = pattern.replace("\\", "/").split("/")
    if not pattern or PurePath(pattern).is_absolute() or len(parts) > _MOST_PARTS:
        return ()
    wanted = [part for part in parts if part not in ("", ".")]
    # One `**` after the other means the same as one.
    wanted = [p for n, p in enumerate(wanted) if p != "**" or wanted[n - 1 : n] != ["**"]]
    found: set[Path] = set()
    seen: set[tuple[Path, int]] = set()
    looked_into: set[Path] = set()
    waiting = [(folder, 0)]
    while waiting:
        here, index = waiting.pop()
        if (here, index) in seen or not files.has_folder(here):
            continue
        seen.add((here, index))
        if index == len(wanted):
            found.add(files.real(here))
            continue
        part = wanted[index]
        if part == "..":
            waiting.append((files.real(here).parent, index + 1))
            continue
        if not any(mark in part for mark in "*?["):
            waiting.append((here / part, index + 1))
            continue
        looked_into.add(here)
        if len(looked_into) > _MOST_FOLDERS:
            return ()
        waiting += _matching(files, here, part, index)
    return tuple(sorted(found))


def _matching(files: Files, folder: Path, part: str, index: int) -> list[tuple[Path, int]]:
    """The folders that a part of a pattern leads to from one, and the number of the next part."""
    try:
        listing = files.listing(folder)
    except OSError:
        return []
    if part == "**":
        return [(folder, index + 1), *((folder / name, index) for name in listing.folders)]
    try:
        matches = re.compile(translate(part)).match
    except re.error:
        return []
    names = (*listing.folders, *listing.links)
    return [(folder / name, index + 1) for name in names if matches(name)]
