"""Configuration files of installed packages: `extend = "pkg:acme_lint/strict.toml"`.

Whoever installs a package trusts it; its code is not run to find its files. A package that a
checkout brings along is not installed, even if Python would import it.
"""

from __future__ import annotations

import importlib.util
import site
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from lint_rules.settings.options import PACKAGE, SettingsError, nearest
from lint_rules.workspace.file_system import FileSystem, real

_SUFFIX = ".toml"


class Resource(NamedTuple):
    """A file of an installed package.

    Attributes:
        file: its path.
        folder: the package's folder, without links; the file leads nowhere else.
    """

    file: Path
    folder: Path


def resource(given: str, blame: str, checkouts: Iterable[Path]) -> Resource:
    """The file that a setting names in a package.

    Args:
        given: `pkg:acme_lint/strict.toml`.
        blame: the setting and its file, for messages.
        checkouts: the repositories whose own packages do not count.

    Raises:
        SettingsError: the package is not installed, or has no such file.
    """
    package, _, name = given.removeprefix(PACKAGE).partition("/")
    parts = PurePosixPath(name).parts
    if not package.isidentifier() or not name.endswith(_SUFFIX) or {"..", "/"} & {*parts}:
        raise SettingsError(
            f"{blame} names {given}. Write a package and a file in it, such as "
            "`pkg:acme_lint/strict.toml`."
        )
    folders = _folders(package)
    if not folders:
        raise SettingsError(
            f"{blame} names the package `{package}`, which is not installed. Install it into the "
            f"environment of metaflow-lint ({sys.prefix}), in pre-commit with "
            "`additional_dependencies`."
        )
    installed = [folder for folder in folders if _is_installed(folder, checkouts)]
    if not installed:
        raise SettingsError(
            f"{blame} names the package `{package}`, which is in the repository itself, in "
            f"{folders[0]}. Write the path of the file."
        )
    for folder in installed:
        if FileSystem(folder).has_file(folder / name):
            return Resource(folder / name, folder)
    files = FileSystem(installed[0]).names_in(installed[0] / PurePosixPath(name).parent)
    hint = nearest(PurePosixPath(name).name, sorted(n for n in files if n.endswith(_SUFFIX)))
    raise SettingsError(f"{blame} names {name}, which {installed[0]} does not contain.{hint}")


def _folders(package: str) -> list[Path]:
    """The folders of a package that Python would import; several of a namespace package."""
    try:
        # Of a name without dots, this runs no code of the package.
        spec = importlib.util.find_spec(package)
    except (AttributeError, ImportError, ValueError):
        return []
    return [real(Path(folder)) for folder in (spec and spec.submodule_search_locations) or ()]


def _is_installed(folder: Path, checkouts: Iterable[Path]) -> bool:
    if any(folder.is_relative_to(place) for place in _places()):
        # An environment is often inside of the repository that it is for.
        return True
    return not any(folder.is_relative_to(checkout) for checkout in checkouts)


def _places() -> set[Path]:
    """The folders into which packages of this Python are installed."""
    named = [sysconfig.get_path(name) for name in ("purelib", "platlib")]
    return {real(Path(place)) for place in (*named, *site.getsitepackages()) if place}
