"""Paths as code hosts know files: from the repository's root, with slashes."""

from __future__ import annotations

import os
from pathlib import Path

_VARIABLES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub Actions and GitLab CI/CD say the checkout is."""


class ReportPaths:
    """The paths of one report.

    Attributes:
        root: the folder that they start from: that which CI names, if the current folder is in it,
            else the root of git's repository, else the current folder.
    """

    def __init__(self) -> None:
        self.root = _root(Path(os.path.realpath(Path.cwd())))

    def relative(self, path: str) -> str:
        """A path from the root; absolute, if the file is not below it."""
        absolute = Path(path).absolute()
        # The file's own name stays, even if it is a link's.
        real = Path(os.path.realpath(absolute.parent)) / absolute.name
        if real.is_relative_to(self.root):
            return real.relative_to(self.root).as_posix()
        return absolute.as_posix()


def _root(here: Path) -> Path:
    for variable in _VARIABLES:
        given = os.environ.get(variable)
        if given and here.is_relative_to(os.path.realpath(given)):
            return Path(os.path.realpath(given))
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return folder
    return here
