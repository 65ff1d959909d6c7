"""Which files to read: those given, and the Python files below the folders given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lint_rules.errors import CannotRun
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.options import Settings, nearest
from lint_rules.workspace.file_system import (
    ALWAYS_EXCLUDED,
    is_named_file,
    is_named_folder,
    is_there,
)
from lint_rules.workspace.git_index import tracked
from lint_rules.workspace.gitignore import Patterns, patterns
from lint_rules.workspace.named_files import LeadsOutside, check_links
from lint_rules.workspace.repository import GIT
from lint_rules.workspace.snapshot import Files, Snapshot

SUFFIXES = (".py", ".pyi", ".ipynb")


class PathError(CannotRun):
    """A path that was given and cannot be linted; the message says which and why."""


def discover(
    snapshot: Snapshot,
    paths: Iterable[Path],
    configuration: Configuration,
    *,
    force_exclude: bool = False,
    on_error: Callable[[OSError], None] | None = None,
) -> Iterator[Path]:
    """The files to lint, each once, by whichever of its names and links it is given.

    A file that is given by name is always taken, unless `force_exclude` says that `exclude` holds
    for it too; below a folder, the Python files that neither `.gitignore` nor `exclude` leaves out.
    What git tracks is not left out for what `.gitignore` says, or for its folder's name.
    `on_error` gets the errors of folders that cannot be listed.

    Raises:
        PathError: a path does not exist, or is neither file nor folder.
        SettingsError: a configuration on the way cannot be used.
    """
    found: dict[Path, Path] = {}
    links: set[Path] = set()
    for path in paths:
        if is_named_folder(checked_path(snapshot, path)):
            files = _Walk(snapshot, path, configuration.for_folder, on_error).files()
        else:
            excluded = force_exclude and _is_excluded(path, configuration.for_file(path))
            files = iter(() if excluded else (path,))
        for file in files:
            target = snapshot.real(file)
            # A link and its file are one; the file's own name is the better one.
            is_own_name = snapshot.real(file.parent) / file.name == target
            if target not in found or (is_own_name and target in links):
                found[target] = file
                (links.discard if is_own_name else links.add)(target)
    yield from found.values()


def checked_path(snapshot: Snapshot, path: Path) -> Path:
    """A path that was given.

    Tools hand over the names of files that a change touches (pre-commit does). So a link that a
    git repository holds does not lead out of it, though somebody names it.

    Raises:
        PathError: it does not exist, is neither file nor folder, or is a link that leads out of its
            git repository.
    """
    if not (is_named_folder(path) or is_named_file(path)):
        raise PathError(f"{path}: {_why_not(snapshot, path)}")
    try:
        check_links(path)
    except LeadsOutside as error:
        raise PathError(
            f"{path}: this leads to {error.target}, out of the repository. "
            "To check that, name it without the link."
        ) from error
    return path


def _why_not(snapshot: Snapshot, path: Path) -> str:
    if is_there(path):
        return "this is neither a file nor a folder."
    siblings = snapshot.files(snapshot.real(path).parent).names_in(path.parent)
    return f"there is no such file or folder.{nearest(path.name, sorted(siblings))}"


def below(snapshot: Snapshot, folder: Path, settings: Settings) -> Iterator[Path]:
    """The files below a folder that some settings leave in."""
    return _Walk(snapshot, folder, lambda _: settings).files()


class _Walk:
    """A walk over the files below a folder.

    Args:
        snapshot: the files of now.
        folder: the folder.
        settings_of: the settings for the files of a folder.
        on_error: gets the errors of folders that cannot be listed.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        folder: Path,
        settings_of: Callable[[Path], Settings],
        on_error: Callable[[OSError], None] | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._files = snapshot.files(snapshot.real(folder))
        self._folder = folder
        self._settings_of = settings_of
        self._on_error = on_error
        self._ignores = _Ignores(self._files, folder, on_error)

    def files(self) -> Iterator[Path]:
        """The files, those of a folder before those of its folders."""
        waiting = [self._folder]
        while waiting:
            here = waiting.pop()
            try:
                listing = self._files.listing(here)
            except OSError as error:
                error.filename = str(here)
                if self._on_error:
                    self._on_error(error)
                continue
            self._ignores.enter(here)
            for name in listing.files:
                path = here / name
                if _is_source(name) and not self._is_excluded(path):
                    ignored = self._ignores.match(path, is_folder=False)
                    if not ignored or self._is_tracked(path):
                        yield path
            folders = []
            for name in listing.folders:
                path = here / name
                if self._is_excluded(path, is_folder=True):
                    continue
                if name in ALWAYS_EXCLUDED or self._ignores.match(path, is_folder=True):
                    yield from self._tracked_below(path)
                else:
                    folders.append(path)
            waiting += reversed(folders)

    def _is_excluded(self, path: Path, *, is_folder: bool = False) -> bool:
        settings = self._settings_of(path.absolute().parent)
        return _is_excluded(path, settings, is_folder=is_folder)

    def _is_tracked(self, path: Path) -> bool:
        found = self._files.real(path.parent) / path.name
        return found in tracked(self._files, self._snapshot.repository(found.parent))

    def _tracked_below(self, folder: Path) -> Iterator[Path]:
        """What git tracks in a folder that is passed over."""
        if folder.name == GIT:
            return
        at = self._files.real(folder)
        for path in tracked(self._files, self._snapshot.repository(at)).below(at):
            file = folder / path
            ways = [folder / way for way in path.parents if way != Path()]
            if (
                _is_source(file.name)
                and self._files.has_file(file)
                and not self._is_excluded(file)
                and not any(self._is_excluded(way, is_folder=True) for way in ways)
            ):
                yield file


def _is_source(name: str) -> bool:
    # Editors keep locks beside what they edit: `.#flow.py`, a link to nowhere.
    return name.endswith(SUFFIXES) and not name.startswith(".#")


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

    def __init__(
        self,
        files: Files,
        folder: Path,
        on_error: Callable[[OSError], None] | None = None,
    ) -> None:
        self._specs: dict[Path, Patterns] = {}
        self._files = files
        self._on_error = on_error
        absolute = folder.absolute()
        for candidate in (absolute, *absolute.parents):
            if not files.contains(candidate):
                break
            self._read(candidate)
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
        if folder in self._specs or not self._files.has_file(file):
            return
        try:
            content = self._files.read(file)
        except OSError as error:
            if self._on_error:
                self._on_error(error)
            return
        text = content.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
        self._specs[folder] = patterns(tuple(text.split("\n")))


def _relative(path: Path, root: Path) -> str | None:
    try:
        return path.absolute().relative_to(root).as_posix()
    except ValueError:
        return None
