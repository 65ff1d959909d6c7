"""Configuration files: which one holds for a file, and what it may lead to.

A file that was found belongs to the repository that is linted, which may be a stranger's: it leads
to nothing outside of it, but to files of installed packages, which whoever runs the linter
installed. A file that somebody names with `--config` may lead anywhere, and so may those that it
extends; then the repository's own file adds no more than the named one allows. Paths are relative
to the file that they are written in.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from lint_rules.settings.merging import SELECTING, merged, narrowed
from lint_rules.settings.options import (
    OWN_FILE,
    PACKAGE,
    PYPROJECT,
    TABLE,
    Selection,
    Settings,
    SettingsError,
    nearest,
    options,
)
from lint_rules.settings.validation import parse
from lint_rules.settings.version import check_version
from lint_rules.workspace.file_system import FileSystem, is_named_file, is_there, real
from lint_rules.workspace.named_files import read_named
from lint_rules.workspace.repository import repository_of
from lint_rules.workspace.toml import parse_toml

_MOST_EXTENDED = 20

_PATHS = ("baseline", "project_root", "local_rules")
_PATTERNS = frozenset({"exclude", "extend_exclude", "per_file_ignores"})


class _Place(NamedTuple):
    """A configuration file, and whose it is.

    Attributes:
        file: its path.
        is_named: whether somebody named it with `--config`, or a file that extends it.
        package: the folder of the installed package that it is in, `None` if it is in none.
        checkouts: the repositories whose own packages do not count as installed.
    """

    file: Path
    is_named: bool = False
    package: Path | None = None
    checkouts: frozenset[Path] = frozenset()

    @property
    def folder(self) -> Path:
        """The folder that it may not lead out of, unless it is named."""
        return self.package or repository_of(real(self.file.parent))


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
        self._overrides = overrides or {}
        self._by_folder: dict[Path, Settings] = {}
        self._found_in: dict[Path, Path] = {}
        """By folders, the one whose configuration file holds for their files."""
        self._baselines: dict[Path, Path | None] = {}
        self._named: _Place | None = None
        self._values: dict[str, Any] = {}
        self._everywhere: Settings | None = None
        """The settings of all files, `None` if they differ."""
        if file is not None:
            self._named = _named(real(file.parent) / file.name)
            self._values = _extended(self._named, ())
            self._check_additions(self._named.file)
        if isolated or (file is not None and not self._additions):
            self._everywhere = self._default()

    @property
    def _additions(self) -> tuple[str, ...]:
        """The settings that the repository's own configuration may add to the named file's."""
        given: tuple[str, ...] = self._values.get("repository_settings", ())
        return given

    def _check_additions(self, file: Path) -> None:
        known = options().keys() - {"extend", "repository-settings"}
        for name in self._additions:
            if name not in known:
                raise SettingsError(
                    f"{file}: `repository-settings`: a repository cannot add a setting `{name}`."
                    f"{nearest(name, known)}"
                )

    def for_file(self, path: Path) -> Settings:
        """The settings for a file.

        Raises:
            SettingsError: the configuration above the file cannot be used.
        """
        return self.for_folder(path.absolute().parent)

    def for_folder(self, folder: Path) -> Settings:
        """The settings for the files of a folder. Raises as `for_file`."""
        if self._everywhere is not None:
            return self._everywhere
        if folder not in self._by_folder:
            self._by_folder[folder] = self._find(folder)
        return self._by_folder[folder]

    def baseline_for(self, file: Path) -> Path | None:
        """The baseline of a file: what the nearest configuration says that names one.

        Raises as `for_file`.
        """
        return self._baseline_at(file.absolute().parent)

    def _baseline_at(self, folder: Path) -> Path | None:
        settings = self.for_folder(folder)
        at = self._found_in.get(folder)
        if settings.baseline:
            path = settings.path(settings.baseline)
            # Several settings may name one, as `baseline = "../known.json"`.
            return real(path.parent) / path.name if ".." in path.parts else path
        if self._everywhere is not None or at is None:
            return None
        if at not in self._baselines:
            # A package of a monorepo may have settings of its own, and the monorepo's baseline.
            is_outermost = at.parent == at or real(at) == repository_of(real(at))
            self._baselines[at] = None if is_outermost else self._baseline_at(at.parent)
        return self._baselines[at]

    def _find(self, folder: Path) -> Settings:
        for candidate in (folder / OWN_FILE, folder / PYPROJECT):
            if is_named_file(candidate) and _table(_Place(candidate)) is not None:
                self._found_in[folder] = folder
                return self._of(_found(candidate))
        if folder.parent == folder:
            return self._default()
        settings = self.for_folder(folder.parent)
        if folder.parent in self._found_in:
            self._found_in[folder] = self._found_in[folder.parent]
        return settings

    def _of(self, place: _Place) -> Settings:
        """The settings of a file that was found."""
        values = _extended(place, ())
        folder = place.file.parent
        if self._named is None:
            return self._settings(values, place.file, folder)
        names = [name.replace("-", "_") for name in self._additions]
        values = merged(self._values, narrowed(values, names))
        # Where the repository has its file must not decide what the named file's patterns match.
        root = folder if _PATTERNS.intersection(names) else Path.cwd()
        return self._settings(values, self._named.file, root)

    def _default(self) -> Settings:
        """The settings where no file is found."""
        origin = self._named.file if self._named else None
        return self._settings(self._values, origin, Path.cwd())

    def _settings(self, values: dict[str, Any], origin: Path | None, root: Path) -> Settings:
        given = {name: self._overrides[name] for name in SELECTING if name in self._overrides}
        others = {name: v for name, v in self._overrides.items() if name not in SELECTING}
        if given:
            values = merged(values, {**given, "selections": (Selection(**given),)})
        settings = Settings(**values)
        return settings._replace(
            **others, origin=origin, root=root, given=frozenset(self._overrides)
        )


def _named(file: Path) -> _Place:
    """A file that somebody gave with `--config`."""
    return _Place(file, is_named=True, checkouts=frozenset([repository_of(real(Path.cwd()))]))


def _found(file: Path) -> _Place:
    """A file of a repository."""
    around = (repository_of(real(folder)) for folder in (file.parent, Path.cwd()))
    return _Place(file, checkouts=frozenset(around))


def _extended(place: _Place, seen: tuple[Path, ...]) -> dict[str, Any]:
    """The values of a configuration file and, below them, of those that it extends.

    Args:
        place: the file.
        seen: the files that led to it.

    Raises:
        SettingsError: a file is missing, extends itself, or holds what cannot be used.
    """
    file = place.file
    if not is_named_file(file):
        by = f"{seen[-1]}: `extend` names {file}, which" if seen else f"--config: {file}"
        raise SettingsError(f"{by} {_why_no_file(file)}.")
    if real(file) in map(real, seen):
        raise SettingsError(f"{seen[-1]}: `extend` goes in a circle, back to {file}.")
    if len(seen) == _MOST_EXTENDED:
        raise SettingsError(f"{file}: more than {_MOST_EXTENDED} files extend each other.")
    values = _table(place) or {}
    base = _base(place, values.get("extend"))
    for name in _PATHS:
        if given := values.get(name):
            paths = (given,) if isinstance(given, str) else given
            found = tuple(str(_path(place, name, path)) for path in paths)
            values[name] = found[0] if isinstance(given, str) else found
    if version := values.get("required_version"):
        check_version(version, file)
    said = {name: values[name] for name in SELECTING if name in values}
    values["selections"] = (Selection(**said, origin=file),)
    if base is None:
        return values
    return merged(_extended(base, (*seen, file)), {**values, "extend": str(base.file)})


def _base(place: _Place, given: str | None) -> _Place | None:
    """The file that another one extends.

    Raises:
        SettingsError: a package is not installed or has no such file, or a path leads too far.
    """
    if not given:
        return None
    if given.startswith(PACKAGE):
        from lint_rules.settings.packages import resource

        found = resource(given, f"{place.file}: `extend`", place.checkouts)
        return _Place(found.file, package=found.folder, checkouts=place.checkouts)
    return place._replace(file=_path(place, "extend", given))


def _why_no_file(path: Path) -> str:
    return "is no file" if is_there(path) else "does not exist"


def _path(place: _Place, name: str, given: str) -> Path:
    """A path of a setting, from the folder of the file that it is written in.

    Raises:
        SettingsError: it leads out of the repository or the package, and nobody named the file, or
            it begins with the home of a user who does not exist.
    """
    file, setting = place.file, name.replace("_", "-")
    try:
        path = file.parent / (Path(given).expanduser() if name == "extend" else given)
    except RuntimeError as error:
        raise SettingsError(f"{file}: `{setting}`: there is no home folder for {given}.") from error
    if not place.is_named and not real(path).is_relative_to(place.folder):
        what = "package" if place.package else "repository"
        raise SettingsError(
            f"{file}: `{setting}` leads to {path}, out of the {what} {place.folder}. Only a file "
            "given with --config may do that."
        )
    return path


def _table(place: _Place) -> dict[str, Any] | None:
    """The values of a configuration file, `None` if it has no table of the linter's."""
    path = place.file
    try:
        text = _content(place).decode("utf-8")
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


def _content(place: _Place) -> bytes:
    if place.is_named:
        return read_named(place.file)
    return FileSystem(place.folder).read(place.file)


def _one(sentence: str) -> str:
    return sentence.removesuffix(".")
