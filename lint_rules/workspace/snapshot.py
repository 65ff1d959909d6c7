"""What stands in files at one moment: on the disk, and in an editor that has not saved it yet."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Hashable, Mapping
from copy import copy
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from lint_rules.workspace.deadline import Deadline
from lint_rules.workspace.file_descriptors import Listing, TooLarge
from lint_rules.workspace.file_system import FileSystem, absolute_of, real
from lint_rules.workspace.recording import Consulted, Kind, recorder, working_on
from lint_rules.workspace.repository import (
    DISTRIBUTION_MARKS,
    GIT,
    OUTERBOUNDS_MARK,
    repository_of,
)
from lint_rules.workspace.words import words_of

if TYPE_CHECKING:
    from lint_rules.workspace.workspace import Workspace

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class Files(FileSystem):
    """The files of one repository as they are in a snapshot.

    Args:
        root: the repository's folder.
        snapshot: the snapshot.
    """

    def __init__(self, root: Path, snapshot: Snapshot) -> None:
        super().__init__(root, snapshot.workspace.largest)
        self.snapshot = snapshot
        self.memo: dict[object, Any] = {}
        """What was found out of the files, by `remembered`."""
        self._modes: dict[Path, int | None] = {}
        self._names: dict[Path, frozenset[str]] = {}
        self._texts: dict[Path, str | None] = {}
        self._node: Hashable = None
        self._views: dict[Hashable, Files] = {}
        self._consulted: set[tuple[Kind, Path]] = set()
        self._paths: dict[Path, tuple[str, str]] = {}
        self._unsaved_folders: dict[Path, set[str]] = {}
        for path in snapshot.unsaved:
            for folder in path.parents:
                self._unsaved_folders.setdefault(folder, set()).add(_below(folder, path))

    def for_node(self, node: Hashable) -> Files:
        """The same files: what is consulted through them is noted for a node.

        Without a recorder, they are these themselves.
        """
        if node is None or recorder() is None:
            return self
        view = self._views.get(node)
        if view is None:
            view = self._views[node] = copy(self)
            view._node = node
            view._consulted = set()
        return view

    def uses(self, node: Hashable) -> None:
        """Says that what the files are looked at for depends on the answer of a node."""
        noted = recorder()
        if noted is not None:
            noted.use(noted.node if self._node is None else self._node, node)

    def once(self, key: Hashable, find: Callable[[Files], T]) -> T:
        """What is found out of the files for a key. It is remembered for as long as the snapshot
        lives.

        Args:
            key: the key.
            find: finds it, through the files that it is given.
        """
        noted = recorder()
        if noted is None:
            if key not in self.memo:
                self.memo[key] = find(self)
        else:
            node = (self.root, key)
            self.uses(node)
            if key not in self.memo:
                with noted.working_on(node):
                    self.memo[key] = find(self.for_node(node))
        found: T = self.memo[key]
        return found

    def real(self, path: Path) -> Path:
        """As `FileSystem.real`."""
        self._consult("link", path)
        return super().real(path)

    def contains(self, path: Path) -> bool:
        """As `FileSystem.contains`."""
        self._consult("link", path)
        return super().contains(path)

    def read(self, path: Path) -> bytes:
        """As `FileSystem.read`, of what is not saved yet too."""
        self._consult("content", path)
        unsaved = self._unsaved(path)
        return super().read(path) if unsaved is None else unsaved

    def words(self, path: Path) -> frozenset[bytes]:
        """As `FileSystem.words`, of what is not saved yet too."""
        self._consult("words", path)
        unsaved = self._unsaved(path)
        return super().words(path) if unsaved is None else words_of(unsaved)

    def _unsaved(self, path: Path) -> bytes | None:
        """What a file will hold once it is saved, `None` for one that is as it is on the disk."""
        if not self.snapshot.unsaved:
            return None
        unsaved = self.snapshot.unsaved.get(self.real(path))
        if unsaved is not None and len(unsaved) > self.largest:
            raise TooLarge(path, len(unsaved), self.largest)
        return unsaved

    def text(self, path: Path) -> str | None:
        """The text of a Python file, `None` if it cannot be read. It stays the same for as long
        as the snapshot exists."""
        from lint_rules.workspace.source import CannotDecode, Source

        self._consult("content", path)
        if path not in self._texts:
            try:
                self._texts[path] = Source.decode(path, self.read(path)).text
            except (OSError, CannotDecode):
                self._texts[path] = None
        return self._texts[path]

    def names_in(self, folder: Path) -> frozenset[str]:
        """As `FileSystem.names_in`, with what is not saved yet."""
        self._consult("listing", folder)
        if folder not in self._names:
            names = super().names_in(folder)
            if self._unsaved_folders and self.contains(folder):
                names |= self._unsaved_folders.get(self.real(folder), set())
            self._names[folder] = names
        return self._names[folder]

    def listing(self, folder: Path) -> Listing:
        """As `FileSystem.listing`, with what is not saved yet."""
        self._consult("listing", folder)
        unsaved = self._unsaved_folders.get(self.real(folder)) if self._unsaved_folders else None
        if not unsaved:
            return super().listing(folder)
        try:
            found = super().listing(folder)
        except FileNotFoundError:
            found = Listing((), (), ())
        new = unsaved.difference(*found)
        folders = {name for name in new if self.has_folder(folder / name)}
        return Listing(
            tuple(sorted({*found.folders, *folders})),
            found.links,
            tuple(sorted({*found.files, *(new - folders)})),
        )

    def distribution(self, folder: Path) -> Path:
        """The nearest folder, from one up to the root, that packages are built from; the folder
        itself where there is none."""
        return self.once(("distribution", folder), lambda files: files._distribution(folder))

    def _distribution(self, folder: Path) -> Path:
        found: Path | None = None
        for candidate in (folder, *folder.parents):
            if self.has(candidate / OUTERBOUNDS_MARK):
                # The outermost: folders of flows may have copies.
                found = candidate
            elif found is None and any(self.has(candidate / m) for m in (*DISTRIBUTION_MARKS, GIT)):
                return candidate
            if candidate == self.root:
                break
        return found or folder

    def _mode(self, path: Path) -> int | None:
        self._consult("kind", path)
        if path not in self._modes:
            self._modes[path] = self._unsaved_mode(path) or super()._mode(path)
        return self._modes[path]

    def _consult(self, kind: Kind, path: Path) -> None:
        """Notes that an answer depends on what is at a path, though it may be known already."""
        noted = recorder()
        node = noted.node if noted is not None and self._node is None else self._node
        if noted is None or node is None or (kind, path) in self._consulted:
            return
        if self._node is not None:
            self._consulted.add((kind, path))
        known = self._paths.get(path)
        if known is None:
            try:
                known = absolute_of(path), str(real(path, self._real_folders))
            except OSError:
                return
            self._paths[path] = known
        absolute, leads_to = known
        if kind == "link" or leads_to != absolute:
            noted.note("link", absolute, leads_to)
            noted.consult(node, Consulted("link", absolute))
        if kind != "link" and f"{leads_to}{os.sep}".startswith(self._inside):
            noted.consult(node, Consulted(kind, leads_to))

    def _unsaved_mode(self, path: Path) -> int | None:
        if not self.snapshot.unsaved or not self.contains(path):
            return None
        found = self.real(path)
        if found in self.snapshot.unsaved:
            return stat.S_IFREG
        return stat.S_IFDIR if found in self._unsaved_folders else None


def repository_node(folder: Path) -> Hashable:
    """The node that says which repository a folder is in."""
    return ("repository", folder)


def _below(folder: Path, path: Path) -> str:
    """The name of what is in a folder on the way to a path."""
    return path.relative_to(folder).parts[0]


class Snapshot:
    """Files at one moment. What analyses find out of it stays true as long as it exists.

    Files on the disk that change meanwhile are seen by the next snapshot at the latest.

    Args:
        workspace: what it is a snapshot of.
        unsaved: what stands in files that are not saved yet, by their paths without links.
        deadline: until when analyses of it may go on.
    """

    def __init__(
        self, workspace: Workspace, unsaved: Mapping[Path, bytes], deadline: Deadline
    ) -> None:
        self.workspace = workspace
        self.unsaved = dict(unsaved)
        self.deadline = deadline
        self._files: dict[Path, Files] = {}
        self._roots: dict[Path, Path] = {}
        self._real_folders: dict[str, str] = {}
        self._without_metaflow: Callable[[Path], bool] | None = None

    def files(self, folder: Path) -> Files:
        """The files of the repository around a folder without links: all that may be read for what
        stands in it."""
        return self.files_below(self.repository(folder))

    def files_below(self, root: Path) -> Files:
        """The files below a folder, which is the root of what may be read."""
        if root not in self._files:
            self._files[root] = Files(root, self)
        return self._files[root]

    def repository(self, folder: Path) -> Path:
        """The folder that the repository around a folder begins at."""
        with working_on(repository_node(folder)):
            if folder not in self._roots:
                self._roots[folder] = repository_of(folder, self.workspace.current)
        return self._roots[folder]

    def real(self, path: Path) -> Path:
        """A path without links, as the snapshot knows files by."""
        return real(path, self._real_folders)

    def with_texts(self, changed: Mapping[Path, bytes]) -> Snapshot:
        """A snapshot in which some files read as they will be once they are written."""
        other = Snapshot(self.workspace, {**self.unsaved, **changed}, self.deadline)
        other._without_metaflow = self._without_metaflow
        return other

    def know_without_metaflow(self, are: Callable[[Path], bool]) -> None:
        """Says of which files is known that they do not mention Metaflow, so that they need not be
        read to find that out."""
        self._without_metaflow = are

    def is_without_metaflow(self, path: Path) -> bool:
        """Whether a file is known not to mention Metaflow, and is not about to mention it."""
        known = self._without_metaflow
        return path not in self.unsaved and known is not None and known(path)


def remembered(
    function: Callable[Concatenate[Files, P], R],
) -> Callable[Concatenate[Files, P], R]:
    """Remembers what a function finds out of files, as long as their snapshot exists."""

    @wraps(function)
    def once(files: Files, /, *args: P.args, **kwargs: P.kwargs) -> R:
        key = (function, args, tuple(kwargs.items()))
        return files.once(key, lambda view: function(view, *args, **kwargs))

    return once
