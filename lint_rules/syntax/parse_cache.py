"""The models of files that were read, so that none is parsed twice in a run, nor in the next one.

Nothing here imports libcst until a text has to be parsed.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from lint_rules.model.module import Module
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.read import ParsedModule, look_up, read

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver
    from lint_rules.workspace.snapshot import Files


class ModelStore(Protocol):
    """The models that earlier runs read of files that are checked."""

    def find(self, path: Path, text: str) -> ParsedModule | None:
        """The model of a file with a text, `None` if it is not known."""

    def keep(self, path: Path, text: str, module: ParsedModule) -> None:
        """Takes a model that was read now."""


MOST_PARSED = 100_000_000
"""Of the characters whose models are kept: all files of a large repository."""


class _Known(NamedTuple):
    """What is known of a file.

    Attributes:
        text: its text.
        module: its model, `None` if it cannot be read.
        is_judged: whether libcst read it.
    """

    text: str
    module: ParsedModule | None
    is_checked: bool


class ParseCache:
    """What was read of the files of a workspace, the file that was read last at the end.

    What lies in it follows from texts alone, so it outlives snapshots.
    """

    def __init__(self) -> None:
        self._known: dict[Path, _Known] = {}
        self._characters = 0
        self._store: ModelStore | None = None

    def use(self, store: ModelStore | None) -> None:
        """Takes what earlier runs found out, and leaves there what this one reads."""
        self._store = store

    def checked(self, path: Path, text: str) -> ParsedModule:
        """The model of a file that is checked: libcst reads it, or did so in an earlier run.

        Raises:
            CannotRead: the text is no Python that libcst can read.
        """
        known = self._known.get(path)
        looked_up = None
        if known is not None and known.text == text and known.module is not None:
            if known.is_checked:
                return known.module
            # Other files' models may lead to a model that was looked up: it stays the file's.
            looked_up = known.module
        module = None if looked_up else self._kept(path, text)
        if module is None:
            module = read(text, path, looked_up)
            if self._store:
                self._store.keep(path, text, module)
        self._put(path, _Known(text, module, is_checked=True))
        return module

    def looked_up(self, path: Path, text: str) -> ParsedModule | None:
        """The model of a file that is only read for what it defines; `None` if it has none."""
        known = self._known.get(path)
        if known is None or known.text != text:
            kept = self._kept(path, text)
            try:
                known = _Known(text, kept or look_up(text, path), is_checked=kept is not None)
            except CannotRead:
                known = _Known(text, None, is_checked=False)
            self._put(path, known)
        return known.module

    def _kept(self, path: Path, text: str) -> ParsedModule | None:
        return self._store.find(path, text) if self._store else None

    def _put(self, path: Path, known: _Known) -> None:
        before = self._known.pop(path, None)
        self._characters += len(known.text) - (len(before.text) if before else 0)
        self._known[path] = known
        while self._characters > MOST_PARSED and len(self._known) > 1:
            oldest = next(iter(self._known))
            self._characters -= len(self._known.pop(oldest).text)


def _cache(resolver: ImportResolver) -> ParseCache:
    return resolver.snapshot.workspace.kept(ParseCache)


def module_of(text: str, resolver: ImportResolver) -> Module:
    """The model of a text that is checked.

    Raises:
        CannotRead: the text is no Python that libcst can read.
    """
    path = resolver.path
    if path is None:
        return Module(*read(text, None), resolver, text)
    return _linked(_cache(resolver).checked(path, text), text, resolver)


def look_up_module(text: str, resolver: ImportResolver) -> Module | None:
    """The model of a file's text that is only read for what it defines; `None` if it has none."""
    path = resolver.path
    parsed = None if path is None else _cache(resolver).looked_up(path, text)
    return None if parsed is None else _linked(parsed, text, resolver)


def _linked(parsed: ParsedModule, text: str, resolver: ImportResolver) -> Module:
    """A model whose bases in other files are those of the snapshot."""
    key = (_linked, resolver.path, resolver.own_packages, resolver.project)
    memo = resolver.files.memo
    known: tuple[ParsedModule, Module] | None = memo.get(key)
    if known is None or known[0] is not parsed:
        known = memo[key] = parsed, Module(*parsed, resolver, text)
    return known[1]


def module_at(path: Path, asking: ImportResolver, files: Files | None = None) -> Module | None:
    """The model of a file as it is now, which is only read for what it defines; `None` if it
    cannot be read.

    Args:
        path: the file.
        asking: the resolver of the file for which it is read.
        files: the files through which it is read, `None` for those of `asking`.
    """
    # Only what may be read for the file that asks.
    files = asking.files if files is None else files
    text = files.text(path)
    if text is None:
        return None
    resolver = asking.of(path)
    if resolver.path is not None:
        files.uses(resolver.path)
    return look_up_module(text, resolver)
