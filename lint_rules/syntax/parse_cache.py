"""The models of files that were read, so that none is parsed twice in a run, nor in the next one.

Nothing here imports libcst until a text has to be parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from lint_rules.analysis.imports import ImportResolver
from lint_rules.model.code import FILE, Inside, Place, Statement
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope
from lint_rules.syntax.errors import CannotRead

if TYPE_CHECKING:
    from lint_rules.syntax.positions import Positions
    from lint_rules.workspace.snapshot import Files


class Parts(NamedTuple):
    """What a module's text says: all of its model but for what other files say."""

    body: tuple[Statement, ...]
    scope: Scope
    inside: Inside


class Kept(Protocol):
    """What earlier runs found out of texts."""

    def find(self, what: str, path: Path, text: str, first: Place) -> Any:
        """The model, or the answers, of a file with a text and a first place; `None` if they are
        not known."""

    def keep(self, what: str, path: Path, text: str, first: Place, thing: object) -> None:
        """Takes what was found out now."""


MOST_CHARACTERS = 30_000
"""Of the texts whose trees are kept; a tree takes a thousand times the memory of its text."""

MOST_PARSED = 100_000_000
"""Of the characters whose models are kept: all files of a large repository."""

Answers: TypeAlias = dict[Place | str, Any]
"""Where in a text things stand that were asked for: by place, and its `comments` and `strings`."""


class ParseCache:
    """What was read of the files of a workspace, the file that was read last at the end.

    What lies in it follows from texts alone, so it outlives snapshots.
    """

    def __init__(self) -> None:
        self._parsed: dict[Path, tuple[str, Parts | None]] = {}
        self._positions: dict[Path, tuple[str, Positions]] = {}
        self._answers: dict[Path, tuple[str, Answers, int, Place]] = {}
        """For a text: how many of them an earlier run knew, and the file's first place."""
        self._characters = 0
        self._kept: Kept | None = None

    def use(self, kept: Kept | None) -> None:
        """Takes what earlier runs found out, and leaves there what this one reads."""
        self._kept = kept

    def leave(self) -> None:
        """Leaves to later runs where things stand that this one asked for."""
        for path, (text, answers, known, first) in self._answers.items():
            if self._kept and len(answers) > known:
                self._kept.keep("answers", path, text, first, answers)

    def parts(self, text: str, resolver: ImportResolver, path: Path) -> Parts:
        """What the text of a file says.

        Raises:
            CannotRead: the text is no Python that libcst can read.
        """
        known = self._parsed.get(path)
        if known is not None and known[0] == text and known[1] is not None:
            return known[1]
        self._put(path, text, None)
        parts = self._read(path, text, resolver)
        self._put(path, text, parts)
        return parts

    def is_unreadable(self, path: Path, text: str) -> bool:
        """Whether a text was found to be no Python, or is being read."""
        return self._parsed.get(path) == (text, None)

    def positions(self, text: str, resolver: ImportResolver) -> Positions:
        """The positions in a text, which is parsed again if that was long ago.

        Raises as `parts`.
        """
        recent = self.recent(text, resolver)
        if recent is not None:
            return recent
        positions = _read(text, resolver)[1]
        if resolver.path is not None:
            self._hold(resolver.path, text, positions)
        return positions

    def recent(self, text: str, resolver: ImportResolver) -> Positions | None:
        """The positions in a text, if that was read a short time ago."""
        path = resolver.path
        known = None if path is None else self._positions.get(path)
        return known[1] if known is not None and known[0] == text else None

    def answers(self, path: Path, text: str, first: Place) -> Answers:
        """Where in a text things stand that were asked for; may be added to."""
        known = self._answers.get(path)
        if known is None or known[0] != text:
            found: Answers | None = None
            if self._kept:
                found = self._kept.find("answers", path, text, first)
            known = self._answers[path] = text, found or {}, len(found or {}), first
        return known[1]

    def _read(self, path: Path, text: str, resolver: ImportResolver) -> Parts:
        first = resolver.first_place
        known = self._kept.find("model", path, text, first) if self._kept else None
        if known is not None:
            return Parts(*known)
        module, positions = _read(text, resolver)
        parts = Parts(module.body, module.scope, module.inside)
        if self._kept:
            self._kept.keep("model", path, text, first, tuple(parts))
        self._hold(path, text, positions)
        return parts

    def _put(self, path: Path, text: str, parts: Parts | None) -> None:
        known = self._parsed.pop(path, None)
        self._characters += len(text) - (len(known[0]) if known else 0)
        self._parsed[path] = text, parts
        while self._characters > MOST_PARSED and len(self._parsed) > 1:
            oldest = next(iter(self._parsed))
            self._characters -= len(self._parsed.pop(oldest)[0])
            self._answers.pop(oldest, None)

    def _hold(self, path: Path, text: str, positions: Positions) -> None:
        held = self._positions
        held.pop(path, None)
        held[path] = text, positions
        while len(held) > 1 and sum(len(t) for t, _ in held.values()) > MOST_CHARACTERS:
            del held[next(iter(held))]


