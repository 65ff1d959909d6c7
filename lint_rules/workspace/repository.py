"""Where a repository begins, and where in it a distribution does.

The *repository* is all that may be read for a file. The *distribution* is the nearest folder in it
that packages are built from.
"""

from __future__ import annotations

import os
from pathlib import Path

from lint_rules.workspace.file_system import is_there

GIT = ".git"
DISTRIBUTION_MARKS = ("pyproject.toml", "setup.py", "setup.cfg")
OUTERBOUNDS_MARK = "obproject.toml"
"""Names an Outerbounds project. Imports are found from its folder and from `src` in it."""

_MARKS = ("metaflow-lint.toml", OUTERBOUNDS_MARK, *DISTRIBUTION_MARKS)


def repository_of(folder: Path, current: Path | None = None) -> Path:
    """The folder that a folder's repository begins at: that with `.git`, else the outermost that
    looks like a project's or is the current one, else that around the outermost package.

    Args:
        folder: a folder, which need not exist.
        current: the current folder, `None` for that of the process.
    """
    folder = Path(os.path.abspath(folder))
    current = Path.cwd() if current is None else current
    above = (folder, *folder.parents)
    for candidate in above:
        if is_there(candidate / GIT):
            return candidate
    marked = [f for f in above if f == current or any(is_there(f / mark) for mark in _MARKS)]
    if marked:
        return marked[-1]
    while is_there(folder / "__init__.py") and folder.parent != folder:
        folder = folder.parent
    return folder
