"""Configuration files: which one holds for a file, and what it may lead to.

A file that was found belongs to the repository that is linted, which may be a stranger's: it leads
to nothing outside of it. A file that somebody names with `--config` may lead anywhere, and so may
those that it extends; then nothing of the repository is read as settings. Paths are relative to
the file that they are written in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lint_rules.settings.options import OWN_FILE, PYPROJECT, TABLE, Settings, SettingsError
from lint_rules.settings.validation import parse
from lint_rules.settings.version import check_version
from lint_rules.workspace.file_system import FileSystem, is_named_file, is_there, real
from lint_rules.workspace.named_files import read_named
from lint_rules.workspace.repository import repository_of
from lint_rules.workspace.toml import parse_toml

_MOST_EXTENDED = 20

_PATHS = ("extend", "baseline", "project_root", "local_rules")


class Configuration:
    """Finds the settings of each file: those of the nearest configuration above it.

    Args:
        overrides: settings of the command line, which go before those of files.
        isolated: whether configuration files are not to be read at all.
        file: a configuration file that holds for all files, instead of the nearest.
    """

    def __init__(
        self,
        overrides: dict[str, Any] | None = None,
        *,
        isolated: bool = False,
        file: Path | None = None,
    ) -> None:
        self._overrides = {**(overrides or {}), "given": frozenset(overrides or {})}
        self._isolated = isolated
        self._by_folder: dict[Path, Settings] = {}
        self._baselines: dict[Path, Path | None] = {}
        self._fixed: Settings | None = None
        if file is not None:
            self._fixed = self._read(real(file.parent) / file.name, root=Path.cwd(), named=True)

    def for_file(self, path: Path) -> Settings:
        """The settings for a file.

        Raises:
            SettingsError: the configuration above the file cannot be used.
        """
        return self.for_folder(path.absolute().parent)

    def for_folder(self, folder: Path) -> Settings:
        """The settings for the files of a folder. Raises as `for_file`."""
        if self._fixed is not None:
            return self._fixed
        if folder not in self._by_folder:
            self._by_folder[folder] = self._find(folder)
        return self._by_folder[folder]

    def baseline_for(self, file: Path) -> Path | None:
        """The baseline of a file: what the nearest configuration says that names one.

        Raises as `for_file`.
        """
        folder = file.absolute().parent
        if folder not in self._baselines:
            self._baselines[folder] = self._find_baseline(folder)
        return self._baselines[folder]

    def _find_baseline(self, folder: Path) -> Path | None:
        outermost = None
        while True:
            settings = self.for_folder(folder)
            if settings.baseline:
                return settings.path(settings.baseline)
            at = settings.root
            if self._fixed is not None or settings.origin is None or at is None:
                return None
            # A package of a monorepo may have settings of its own, and the monorepo's baseline.
            outermost = outermost or repository_of(real(folder))
            if real(at) == outermost or at.parent == at:
                return None
            folder = at.parent

    def _find(self, folder: Path) -> Settings:
        if self._isolated:
            # One object for all, so that rules are selected once.
            return self._by_folder.setdefault(
                Path(), Settings(root=Path.cwd())._replace(**self._overrides)
            )
        for candidate in (folder / OWN_FILE, folder / PYPROJECT):
            if is_named_file(candidate) and _table(candidate) is not None:
                return self._read(candidate, root=folder)
        if folder.parent != folder:
            return self.for_folder(folder.parent)
        return Settings(root=Path.cwd())._replace(**self._overrides)

    def _read(self, file: Path, root: Path, *, named: bool = False) -> Settings:
        values = _extended(file, (), named=named)
        return Settings(**values)._replace(origin=file, root=root, **self._overrides)


def _extended(file: Path, seen: tuple[Path, ...], *, named: bool) -> dict[str, Any]:
    """The values of a configuration file and, below them, of those that it extends.

    Args:
        file: the file.
        seen: the files that led to it.
        named: whether somebody named the first of them with `--config`.

    Raises:
        SettingsError: a file is missing, extends itself, or holds what cannot be used.
    """
    if not is_named_file(file):
        by = f"{seen[-1]}: `extend` names {file}, which" if seen else f"--config: {file}"
        raise SettingsError(f"{by} {_why_no_file(file)}.")
    if real(file) in map(real, seen):
        raise SettingsError(f"{seen[-1]}: `extend` goes in a circle, back to {file}.")
    if len(seen) == _MOST_EXTENDED:
        raise SettingsError(f"{file}: more than {_MOST_EXTENDED} files extend each other.")
    values = _table(file, named=named) or {}
    for name in _PATHS:
        if given := values.get(name):
            paths = (given,) if isinstance(given, str) else given
            found = tuple(str(_path(file, name, path, named=named)) for path in paths)
            values[name] = found[0] if isinstance(given, str) else found
    if version := values.get("required_version"):
        check_version(version, file)
    if values.get("extend"):
        base = Path(values["extend"])
        return {**_extended(base, (*seen, file), named=named), **values}
    return values


def _why_no_file(path: Path) -> str:
    return "is no file" if is_there(path) else "does not exist"


def _path(file: Path, name: str, given: str, *, named: bool) -> Path:
    """A path of a setting, from the folder of the file that it is written in.

    Raises:
        SettingsError: it leads out of the repository and nobody named the file, or it begins with
            the home of a user who does not exist.
    """
    setting = name.replace("_", "-")
    try:
        path = file.parent / (Path(given).expanduser() if name == "extend" else given)
    except RuntimeError as error:
        raise SettingsError(f"{file}: `{setting}`: there is no home folder for {given}.") from error
    folder = repository_of(real(file.parent))
    if not named and not real(path).is_relative_to(folder):
        raise SettingsError(
            f"{file}: `{setting}` leads to {path}, out of the repository {folder}. Only a file "
            "given with --config may do that."
        )
    return path


def _table(path: Path, *, named: bool = False) -> dict[str, Any] | None:
    """The values of a configuration file, `None` where it has no table of the linter's."""
    try:
        text = _content(path, named=named).decode("utf-8")
        if path.name == PYPROJECT and TABLE not in text:
            return None
        content = parse_toml(text)
    except (ValueError, MemoryError) as error:
        raise SettingsError(f"{path}: this is no valid TOML: {_one(str(error))}.") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot read it: {error.strerror}.") from error
    if path.name != PYPROJECT:
        return parse(content, path, text)
    tool = content.get("tool")
    table: object = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: `tool.{TABLE}` must be a table.")
    return None if table is None else parse(table, path, text)


def _content(path: Path, *, named: bool) -> bytes:
    if named:
        return read_named(path)
    return FileSystem(repository_of(real(path.parent))).read(path)


def _one(sentence: str) -> str:
    return sentence.removesuffix(".")
