"""What a file's surroundings say: which packages are the repository's own, and which travel."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.workspace import overlay, source_roots
from lint_rules.workspace.safe_reading import names_in, real, repository

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lint_rules.model.code import Definition, Expression
    from lint_rules.model.module import Module

MOST_HOPS = 10
"""Through how many modules a name is followed that each imports from the next."""

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
        self.path = None if path is None else real(path)
        self.folder = None if self.path is None else self.path.parent
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

    def stands_elsewhere(self, package: str) -> bool:
        """Whether a package or module of the repository is not below the file's folder.

        Folders without `__init__.py` are not counted: they may be anything.
        """
        place = self._place(package)
        if place is None or self.folder is None or place.is_relative_to(self.folder):
            return False
        return place.is_file() or (place / "__init__.py").is_file()

    def package(self, name: str) -> Path | None:
        """The folder of one of the repository's packages, which has an `__init__.py`."""
        place = self._place(name)
        return place if place is not None and (place / "__init__.py").is_file() else None

    def module(self, dotted: str) -> Module | None:
        """The module of the repository that a dotted name is, or is a name of."""
        from lint_rules.syntax.parse_cache import module_at

        if self.folder is None:
            return None
        place, names = place_of(dotted, self.folder)
        return None if place is None else module_at(_file(place, names)[0], self)

    def init(self, package: str) -> Module | None:
        """The `__init__.py` of one of the repository's packages."""
        from lint_rules.syntax.parse_cache import module_at

        folder = self.package(package)
        return None if folder is None else module_at(folder / "__init__.py", self)

    @property
    def outermost_package(self) -> str | None:
        """The name of the outermost package that the file stands in."""
        found = None
        folder = self.folder
        while folder is not None and (folder / "__init__.py").is_file():
            found, folder = folder.name, folder.parent
        return found

    def sets_a_namespace(self, package: str) -> bool:
        """Whether one of the repository's packages says `namespace(…)` when imported."""
        folder = self.package(package)
        return folder is not None and _says(folder, r"^(\w+\.)*namespace\(")

    def definition(self, qualified: str) -> tuple[Module, Definition] | None:
        """A function or class of the repository's own modules, with the module it stands in.

        Args:
            qualified: its dotted name as an import spells it, `.papers.fetch` for a relative one.
        """
        found = self._found(qualified)
        if found is None or len(found[1]) != 1:
            return None
        module, (name,) = found
        defined = next((d for d in module.definitions if d.name == name), None)
        return None if defined is None else (module, defined)

    def constant(self, qualified: str) -> tuple[Expression, Module] | None:
        """What a constant of the repository's own modules, or of a class of theirs, holds, and the
        module in which that means something. Named as for `definition`."""
        from lint_rules.model.code import Class
        from lint_rules.model.constants import class_constant

        found = self._found(qualified)
        if found is None:
            return None
        module, (name, *within) = found
        value = None if within else module.constants.get(name)
        if within:
            owner = next((d for d in module.definitions if d.name == name), None)
            value = class_constant(owner, ".".join(within)) if isinstance(owner, Class) else None
        return None if value is None else (value, module)

    def _found(self, qualified: str) -> tuple[Module, tuple[str, ...]] | None:
        """The module that a dotted name leads to, and the names in it that are left."""
        if self.folder is None:
            return None
        place, names = place_of(qualified, self.folder)
        return None if place is None else self._resolved(place, names)

    def _resolved(
        self, place: Path, names: tuple[str, ...], hops: int = MOST_HOPS
    ) -> tuple[Module, tuple[str, ...]] | None:
        """The module below a package's folder, or in a file, that gives a dotted name its meaning:
        through the imports of other modules, `__init__.py` among them."""
        from lint_rules.syntax.parse_cache import module_at

        path, rest = _file(place, names)
        module = module_at(path, self) if rest else None
        if module is None:
            return None
        name = rest[0]
        if name in module.constants or any(d.name == name for d in module.definitions):
            return module, rest
        for found, more in _origins(module, path, name) if hops else ():
            resolved = self._resolved(found, (*more, *rest[1:]), hops - 1)
            if resolved:
                return resolved
        return None

    def defining(self, names: tuple[str, ...], packages: Iterable[str]) -> tuple[str, str] | None:
        """The dotted name of the module that alone defines one of some functions or classes in
        packages of the repository, and the name; `None` if that is none, several, or this file."""
        folders = (self.package(package) for package in packages)
        found = [one for folder in folders if folder for one in _defining(folder, names)]
        if len(found) != 1 or found[0][0] == self.path:
            return None
        return found[0][1:]

    def text_of_file(self, name: str) -> str | None:
        """What stands in a file of the repository that is named in the flow's code: from the
        file's own folder, or else the repository's."""
        if self.folder is None:
            return None
        for folder in (self.folder, _root(self.folder)):
            try:
                return (folder / name).read_text(encoding="utf-8")
            except (OSError, ValueError):
                continue
        return None

    def sets_project_namespace(self, package: str) -> bool:
        """Whether one of the repository's packages says `namespace("project:…")` when imported."""
        place = self._place(package)
        pattern = r"""^(\w+\.)*namespace\(\s*f?["']project:"""
        return place is not None and _says(place, pattern)

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
    """The folder or file of a package beside the flow, above it, in the root's `src`, or in
    another distribution of the repository."""
    root = _root(folder)
    between = [
        folder,
        *(parent for parent in folder.parents if parent.is_relative_to(root)),
    ]
    for place in [*between, root / "src"]:
        names = names_in(place)
        if package in names and (
            (place / package / "__init__.py").is_file() or _is_namespace(place / package)
        ):
            return place / package
        if f"{package}.py" in names and (place / f"{package}.py").is_file():
            return place / f"{package}.py"
    return source_roots.find(root, package)


