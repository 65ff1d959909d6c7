"""The models of files that were read, so that none is parsed twice in a run, nor in the next one.

Nothing here imports libcst until a text has to be parsed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

from lint_rules.analysis.imports import Surroundings
from lint_rules.model.code import FILE, Inside, Place, Statement
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope
from lint_rules.syntax.errors import CannotRead
from lint_rules.workspace import overlay
from lint_rules.workspace.source import CannotDecode, Source

if TYPE_CHECKING:
    from lint_rules.syntax.positions import Positions


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

_texts: dict[Path, tuple[object, str | None]] = {}
_parsed: dict[Path, tuple[str, Parts | None]] = {}
_positions: dict[Path, tuple[str, Positions]] = {}
"""Of the files that were read last, the last one at the end."""

Answers: TypeAlias = dict[Place | str, Any]
"""Where in a text things stand that were asked for: by place, and its `comments` and `strings`."""

_answers: dict[Path, tuple[str, Answers, int]] = {}
"""For a text, and how many of them an earlier run knew."""
_kept: Kept | None = None


def use(kept: Kept | None) -> None:
    """Takes what earlier runs found out, and leaves there what this one reads."""
    global _kept
    _kept = kept


def leave() -> None:
    """Leaves to later runs where things stand that this one asked for."""
    for path, (text, answers, known) in _answers.items():
        if _kept and len(answers) > known:
            _kept.keep("answers", path, text, Surroundings(path).first_place, answers)


def module_of(text: str, surroundings: Surroundings) -> Module:
    """The model of a text.

    Raises:
        CannotRead: the text is no Python that libcst can read.
    """
    path = surroundings.path
    if path is None:
        return _read(text, surroundings)[0]
    kept = _parsed.get(path)
    if kept is None or kept[0] != text or kept[1] is None:
        _parsed[path] = text, None
        _parsed[path] = text, _parts_of(path, text, surroundings)
    return _linked(path, text, surroundings.own_packages, surroundings.project)


def positions_of(text: str, surroundings: Surroundings) -> Positions:
    """The positions in a text, which is parsed again if that was long ago.

    Raises:
        CannotRead: the text is no Python that libcst can read.
    """
    kept = _recent(text, surroundings)
    if kept is not None:
        return kept
    positions = _read(text, surroundings)[1]
    if surroundings.path is not None:
        _keep(surroundings.path, text, positions)
    return positions


def _recent(text: str, surroundings: Surroundings) -> Positions | None:
    kept = None if surroundings.path is None else _positions.get(surroundings.path)
    return kept[1] if kept is not None and kept[0] == text else None


def _parts_of(path: Path, text: str, surroundings: Surroundings) -> Parts:
    known = _kept.find("model", path, text, surroundings.first_place) if _kept else None
    if known is not None:
        return Parts(*known)
    module, positions = _read(text, surroundings)
    parts = Parts(module.body, module.scope, module.inside)
    if _kept:
        _kept.keep("model", path, text, surroundings.first_place, tuple(parts))
    _keep(path, text, positions)
    return parts


def _read(text: str, surroundings: Surroundings) -> tuple[Module, Positions]:
    from lint_rules.syntax.read import read

    return read(text, surroundings)


def _keep(path: Path, text: str, positions: Positions) -> None:
    _positions.pop(path, None)
    _positions[path] = text, positions
    while len(_positions) > 1 and sum(len(t) for t, _ in _positions.values()) > MOST_CHARACTERS:
        del _positions[next(iter(_positions))]


@overlay.cached
def _linked(path: Path, _text: str, own_packages: tuple[str, ...], project: str | None) -> Module:
    """A model whose bases in other files are those of now."""
    parsed = _parsed[path][1]
    if parsed is None:
        raise LookupError(path)
    surroundings = Surroundings(path, own_packages, project)
    return Module(*parsed, surroundings)


class LaterPositions:
    """The positions in a text, which is parsed for them only when they are asked for.

    Args:
        text: the text.
        surroundings: those of its file.
    """

    def __init__(self, text: str, surroundings: Surroundings) -> None:
        self._text = text
        self._surroundings = surroundings
        self._recent = _recent(text, surroundings)

    @cached_property
    def _known(self) -> Positions:
        return self._recent or positions_of(self._text, self._surroundings)

    @cached_property
    def _answers(self) -> Answers:
        path, first = self._surroundings.path, self._surroundings.first_place
        if path is None:
            return {}
        known = _answers.get(path)
        if known is None or known[0] != self._text:
            found: Answers | None = None
            if _kept:
                found = _kept.find("answers", path, self._text, first)
            known = _answers[path] = self._text, found or {}, len(found or {})
        return known[1]

    def hold(self, place: Place) -> bool:
        """Whether a place is in this file."""
        return place // FILE == self._surroundings.first_place // FILE

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


def text_at(path: Path) -> str | None:
    """The text of a file as it is now, `None` where it cannot be read."""
    try:
        state = overlay.state(path)
        kept = _texts.get(path)
        if kept is None or kept[0] != state:
            kept = _texts[path] = state, Source.decode(path, overlay.content(path)).text
        return kept[1]
    except (OSError, CannotDecode):
        return None


def module_at(path: Path, asking: Surroundings) -> Module | None:
    """The model of a file as it is now, `None` where it cannot be read.

    Args:
        path: the file.
        asking: the surroundings of the file for which it is read.
    """
    text = text_at(path)
    kept = _parsed.get(path)
    if text is None or (kept is not None and kept == (text, None)):
        return None
    try:
        return module_of(text, Surroundings(path, asking.own_packages, asking.project))
    except CannotRead:
        return None
