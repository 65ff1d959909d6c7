"""How baselines grew or shrank over the last tags of a repository."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from lint_rules.budget import Budget
from lint_rules.health.measured import BaselineSize
from lint_rules.workspace.git_tags import Tags
from lint_rules.workspace.snapshot import Snapshot

_MOST = 1_000_000_000
_SHOWN = 12
"""How many tags are shown."""


def sizes(
    snapshot: Snapshot, root: Path, paths: Iterable[Path], work: Budget
) -> list[BaselineSize]:
    """How many findings some baselines held together at the last tags. Tags without any of them
    are left out.

    Args:
        snapshot: the files.
        root: the root of their repository.
        paths: the paths of the baselines, without links.
        work: what git's objects may cost, those of all repositories together.
    """
    inside = [PurePosixPath(path.relative_to(root)) for path in paths if path.is_relative_to(root)]
    tags = Tags.of(snapshot.files(root), root, work) if inside else None
    found: list[BaselineSize] = []
    if tags is None:
        return found
    for tag in tags.last(_SHOWN):
        contents = (tags.content(tag, path) for path in inside)
        counts = [size_of(content) for content in contents if content is not None]
        known = [count for count in counts if count is not None]
        if known:
            found.append(BaselineSize(tag.name, tag.time, sum(known)))
    return found


def size_of(content: bytes) -> int | None:
    """How many findings a baseline of any version holds, `None` if it is none."""
    try:
        files = json.loads(content)["findings"].values()
        counts: list[int] = [finding["count"] for findings in files for finding in findings]
    except (AttributeError, KeyError, RecursionError, TypeError, ValueError):
        return None
    if not all(type(count) is int and 0 <= count <= _MOST for count in counts):
        return None
    return sum(counts)