def _is_namespace(folder: Path) -> bool:
    """Whether a folder without `__init__.py` holds modules."""
    return folder.is_dir() and any(folder.glob("*.py"))


def _file(place: Path, names: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The file that a dotted name below a package leads to, and the names that are left."""
    while place.is_dir() and names:
        inner = place / names[0]
        if not inner.is_dir():
            inner = place / f"{names[0]}.py"
            if not inner.is_file():
                break
        place, names = inner, names[1:]
    return (place / "__init__.py" if place.is_dir() else place), names


def _origins(module: Module, path: Path, name: str) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Where a module may import a name from."""
    origin = module.scope.imports.get(name)
    stars = (star if star.endswith(".") else f"{star}." for star in module.scope.stars)
    for dotted in [origin] if origin else [f"{star}{name}" for star in stars]:
        found, rest = place_of(dotted, path.parent)
        if found:
            yield found, rest


def place_of(qualified: str, folder: Path) -> tuple[Path | None, tuple[str, ...]]:
    """Where the first name of a dotted one is, as a file in a folder imports it, and the rest."""
    if not qualified.startswith("."):
        head, *rest = qualified.split(".")
        return _find(folder, head), tuple(rest)
    found = folder
    for _ in range(len(qualified) - len(qualified.lstrip(".")) - 1):
        found = found.parent
    if not found.is_relative_to(repository(folder)):
        return None, ()
    return found, tuple(name for name in qualified.lstrip(".").split(".") if name)


@overlay.cached
def _includes_itself(place: Path) -> bool:
    return any(
        line.replace(" ", "").replace("'", '"').startswith('METAFLOW_PACKAGE_POLICY="include"')
        for line in _init(place).splitlines()
    )


@overlay.cached
def _defining(folder: Path, names: tuple[str, ...]) -> tuple[tuple[Path, str, str], ...]:
    """The modules of a package that define one of some names: file, dotted name, and which."""
    any_of = b"|".join(re.escape(name.encode()) for name in names)
    pattern = re.compile(rb"^(?:class|def)[ \t]+(" + any_of + rb")\b", re.MULTILINE)
    found = []
    for path in sorted(folder.rglob("*.py")):
        # Decorators of flows and what raises events are made with Metaflow.
        if overlay.is_silent(path):
            continue
        try:
            text = overlay.content(path)
        except OSError:
            continue
        for match in pattern.finditer(text):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            dotted = ".".join(parts).removesuffix(".__init__")
            found.append((path.resolve(), dotted, match[1].decode()))
    return tuple(found)


@overlay.cached
def _says(place: Path, pattern: str) -> bool:
    """Whether a package's `__init__.py` has a line of a pattern."""
    return re.search(pattern, _init(place), re.MULTILINE) is not None


def _init(place: Path) -> str:
    """The text of a package's `__init__.py`, empty where there is none."""
    try:
        return overlay.content(place / "__init__.py").decode("utf-8", errors="replace")
    except OSError:
        return ""
