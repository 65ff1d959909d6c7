"""Where imports lead: which packages are the repository's own, and what stands in them."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lint_rules.metaflow.packages import PACKAGES
from lint_rules.workspace import source_roots
from lint_rules.workspace.snapshot import Files, Snapshot, remembered, repository_node
from lint_rules.workspace.toml import parse_toml
from lint_rules.workspace.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lint_rules.model.code import Definition, Expression
    from lint_rules.model.module import Module

MOST_MODULES = 500
"""How many modules are looked at for one name, which each may import from another."""

PACKAGE_FILE = Path("an installed package")
"""The file of what is known of installed packages. No file of a repository has a relative path."""

_MOST_NAMES = 20
"""How many parts a dotted name has that is followed."""


class ImportResolver:
    """Finds what one file imports from the repository around it.

    Args:
        snapshot: the files of now; none are needed for text that comes from nowhere.
        path: the file, `None` for such text.
        own_packages: packages that the configuration says are the repository's own.
        project: the project's name, where the configuration gives it.
    """

    def __init__(
        self,
        snapshot: Snapshot | None = None,
        path: Path | None = None,
        own_packages: tuple[str, ...] = (),
        project: str | None = None,
    ) -> None:
        snapshot = Workspace().snapshot() if snapshot is None else snapshot
        self.snapshot = snapshot
        self.is_of_package = False
        """Whether the module is what the linter knows of an installed package."""
        self.path = None if path is None else snapshot.real(path)
        self.folder = None if self.path is None else self.path.parent
        self.own_packages = own_packages
        self.project = project
        self._packages: dict[object, Any] = {}

    @cached_property
    def files(self) -> Files:
        """The files of the repository that the file is in.

        Raises:
            LookupError: the text comes from nowhere.
        """
        if self.folder is None:
            raise LookupError("the text comes from nowhere")
        files = self.snapshot.files(self.folder).for_node(self.path)
        files.uses(repository_node(self.folder))
        return files

    def of(self, path: Path) -> ImportResolver:
        """The resolver of another file, with the same settings."""
        return ImportResolver(self.snapshot, path, self.own_packages, self.project)

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
        return place.parent == self.folder or _includes_itself(self.files, place)

    def must_be_seen(self, package: str) -> bool:
        """Whether Metaflow takes one of the repository's packages along only if the flow's file
        imports it at module level: it says `METAFLOW_PACKAGE_POLICY = "include"`, and is not below
        that file's folder.
        """
        place = self._place(package)
        if place is None or place.parent == self.folder:
            return False
        return _includes_itself(self.files, place)

    def is_in_another_folder(self, package: str) -> bool:
        """Whether a package or module of the repository is not below the file's folder.

        Folders without `__init__.py` are not counted: they may be anything.
        """
        place = self._place(package)
        if place is None or self.folder is None or place.is_relative_to(self.folder):
            return False
        return self.files.has_file(place) or self.files.has_file(place / "__init__.py")

    def package(self, name: str) -> Path | None:
        """The folder of one of the repository's packages, which has an `__init__.py`."""
        place = self._place(name)
        if place is None or not self.files.has_file(place / "__init__.py"):
            return None
        return place

    def module(self, dotted: str) -> Module | None:
        """The module of the repository that a dotted name is, or is a name of."""
        from lint_rules.syntax.parse_cache import module_at

        if self.folder is None:
            return None
        place, names = place_of(self.files, dotted, self.folder)
        return None if place is None else module_at(_file(self.files, place, names)[0], self)

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
        while folder is not None and self.files.has_file(folder / "__init__.py"):
            found, folder = folder.name, folder.parent
        return found

    def sets_a_namespace(self, package: str) -> bool:
        """Whether one of the repository's packages says `namespace(…)` when imported."""
        folder = self.package(package)
        return folder is not None and _says(self.files, folder, r"^(\w+\.)*namespace\(")

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
        if self.folder is not None:
            place, names = place_of(self.files, qualified, self.folder)
            if place is not None:
                return _resolved(self.files, place, names, self)
        package, _, name = qualified.partition(".")
        text = None if self.is_of_package else PACKAGES.get(package)
        # A package's names are imported from itself or from a module of it.
        return None if text is None else (self._package_module(text), (name.rpartition(".")[2],))

    def _package_module(self, text: str) -> Module:
        """The module that stands for what is known of an installed package."""
        from lint_rules.model.module import Module
        from lint_rules.syntax.read import look_up

        known = self._packages if self.folder is None else self.files.memo
        if text not in known:
            resolver = ImportResolver(self.snapshot)
            resolver.is_of_package, resolver.path = True, PACKAGE_FILE
            known[text] = Module(*look_up(text, PACKAGE_FILE), resolver, text)
        found: Module = known[text]
        return found

    def defining(self, names: tuple[str, ...], packages: Iterable[str]) -> tuple[str, str] | None:
        """The dotted name of the module that alone defines one of some functions or classes in
        packages of the repository, and the name; `None` if that is none, several, or this file."""
        folders = (self.package(package) for package in packages)
        found = [
            one for folder in folders if folder for one in _defining(self.files, folder, names)
        ]
        if len(found) != 1 or found[0][0] == self.path:
            return None
        return found[0][1:]

    def text_of_file(self, name: str) -> str | None:
        """The text of a file of the repository that is named in the flow's code: from the file's
        own folder, or else from its distribution's; `None` if that is not to be read."""
        if self.folder is None:
            return None
        for folder in (self.folder, self.files.distribution(self.folder)):
            try:
                return self.files.read(folder / name).decode("utf-8")
            except (OSError, ValueError):
                continue
        return None

    def toml(self, text: str) -> object:
        """The tables of a TOML document, `None` if it is none."""
        try:
            return parse_toml(text)
        except ValueError:
            return None

    def sets_project_namespace(self, package: str) -> bool:
        """Whether one of the repository's packages says `namespace("project:…")` when imported."""
        place = self._place(package)
        pattern = r"""^(\w+\.)*namespace\(\s*f?["']project:"""
        return place is not None and _says(self.files, place, pattern)

    def _place(self, package: str) -> Path | None:
        return None if self.folder is None else _find(self.files, self.folder, package)


