"""Which files to read: those given, and the Python files below the folders given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lint_rules.errors import CannotRun
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.options import Settings, nearest
from lint_rules.workspace.gitignore import Patterns, patterns
from lint_rules.workspace.safe_reading import real

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
        ".metaflow_lint_cache",
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
    """Whether a file can hold anything that rules judge, told from its bytes alone.

    In UTF-16 and UTF-32 there are zeros between the letters; such a file is reported.
    """
    if b"\0" in content:
        content = content.replace(b"\0", b"")
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
    """The files to lint, each once, by whichever of its names and links it is given.

    A file that is given by name is always taken, unless `force_exclude` says that `exclude` holds
    for it too; below a folder, the Python files that neither `.gitignore` nor `exclude` leaves out.
    `on_error` is told of folders that cannot be looked into.

    Raises:
        PathError: a path does not exist, or is neither file nor folder.
        SettingsError: a configuration on the way cannot be used.
    """
    found: dict[Path, Path] = {}
    for path in paths:
        if checked_path(path).is_dir():
            files = _below(path, configuration.for_folder, on_error)
        else:
            excluded = force_exclude and _is_excluded(path, configuration.for_file(path))
            files = iter(() if excluded else (path,))
        for file in files:
            target = real(file)
            # A link and its file are one; the file's own name is the better one.
            if target not in found or (found[target].is_symlink() and not file.is_symlink()):
                found[target] = file
    yield from found.values()


def checked_path(path: Path) -> Path:
    """A path that was given.

    Raises:
        PathError: it does not exist, or is neither file nor folder.
    """
    if not (path.is_dir() or path.is_file()):
        raise PathError(f"{path}: {_why_not(path)}")
    return path


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
    found = (
        ((*settings.exclude, *settings.extend_exclude), settings.root),
        (settings.excluded_here, Path.cwd() if settings.excluded_here else None),
    )
    for excluded, root in found:
        relative = _relative(path, root) if excluded and root is not None else None
        if relative is not None and patterns(excluded).excludes(relative, is_folder=is_folder):
            return True
    return False


class _Ignores:
    """The `.gitignore` files that hold at some point of a walk."""

    def __init__(self, folder: Path, on_error: Callable[[OSError], None] | None = None) -> None:
        self._specs: dict[Path, Patterns] = {}
        self._on_error = on_error
        absolute = folder.absolute()
        for candidate in (absolute, *absolute.parents):
            self._read(candidate)
            if (candidate / ".git").exists():
                break
        # Whoever names an ignored folder wants what is in it.
        if any(self.match(above, is_folder=True) for above in (absolute, *absolute.parents)):
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
                relative = absolute.relative_to(folder).as_posix()
                verdict = self._specs[folder].verdict(relative, is_folder=is_folder)
                if verdict is not None:
                    return verdict
        return False

    def _read(self, folder: Path) -> None:
        file = folder / ".gitignore"
        if folder in self._specs or not file.is_file():
            return
        try:
            text = file.read_bytes().decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        except OSError as error:
            if self._on_error:
                self._on_error(error)
            return
        self._specs[folder] = patterns(tuple(text.split("\n")))


def _relative(path: Path, root: Path) -> str | None:
    try:
        return path.absolute().relative_to(root).as_posix()
    except ValueError:
        return None
