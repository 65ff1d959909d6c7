"""What a file's surroundings say: which packages are the repository's own, and which travel."""

from __future__ import annotations

from functools import cache
from pathlib import Path

ROOT_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


class Surroundings:
    """The repository around one file.

    Args:
        path: the file, `None` for text that comes from nowhere.
        own_packages: packages that the configuration says are the repository's own.
        project: the project's name, where the configuration gives it.
    """

    def __init__(
        self,
        path: Path | None = None,
        own_packages: tuple[str, ...] = (),
        project: str | None = None,
    ) -> None:
        self.folder = None if path is None else path.resolve().parent
        self.own_packages = own_packages
        self.project = project

    def is_own(self, package: str) -> bool:
        """Whether a top-level package or module belongs to the file's repository."""
        return package in self.own_packages or self._place(package) is not None

    def travels(self, package: str) -> bool:
        """Whether Metaflow takes one of the repository's packages along to other machines.

        It packs what lies below the flow file's folder, and imported packages that say
        `METAFLOW_PACKAGE_POLICY = "include"` (Metaflow, `packaging_sys`).
        """
        place = self._place(package)
        if place is None or self.folder is None:
            return False
        return place.parent == self.folder or _includes_itself(place)

    def _place(self, package: str) -> Path | None:
        return None if self.folder is None else _find(self.folder, package)


@cache
def _root(folder: Path) -> Path:
    """The nearest folder that looks like a repository's root, else the folder itself."""
    for candidate in (folder, *folder.parents):
        if any((candidate / mark).exists() for mark in ROOT_MARKS):
            return candidate
    return folder


@cache
def _find(folder: Path, package: str) -> Path | None:
    """The folder or file of a package beside the flow, above it or in the root's `src`."""
    root = _root(folder)
    between = [
        folder,
        *(parent for parent in folder.parents if parent.is_relative_to(root)),
    ]
    for place in [*between, root / "src"]:
        if (place / package / "__init__.py").is_file() or _is_namespace(place / package):
            return place / package
        if (place / f"{package}.py").is_file():
            return place / f"{package}.py"
    return None


def _is_namespace(folder: Path) -> bool:
    """Whether a folder without `__init__.py` holds modules."""
    return folder.is_dir() and any(folder.glob("*.py"))


@cache
def _includes_itself(place: Path) -> bool:
    init = place / "__init__.py"
    if not init.is_file():
        return False
    text = init.read_text(encoding="utf-8", errors="replace")
    return any(
        line.replace(" ", "").replace("'", '"').startswith('METAFLOW_PACKAGE_POLICY="include"')
        for line in text.splitlines()
    )
