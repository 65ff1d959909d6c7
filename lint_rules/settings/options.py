"""What the linter can be told, and where it is written down."""

import sys
from collections.abc import Iterable
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from lint_rules.errors import CannotRun
from lint_rules.workspace.file_system import (
    LARGEST,
    FileSystem,
    is_named_file,
    read_named,
    real,
)
from lint_rules.workspace.repository import repository_of

OWN_FILE = "metaflow-lint.toml"
PYPROJECT = "pyproject.toml"
TABLE = "metaflow-lint"


class SettingsError(CannotRun):
    """A setting that cannot be used; the message says where it stands and what to write."""


class Settings(NamedTuple):
    """The settings that hold for a file. Their names in TOML have hyphens for underscores.

    Beside the type of what can be set stands its explanation, which the documentation shows.
    """

    extend: Annotated[
        str | None, "Another configuration file, whose settings hold where this one has none."
    ] = None
    select: Annotated[
        tuple[str, ...],
        "Rules to check instead of the default ones: codes, prefixes such as `MF3`, or `ALL`.",
    ] = ()
    extend_select: Annotated[tuple[str, ...], "Rules to check besides those selected."] = ()
    ignore: Annotated[tuple[str, ...], "Rules to leave out. The longer of two prefixes wins."] = ()
    exclude: Annotated[
        tuple[str, ...],
        "Files and folders to leave out, as patterns of `.gitignore`, from this file's folder.",
    ] = ()
    per_file_ignores: Annotated[
        dict[str, tuple[str, ...]],
        "Rules to leave out in some files: patterns of `.gitignore` with the codes to ignore.",
    ] = {}
    baseline: Annotated[
        str | None,
        "The file with findings that are known and not shown; `--write-baseline` writes it.",
    ] = None
    local_rules: Annotated[
        tuple[str, ...],
        "Files or folders with rules of the repository's own. They are run, so trust them.",
    ] = ()
    project_root: Annotated[
        str | None,
        "The folder that rules on the whole project look at, instead of that of the nearest "
        "`pyproject.toml`.",
    ] = None
    project: Annotated[str | None, "The project's name, which `@project` should be given."] = None
    own_packages: Annotated[
        tuple[str, ...], "Packages that are the repository's own though they do not stand in it."
    ] = ()
    generic_names: Annotated[
        tuple[str, ...],
        "Further words that say nothing about a flow's data, for `generic-flow-name`.",
    ] = ()
    conda_decorators: Annotated[
        tuple[str, ...],
        "Decorators of Metaflow's that need a reason, such as `pypi` and `pypi_base`.",
    ] = ("conda", "conda_base")
    event_decorators: Annotated[
        tuple[str, ...], "The project's own decorators that wait for events by namespaced names."
    ] = ("namespaced_trigger",)
    external_events: Annotated[
        tuple[str, ...],
        "Events that come from outside the project, whose names nobody here can change.",
    ] = ()
    max_step_statements: Annotated[int, "How many statements of work a step may have."] = 7
    docstring_step_statements: Annotated[
        int, "How many statements a step may have before it needs a docstring."
    ] = 5
    max_file_size: Annotated[
        int, "How many bytes a file may have that is read; a larger one is reported."
    ] = LARGEST
    library_types: Annotated[
        tuple[str, ...],
        "Classes and functions besides the known ones that make library objects: dotted names.",
    ] = ()
    origin: Path | None = None
    """The file that the settings were read from."""
    root: Path | None = None
    """The folder that patterns and paths start from."""
    given: frozenset[str] = frozenset()
    """The settings that the command line gives."""

    def blame(self, name: str) -> str:
        """Where a setting was given, for messages: `--select: ` or the configuration file."""
        if name in self.given:
            return f"--{name.replace('_', '-')}: "
        return f"{self.origin}: " if self.origin else ""

    def path(self, name: str) -> Path:
        """A path of a setting, from the configuration's folder."""
        return (self.root or Path()) / name


class Option(NamedTuple):
    """What can be set.

    Attributes:
        name: its name in `Settings`.
        type: what it takes.
        default: what holds where nothing is set.
        doc: what it is for.
    """

    name: str
    type: Any
    default: Any
    doc: str


