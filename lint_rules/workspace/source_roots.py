"""Where the packages of a repository's distributions stand, as their `pyproject.toml` says it.

Packages of one repository are often installed beside each other, each from a folder of its own:
by a workspace or a path of uv's, Poetry's or pip's. Imports across them are found by these files,
without anything being installed.
"""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from lint_rules.workspace.safe_reading import names_in

PYPROJECT = "pyproject.toml"
_MOST_LINKS = 50
"""How many distributions one may lead to."""

_EDITABLE = re.compile(r"^\s*(?:-e|--editable)[ =]\s*(?:file:)?(\.[^\s#\[]*)", re.MULTILINE)
_LOCAL = re.compile(r"@\s*file:(?://\$\{PROJECT_ROOT\}/|//\{root:uri\}/)?(\.[^\s;]*)")


def find(root: Path, package: str) -> Path | None:
    """A package or module that the distribution at a folder holds, or one that it is linked to.

    Of the repository's other distributions it is taken where one alone has it.
    """
    for distribution in linked(root):
        found = _in(distribution, package)
        if found is not None:
            return found
    others = [found for other in _beside(root) if (found := _in(other, package)) is not None]
    return others[0] if len(others) == 1 else None


@cache
def linked(root: Path) -> tuple[Path, ...]:
    """The folders of a distribution and of all that its `pyproject.toml` or `requirements.txt`
    takes from a path, and theirs, the nearest first."""
    found = [root]
    for distribution in found:
        for other in _links(distribution):
            if other not in found and len(found) < _MOST_LINKS:
                found.append(other)
    return tuple(found)


@cache
def _beside(root: Path) -> tuple[Path, ...]:
    """The other distributions of the repository around a folder."""
    for repository in (root, *root.parents):
        if (repository / ".git").exists():
            marks = (f"{depth}{PYPROJECT}" for depth in ("", "*/", "*/*/"))
            files = (file for mark in marks for file in sorted(repository.glob(mark)))
            return tuple(file.parent for file in files if file.parent != root)
    return ()


def _in(distribution: Path, package: str) -> Path | None:
    """Where a distribution has a package or module of a name at its top."""
    named = _named(distribution).get(package)
    if named is not None and (named / "__init__.py").is_file():
        return named
    for place in _roots(distribution):
        names = names_in(place)
        if package in names and (place / package / "__init__.py").is_file():
            return place / package
        module = f"{package}.py"
        if place != distribution and module in names and (place / module).is_file():
            return place / module
    return None


# What a `pyproject.toml` says


@cache
def _table(distribution: Path) -> dict[str, Any]:
    try:
        text = (distribution / PYPROJECT).read_text(encoding="utf-8")
        if sys.version_info >= (3, 11):
            import tomllib
        else:
            import tomli as tomllib
        # No path holds a null character.
        return {} if re.search(r"\\(u0000|U00000000|x00)", text) else tomllib.loads(text)
    except (OSError, ValueError, RecursionError):
        return {}


def _at(table: object, *keys: str) -> Any:
    """What stands in nested tables, `None` where it is missing or a table is none."""
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table


def _texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _tables(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


@cache
def _roots(distribution: Path) -> tuple[Path, ...]:
    """The folders that packages of a distribution are imported from."""
    tool = _at(_table(distribution), "tool")
    wheel = _at(tool, "hatch", "build", "targets", "wheel")
    sources = _at(wheel, "sources")
    said = [
        _at(tool, "setuptools", "package-dir", ""),
        *_texts(_at(tool, "setuptools", "packages", "find", "where")),
        *(sources if isinstance(sources, dict) else _texts(sources)),
        *(str(Path(name).parent) for name in _texts(_at(wheel, "packages"))),
        *(_at(item, "from") for item in _tables(_at(tool, "poetry", "packages"))),
        _at(tool, "uv", "build-backend", "module-root"),
        _at(tool, "pdm", "build", "package-dir"),
    ]
    folders = [distribution / name for name in said if isinstance(name, str)]
    return tuple(dict.fromkeys([distribution, distribution / "src", *folders]))


@cache
def _named(distribution: Path) -> dict[str, Path]:
    """The packages whose folders a distribution names one by one."""
    folders = _at(_table(distribution), "tool", "setuptools", "package-dir")
    given = folders.items() if isinstance(folders, dict) else ()
    return {name: distribution / folder for name, folder in given if isinstance(folder, str)}


def _links(distribution: Path) -> Iterator[Path]:
    """The folders of the distributions that one takes from a path or a workspace."""
    table = _table(distribution)
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
    wanted += _editable(distribution)
    for path in wanted:
        folder = (distribution / path).resolve() if isinstance(path, str) else None
        if folder is not None and folder.is_dir():
            yield folder
    if any(_at(one, "workspace") is True for one in _values(sources)):
        yield from _workspace(distribution)


def _values(table: object) -> list[Any]:
    """The values of a table; of several sources for one name each is one."""
    found: list[Any] = []
    for value in table.values() if isinstance(table, dict) else ():
        found += [value, *value] if isinstance(value, list) else [value]
    return found


def _editable(distribution: Path) -> list[str]:
    """What `pip install -r requirements.txt` installs from a path."""
    try:
        text = (distribution / "requirements.txt").read_text(encoding="utf-8")
    except (OSError, ValueError):
        return []
    return _EDITABLE.findall(text)


@cache
def _workspace(distribution: Path) -> tuple[Path, ...]:
    """The members of the uv workspace that a distribution belongs to."""
    for folder in (distribution, *distribution.parents):
        workspace = _at(_table(folder), "tool", "uv", "workspace")
        if workspace is not None:
            members = _globbed(folder, _texts(_at(workspace, "members")))
            left_out = set(_globbed(folder, _texts(_at(workspace, "exclude"))))
            return tuple(member for member in (folder, *members) if member not in left_out)
    return ()


def _globbed(folder: Path, patterns: Iterable[str]) -> list[Path]:
    relative = (pattern for pattern in patterns if pattern and not Path(pattern).is_absolute())
    found: list[Path] = []
    for pattern in relative:
        # A pattern that is none finds nothing.
        with contextlib.suppress(ValueError, NotImplementedError):
            found += sorted(folder.glob(pattern))
    return found