def _cache(resolver: ImportResolver) -> ParseCache:
    return resolver.snapshot.workspace.kept(ParseCache)


def module_of(text: str, resolver: ImportResolver) -> Module:
    """The model of a text.

    Raises:
        CannotRead: the text is no Python that libcst can read.
    """
    path = resolver.path
    if path is None:
        return _read(text, resolver)[0]
    # A model whose bases in other files are those of the snapshot.
    key = (module_of, path, resolver.own_packages, resolver.project)
    memo = resolver.files.memo
    known: tuple[str, Module] | None = memo.get(key)
    if known is None or known[0] != text:
        parts = _cache(resolver).parts(text, resolver, path)
        known = memo[key] = text, Module(*parts, resolver)
    return known[1]


def is_unreadable(text: str, resolver: ImportResolver) -> bool:
    """Whether a text was found to be no Python."""
    path = resolver.path
    return path is not None and _cache(resolver).is_unreadable(path, text)


def positions_of(text: str, resolver: ImportResolver) -> Positions:
    """The positions in a text. Raises as `module_of`."""
    return _cache(resolver).positions(text, resolver)


def _read(text: str, resolver: ImportResolver) -> tuple[Module, Positions]:
    from lint_rules.syntax.read import read

    return read(text, resolver)


class LaterPositions:
    """The positions in a text, which is parsed for them only when they are asked for.

    Args:
        text: the text.
        resolver: that of its file.
    """

    def __init__(self, text: str, resolver: ImportResolver) -> None:
        self._text = text
        self._resolver = resolver
        self._recent = _cache(resolver).recent(text, resolver)

    @cached_property
    def _known(self) -> Positions:
        return self._recent or positions_of(self._text, self._resolver)

    @cached_property
    def _answers(self) -> Answers:
        path, first = self._resolver.path, self._resolver.first_place
        if path is None:
            return {}
        return _cache(self._resolver).answers(path, self._text, first)

    def hold(self, place: Place) -> bool:
        """Whether a place is in this file."""
        return place // FILE == self._resolver.first_place // FILE

    def span(self, place: Place) -> tuple[int, int]:
        """The start and end of a place, in characters from the start of the text."""
        span: tuple[int, int] = self._answer(place, lambda known: known.span(place))
        return span

    def comments(self) -> list[tuple[int, str]]:
        """The offset and text of every comment, in order."""
        comments: list[tuple[int, str]] = self._answer("comments", lambda known: known.comments())
        return comments

    def multiline_strings(self) -> list[tuple[int, int]]:
        """Start and end of the strings that span several lines."""
        strings: list[tuple[int, int]] = self._answer("strings", lambda k: k.multiline_strings())
        return strings

    def _answer(self, to: Place | str, ask: Callable[[Positions], Any]) -> Any:
        if to not in self._answers:
            self._answers[to] = ask(self._known)
        return self._answers[to]


def module_at(path: Path, asking: ImportResolver, files: Files | None = None) -> Module | None:
    """The model of a file as it is now, `None` where it cannot be read.

    Args:
        path: the file.
        asking: the resolver of the file for which it is read.
        files: the files through which it is read, `None` for those of `asking`.
    """
    # Only what may be read for the file that asks.
    files = asking.files if files is None else files
    text = files.text(path)
    if text is None or _cache(asking).is_unreadable(path, text):
        return None
    around = ImportResolver(asking.snapshot, path, asking.own_packages, asking.project)
    files.uses(around.path)
    try:
        return module_of(text, around)
    except CannotRead:
        return None