def options() -> dict[str, Option]:
    """All that can be set, by its names in TOML."""
    hints = get_type_hints(Settings, include_extras=True)
    said = {name: get_args(hint) for name, hint in hints.items() if get_origin(hint) is Annotated}
    return {
        name.replace("_", "-"): Option(name, kind, Settings._field_defaults[name], doc)
        for name, (kind, doc) in said.items()
    }


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence that offers the word that was probably meant, or nothing."""
    import difflib

    close = difflib.get_close_matches(word, list(words), 1)
    return f" Did you mean `{close[0]}`?" if close else ""


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
        self._fixed = (
            None if file is None else self._read(file.absolute(), root=Path.cwd(), named=True)
        )

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
        named: whether somebody named it with `--config`; one that was found may not lead out of
            its repository.

    Raises:
        SettingsError: a file is missing, extends itself, or holds what cannot be used.
    """
    if not is_named_file(file):
        by = f"{seen[-1]}: `extend` names {file}, which" if seen else f"--config: {file}"
        raise SettingsError(f"{by} does not exist.")
    if file in seen:
        raise SettingsError(f"{seen[-1]}: `extend` goes in a circle, back to {file}.")
    values = parse(_table(file, named=named) or {}, file)
    if not named:
        _check_paths(values, file, (*seen, file)[0].parent)
    if values.get("extend"):
        base = real(file.parent / Path(values["extend"]).expanduser())
        return {**_extended(base, (*seen, file), named=named), **values}
    return values


def _check_paths(values: dict[str, Any], file: Path, root: Path) -> None:
    """Raises `SettingsError` where a setting leads out of the repository: a stranger's may be
    linted, in CI above all, and its settings are to reach nothing else there."""
    paths = [("extend", file.parent / Path(values.get("extend") or "").expanduser())]
    for name in ("baseline", "project_root", "local_rules"):
        given = values.get(name) or ()
        paths += [(name, root / path) for path in ((given,) if isinstance(given, str) else given)]
    for name, path in paths:
        folder = repository_of(real(root))
        if not real(path).is_relative_to(folder):
            raise SettingsError(
                f"{file}: `{name.replace('_', '-')}` leads to {path}, out of the repository "
                f"{folder}. Only a file given with --config may do that."
            )


def _files_of(path: Path) -> FileSystem:
    """The files of the repository that a file was found in."""
    return FileSystem(repository_of(real(path.parent)))


def _table(path: Path, *, named: bool = False) -> dict[str, Any] | None:
    """The linter's table of a configuration file, `None` where it has none."""
    try:
        text = (read_named(path) if named else _files_of(path).read(path)).decode("utf-8")
        if path.name == PYPROJECT and TABLE not in text:
            return None

        if sys.version_info >= (3, 11):
            import tomllib
        else:
            import tomli as tomllib
        content = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"{path}: this is no valid TOML: {error}") from error
    except OSError as error:
        raise SettingsError(f"{path}: cannot read it: {error.strerror}") from error
    if path.name != PYPROJECT:
        return content
    tool = content.get("tool")
    table: object = tool.get(TABLE) if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError(f"{path}: `tool.{TABLE}` must be a table.")
    return table


def parse(table: dict[str, Any], path: Path) -> dict[str, Any]:
    """The values of one configuration file, by their names in `Settings`.

    Raises:
        SettingsError: a key is unknown or a value is of the wrong type.
    """
    known = options()
    values: dict[str, Any] = {}
    where = f"{path}: [tool.{TABLE}] " if path.name == PYPROJECT else f"{path}: "
    for key, value in table.items():
        if key not in known:
            raise SettingsError(f"{where}has no setting `{key}`.{nearest(key, known)}")
        values[known[key].name] = _typed(value, known[key].type, f"{where}`{key}`")
    return values


def _typed(value: Any, wanted: Any, where: str) -> Any:
    """A TOML value as the type that a setting has."""
    if isinstance(value, str) and "\0" in value:
        raise SettingsError(f"{where} holds a null character: {value!r}.")
    if get_origin(wanted) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{where} must be a list of strings, and is {value!r}.")
        return tuple(value)
    if get_origin(wanted) is dict:
        if not isinstance(value, dict):
            raise SettingsError(f"{where} must be a table, and is {value!r}.")
        inner = get_args(wanted)[1]
        return {key: _typed(item, inner, f"{where}, `{key}`") for key, item in value.items()}
    kinds = get_args(wanted) if isinstance(wanted, UnionType) else (wanted,)
    if type(value) not in kinds:
        names = {str: "a string", int: "a whole number", bool: "true or false"}
        raise SettingsError(f"{where} must be {names[kinds[0]]}, and is {value!r}.")
    return value