@remembered
def _find(files: Files, folder: Path, package: str) -> Path | None:
    """The folder or file of a package beside the flow, above it, in the distribution's `src`, or
    in another distribution of the repository."""
    root = files.distribution(folder)
    between = [
        folder,
        *(parent for parent in folder.parents if parent.is_relative_to(root)),
    ]
    for place in [*between, root / "src"]:
        names = files.names_in(place)
        if package in names and (
            files.has_file(place / package / "__init__.py") or _is_namespace(files, place / package)
        ):
            return place / package
        if f"{package}.py" in names and files.has_file(place / f"{package}.py"):
            return place / f"{package}.py"
    return source_roots.find(files, root, package)


def _is_namespace(files: Files, folder: Path) -> bool:
    """Whether a folder without `__init__.py` holds modules."""
    return any(name.endswith(".py") for name in files.names_in(folder))


def _file(files: Files, place: Path, names: tuple[str, ...]) -> tuple[Path, tuple[str, ...]]:
    """The file that a dotted name below a package leads to, and the names that are left."""
    while names and files.has_folder(place):
        inner = place / names[0]
        if not files.has_folder(inner):
            inner = place / f"{names[0]}.py"
            if not files.has_file(inner):
                break
        place, names = inner, names[1:]
    return (place / "__init__.py" if files.has_folder(place) else place), names


def _resolved(
    files: Files, place: Path, names: tuple[str, ...], asking: ImportResolver
) -> tuple[Module, tuple[str, ...]] | None:
    """The module below a package's folder, or in a file, that gives a dotted name its meaning:
    through the imports of other modules, `__init__.py` among them."""
    key = (_resolved, place, names, asking.own_packages, asking.project)
    return files.once(key, lambda view: _followed(view, place, names, asking))


def _followed(
    files: Files, place: Path, names: tuple[str, ...], asking: ImportResolver
) -> tuple[Module, tuple[str, ...]] | None:
    from lint_rules.syntax.parse_cache import module_at

    seen: set[tuple[Path, tuple[str, ...]]] = set()
    waiting = [(place, names)]
    while waiting and len(seen) < MOST_MODULES:
        here = waiting.pop()
        # Modules may import from each other in a circle, also under ever longer names.
        if here in seen or len(here[1]) > _MOST_NAMES:
            continue
        seen.add(here)
        path, rest = _file(files, *here)
        module = module_at(path, asking, files) if rest else None
        if module is None:
            continue
        name = rest[0]
        if name in module.constants or any(d.name == name for d in module.definitions):
            return module, rest
        further = [(at, (*more, *rest[1:])) for at, more in _origins(files, module, path, name)]
        waiting += reversed(further)
    return None


def _origins(
    files: Files, module: Module, path: Path, name: str
) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """Where a module may import a name from."""
    origin = module.scope.imports.get(name)
    stars = (star if star.endswith(".") else f"{star}." for star in module.scope.stars)
    for dotted in [origin] if origin else [f"{star}{name}" for star in stars]:
        found, rest = place_of(files, dotted, path.parent)
        if found:
            yield found, rest


def place_of(files: Files, qualified: str, folder: Path) -> tuple[Path | None, tuple[str, ...]]:
    """Where the first name of a dotted one is, as a file in a folder imports it, and the rest."""
    if not qualified.startswith("."):
        head, *rest = qualified.split(".")
        return _find(files, folder, head), tuple(rest)
    found = folder
    for _ in range(len(qualified) - len(qualified.lstrip(".")) - 1):
        found = found.parent
    if not found.is_relative_to(files.root):
        return None, ()
    return found, tuple(name for name in qualified.lstrip(".").split(".") if name)


@remembered
def _includes_itself(files: Files, place: Path) -> bool:
    return any(
        line.replace(" ", "").replace("'", '"').startswith('METAFLOW_PACKAGE_POLICY="include"')
        for line in _init(files, place).splitlines()
    )


@remembered
def _defining(
    files: Files, folder: Path, names: tuple[str, ...]
) -> tuple[tuple[Path, str, str], ...]:
    """The modules of a package that define one of some names: file, dotted name, and which."""
    any_of = b"|".join(re.escape(name.encode()) for name in names)
    pattern = re.compile(rb"^(?:class|def)[ \t]+(" + any_of + rb")\b", re.MULTILINE)
    found = []
    for path in sorted(files.python_files(folder)):
        # Decorators of flows and what raises events are made with Metaflow.
        if files.snapshot.is_without_metaflow(path):
            continue
        try:
            text = files.read(path)
        except OSError:
            continue
        for match in pattern.finditer(text):
            parts = path.relative_to(folder.parent).with_suffix("").parts
            dotted = ".".join(parts).removesuffix(".__init__")
            found.append((files.real(path), dotted, match[1].decode()))
    return tuple(found)


@remembered
def _says(files: Files, place: Path, pattern: str) -> bool:
    """Whether a package's `__init__.py` has a line of a pattern."""
    return re.search(pattern, _init(files, place), re.MULTILINE) is not None


def _init(files: Files, place: Path) -> str:
    """The text of a package's `__init__.py`, empty if there is none."""
    try:
        return files.read(place / "__init__.py").decode("utf-8", errors="replace")
    except OSError:
        return ""
