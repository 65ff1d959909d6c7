"""Paths as code hosts know files: from the repository's root, with slashes."""

from __future__ import annotations

import os
from pathlib import Path

from lint_rules.workspace.file_system import is_there, real
from lint_rules.workspace.repository import GIT

_VARIABLES = ("GITHUB_WORKSPACE", "CI_PROJECT_DIR")
"""Where GitHub Actions and GitLab CI/CD say the checkout is."""


class ReportPaths:
    """The paths of one report.

    Attributes:
        root: the folder that they start from: that which CI names, if the current folder is in it,
            else the root of git's repository, else the current folder.
    """

    def __init__(self) -> None:
        self.root = _root(real(Path.cwd()))

    def relative(self, path: str) -> str:
        """A path from the root; absolute, if the file is not below it."""
        absolute = Path(path).absolute()
        # The file's own name stays, even if it is a link's.
        place = real(absolute.parent) / absolute.name
        if place.is_relative_to(self.root):
            return place.relative_to(self.root).as_posix()
        return absolute.as_posix()


def _root(here: Path) -> Path:
    for variable in _VARIABLES:
        given = os.environ.get(variable)
        if given and here.is_relative_to(real(Path(given))):
            return real(Path(given))
    for folder in (here, *here.parents):
        if is_there(folder / GIT):
            return folder
    return here
