"""Where the packages of a repository's distributions are, by its `pyproject.toml` files.

Packages of one repository are often installed beside each other, each from a folder of its own:
by a workspace or a path of uv's, Poetry's or pip's. Imports across them are found by these files,
without anything being installed. What leads out of the repository is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from lint_rules.workspace.glob import glob
from lint_rules.workspace.repository import GIT
from lint_rules.workspace.snapshot import Files, remembered
from lint_rules.workspace.toml import parse_toml

PYPROJECT = "pyproject.toml"
_MOST_LINKS = 50
"""How many distributions one may lead to."""

_MOST_ROOTS = 50
"""How many folders a distribution may take its packages from."""

_EDITABLE = re.compile(r"^[ \t]*(?:-e|--editable)[ =]\s*(?:file:)?(\.[^\s#\[]*)", re.MULTILINE)
_LOCAL = re.compile(r"@\s*file:(?://\$\{PROJECT_ROOT\}/|//\{root:uri\}/)?(\.[^\s;]*)")


def find(files: Files, root: Path, package: str) -> Path | None:
    """A package or module of the distribution at a folder, or of one that it is linked to.

    A package of another distribution of the repository counts if no third one has it, too.
    """
    for distribution in linked(files, root):
        found = _in(files, distribution, package)
        if found is not None:
            return found
    found_beside = (_in(files, other, package) for other in _beside(files, root))
    others = [found for found in found_beside if found is not None]
    return others[0] if len(others) == 1 else None


@remembered
def linked(files: Files, root: Path) -> tuple[Path, ...]:
    """The folders of a distribution and of all that its `pyproject.toml` or `requirements.txt`
    takes from a path, and theirs, the nearest first."""
    found = [root]
    for distribution in found:
        for other in _links(files, distribution):
            if other not in found and len(found) < _MOST_LINKS:
                found.append(other)
    return tuple(found)


@remembered
def _beside(files: Files, root: Path) -> tuple[Path, ...]:
    """The other distributions of the repository around a folder."""
    if not files.has(files.root / GIT):
        return ()
    found: list[Path] = []
    for depth in ("", "*", "*/*"):
        folders = glob(files, files.root, depth) if depth else [files.root]
        found += [f for f in folders if f != root and files.has(f / PYPROJECT)]
    return tuple(found)


def _in(files: Files, distribution: Path, package: str) -> Path | None:
    """Where a distribution has a package or module of a name at its top."""
    named = _named(files, distribution).get(package)
    if named is not None and files.has_file(named / "__init__.py"):
        return named
    for place in _roots(files, distribution):
        names = files.names_in(place)
        if package in names and files.has_file(place / package / "__init__.py"):
            return place / package
        module = f"{package}.py"
        if place != distribution and module in names and files.has_file(place / module):
            return place / module
    return None


# Tables of a `pyproject.toml`


@remembered
def _table(files: Files, distribution: Path) -> dict[str, Any]:
    try:
        text = files.read(distribution / PYPROJECT).decode("utf-8")
        # No path holds a null character.
        return {} if re.search(r"\\(u0000|U00000000|x00)", text) else parse_toml(text)
    except (OSError, ValueError):
        return {}


def _at(table: object, *keys: str) -> Any:
    """What stands in nested tables, `None` if it is missing or a table is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _tables(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


@remembered
def _roots(files: Files, distribution: Path) -> tuple[Path, ...]:
    """The folders that packages of a distribution are imported from."""
    tool = _at(_table(files, distribution), "tool")
    wheel = _at(tool, "hatch", "build", "targets", "wheel")
    sources = _at(wheel, "sources")
    named = [
        _at(tool, "setuptools", "package-dir", ""),
        *_texts(_at(tool, "setuptools", "packages", "find", "where")),
        *(sources if isinstance(sources, dict) else _texts(sources)),
        *(str(Path(name).parent) for name in _texts(_at(wheel, "packages"))),
        *(_at(item, "from") for item in _tables(_at(tool, "poetry", "packages"))),
        _at(tool, "uv", "build-backend", "module-root"),
        _at(tool, "pdm", "build", "package-dir"),
    ]
    folders = [distribution / name for name in named if isinstance(name, str)]
    found = dict.fromkeys([distribution, distribution / "src", *folders])
    return tuple(folder for folder in list(found)[:_MOST_ROOTS] if files.contains(folder))


@remembered
def _named(files: Files, distribution: Path) -> dict[str, Path]:
    """The packages whose folders a distribution names one by one."""
    folders = _at(_table(files, distribution), "tool", "setuptools", "package-dir")
    given = folders.items() if isinstance(folders, dict) else ()
    return {name: distribution / folder for name, folder in given if isinstance(folder, str)}


def _links(files: Files, distribution: Path) -> Iterator[Path]:
    """The folders of the distributions that one takes from a path or a workspace."""
    table = _table(files, distribution)
    tool = _at(table, "tool")
    sources = _at(tool, "uv", "sources")
    groups = _values(_at(tool, "poetry", "group"))
    tables = [sources, _at(tool, "poetry", "dependencies")]
    tables += [_at(group, "dependencies") for group in groups]
    wanted = [_at(one, "path") for items in tables for one in _values(items)]
    wanted += _LOCAL.findall("\n".join(_texts(_at(table, "project", "dependencies"))))
    for group in _values(_at(table, "dependency-groups")):
        wanted += _LOCAL.findall("\n".join(_texts(group)))
    for group in _values(_at(tool, "pdm", "dev-dependencies")):
        wanted += _LOCAL.findall("\n".join(_texts(group)))
    wanted += _editable(files, distribution)
    for path in wanted:
        if isinstance(path, str) and files.has_folder(distribution / path):
            yield files.real(distribution / path)
    if any(_at(one, "workspace") is True for one in _values(sources)):
        yield from _workspace(files, distribution)


def _values(table: object) -> list[Any]:
    """The values of a table; of several sources for one name each is one."""
    found: list[Any] = []
    for value in table.values() if isinstance(table, dict) else ():
        found += [value, *value] if isinstance(value, list) else [value]
    return found


def _editable(files: Files, distribution: Path) -> list[str]:
    """What `pip install -r requirements.txt` installs from a path."""
    try:
        text = files.read(distribution / "requirements.txt").decode("utf-8")
    except (OSError, ValueError):
        return []
    return _EDITABLE.findall(text)


@remembered
def _workspace(files: Files, distribution: Path) -> tuple[Path, ...]:
    """The members of the uv workspace that a distribution belongs to."""
    for folder in (distribution, *distribution.parents):
        if not files.contains(folder):
            break
        workspace = _at(_table(files, folder), "tool", "uv", "workspace")
        if workspace is not None:
            members = _globbed(files, folder, _texts(_at(workspace, "members")))
            left_out = set(_globbed(files, folder, _texts(_at(workspace, "exclude"))))
            return tuple(member for member in (folder, *members) if member not in left_out)
    return ()


def _globbed(files: Files, folder: Path, patterns: Iterable[str]) -> list[Path]:
    found: list[Path] = []
    for pattern in dict.fromkeys(patterns):
        found += glob(files, folder, pattern)
    return found
