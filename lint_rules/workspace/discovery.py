"""Which files to read: those given, and the Python files below the folders given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.errors import CannotRun
from lint_rules.settings.options import Configuration, Settings, SettingsError, nearest

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

SUFFIXES = (".py", ".pyi", ".ipynb")

ALWAYS_EXCLUDED = frozenset(
    [
        ".bzr",
        ".direnv",
        ".eggs",
        ".git",
        ".hg",
        ".ipynb_checkpoints",
        ".metaflow",
        ".metaflow_spin",
        ".mypy_cache",
        ".nox",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".tox",
        ".venv",
        "__pypackages__",
        "__pycache__",
        "_build",
        "buck-out",
        "build",
        "dist",
        "node_modules",
        "site-packages",
        "venv",
    ]
)
"""Folders that hold no source of one's own."""

_MARKS = (b"metaflow", b"obproject")

RAISING = b"raise_event"
"""What a file without a word of Metaflow may say to a project."""


class PathError(CannotRun):
    """A path that was given and cannot be linted; the message says which and why."""


def can_matter(content: bytes) -> bool:
    """Whether a file can hold anything that rules judge, told from its bytes alone."""
    return any(mark in content for mark in _MARKS)


def matters(path: Path, content: bytes) -> bool:
    """As `can_matter`, also for a file whose classes derive from the project's own base flows."""
    if can_matter(content):
        return True
    if path.suffix != ".py" or b"class" not in content or b"import" not in content:
        return False
    from lint_rules.workspace.relevance import derives_from_flows

    return derives_from_flows(path, content)


def discover(
    paths: Iterable[Path],
    configuration: Configuration,
    *,
    force_exclude: bool = False,
    on_error: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    """The files to lint, each once.

    A file that is given by name is always taken, unless `force_exclude` says that `exclude` holds
    for it too; below a folder, the Python files that neither `.gitignore` nor `exclude` leaves out.
    `on_error` is told of folders that cannot be looked into.

    Raises:
        PathError: a path does not exist, or is neither file nor folder.
        SettingsError: a configuration on the way cannot be used.
    """
    seen: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found = _below(path, configuration.for_folder, on_error)
        elif path.is_file():
            excluded = force_exclude and _is_excluded(path, configuration.for_file(path))
            found = iter(() if excluded else (path,))
        else:
            raise PathError(f"{path}: {_why_not(path)}")
        for file in found:
            key = file.absolute()
            if key not in seen:
                seen.add(key)
                yield file


def _why_not(path: Path) -> str:
    if path.exists():
        return "this is neither a file nor a folder."
    siblings = [entry.name for entry in path.parent.iterdir()] if path.parent.is_dir() else []
    return f"there is no such file or folder.{nearest(path.name, siblings)}"


def below(folder: Path, settings: Settings) -> Iterator[Path]:
    """The files below a folder that some settings leave in."""
    return _below(folder, lambda _: settings)


def _below(
    folder: Path,
    settings_of: Callable[[Path], Settings],
    on_error: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    ignores = _Ignores(folder, on_error)
    for current, folders, files in os.walk(folder, onerror=on_error):
        here = Path(current)
        settings = settings_of(here.absolute())
        ignores.enter(here)

        def wanted(path: Path, *, is_folder: bool, settings: Settings = settings) -> bool:
            return not (
                ignores.match(path, is_folder=is_folder)
                or _is_excluded(path, settings, is_folder=is_folder)
            )

        folders[:] = sorted(
            name
            for name in folders
            if name not in ALWAYS_EXCLUDED and wanted(here / name, is_folder=True)
        )
        for name in sorted(files):
            # Editors keep locks beside what they edit: `.#flow.py`, a link to nowhere.
            if (
                name.endswith(SUFFIXES)
                and not name.startswith(".#")
                and wanted(here / name, is_folder=False)
            ):
                yield here / name


def _is_excluded(path: Path, settings: Settings, *, is_folder: bool = False) -> bool:
    if not settings.exclude or settings.root is None:
        return False
    try:
        spec = _spec(settings.exclude)
    except ValueError as error:
        raise SettingsError(f"{settings.blame('exclude')}`exclude`: {error}") from error
    return _matches(spec, path, settings.root, is_folder) is True


class _Ignores:
    """The `.gitignore` files that hold at some point of a walk."""

    def __init__(self, folder: Path, on_error: Callable[[OSError], None] | None = None) -> None:
        self._specs: dict[Path, GitIgnoreSpec] = {}
        self._on_error = on_error
        absolute = folder.absolute()
        for candidate in (absolute, *absolute.parents):
            self._read(candidate)
            if (candidate / ".git").exists():
                break
        # Whoever names an ignored folder wants what is in it.
        if self.match(absolute, is_folder=True):
            self._specs = {at: spec for at, spec in self._specs.items() if at == absolute}

    def enter(self, folder: Path) -> None:
        """Reads the `.gitignore` of a folder."""
        self._read(folder.absolute())

    def match(self, path: Path, *, is_folder: bool) -> bool:
        """Whether git would ignore a path; the `.gitignore` nearest to it decides."""
        if not self._specs:
            return False
        absolute = path.absolute()
        for folder in absolute.parents:
            if folder in self._specs:
                verdict = _matches(self._specs[folder], absolute, folder, is_folder)
                if verdict is not None:
                    return verdict
        return False

    def _read(self, folder: Path) -> None:
        file = folder / ".gitignore"
        if folder in self._specs or not file.is_file():
            return
        try:
            lines = file.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as error:
            if self._on_error:
                self._on_error(error)
            return
        try:
            self._specs[folder] = _spec(tuple(lines))
        except ValueError:
            # As for git, a line that is no pattern matches nothing.
            self._specs[folder] = _spec(tuple(line for line in lines if _is_pattern(line)))


@cache
def _spec(lines: tuple[str, ...]) -> GitIgnoreSpec:
    """The patterns of some lines.

    Raises:
        ValueError: one is none.
    """
    import pathspec

    return pathspec.GitIgnoreSpec.from_lines(lines)


def _is_pattern(line: str) -> bool:
    try:
        return bool(_spec((line,)))
    except ValueError:
        return False


def _matches(spec: GitIgnoreSpec, path: Path, root: Path, is_folder: bool) -> bool | None:
    """Whether patterns leave a path out, `None` where none of them speaks of it."""
    try:
        relative = path.absolute().relative_to(root).as_posix()
    except ValueError:
        return None
    return spec.check_file(relative + "/" if is_folder else relative).include
