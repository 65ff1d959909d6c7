"""What a file's surroundings say: which packages are the repository's own, and which travel."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.model.code import FILE

if TYPE_CHECKING:
    from lint_rules.model.code import Definition
    from lint_rules.model.module import Module

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
        self.path = None if path is None else path.resolve()
        self.folder = None if self.path is None else self.path.parent
        self.first_place = _number(self.path) * FILE
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

    def definition(self, qualified: str) -> tuple[Module, Definition] | None:
        """A function or class of the repository's own modules, with the module it stands in.

        Args:
            qualified: its dotted name as an import spells it, `.papers.fetch` for a relative one.
        """
        if self.folder is None:
            return None
        names = qualified.lstrip(".").split(".")
        level = len(qualified) - len(qualified.lstrip("."))
        if level:
            place: Path | None = self.folder
            for _ in range(level - 1):
                place = place.parent if place else None
        else:
            place = _find(self.folder, names.pop(0))
        return None if place is None else _definition(place, tuple(names))

    def sets_project_namespace(self, package: str) -> bool:
        """Whether one of the repository's packages says `namespace("project:…")` when imported."""
        place = self._place(package)
        return place is not None and _sets_project_namespace(place)

    def _place(self, package: str) -> Path | None:
        return None if self.folder is None else _find(self.folder, package)


_NUMBERS: dict[Path | None, int] = {None: 0}


def _number(path: Path | None) -> int:
    """A number for each file, which it keeps as long as the process lives."""
    return _NUMBERS.setdefault(path, len(_NUMBERS))


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


def _definition(
    place: Path, names: tuple[str, ...], hops: int = 3
) -> tuple[Module, Definition] | None:
    """A definition below a package's folder or in a module's file, also one imported there."""
    *within, name = names or ("",)
    for part in within:
        place = place / part
        if not place.is_dir():
            place = place.with_suffix(".py")
    path = place / "__init__.py" if place.is_dir() else place
    module = _module(path)
    if module is None:
        return None
    for definition in module.definitions:
        if definition.name == name:
            return module, definition
    origin = module.scope.imports.get(name)
    if origin is None or not hops:
        return None
    if not origin.startswith("."):
        found = _find(path.parent, origin.partition(".")[0])
        rest = tuple(origin.split(".")[1:])
    else:
        found = path.parent
        for _ in range(len(origin) - len(origin.lstrip(".")) - 1):
            found = found.parent
        rest = tuple(origin.lstrip(".").split("."))
    return _definition(found, rest, hops - 1) if found else None


@cache
def _module(path: Path) -> Module | None:
    """A module of the repository, `None` where it cannot be read."""
    from lint_rules.reader.read import CannotRead, read
    from lint_rules.source import CannotDecode, Source

    try:
        text = Source.decode(path, path.read_bytes()).text
        return read(text, Surroundings(path))[0]
    except (OSError, CannotDecode, CannotRead):
        return None


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


@cache
def _sets_project_namespace(place: Path) -> bool:
    init = place / "__init__.py"
    if not init.is_file():
        return False
    text = init.read_text(encoding="utf-8", errors="replace")
    return re.search(r"""^(\w+\.)*namespace\(\s*f?["']project:""", text, re.MULTILINE) is not None
