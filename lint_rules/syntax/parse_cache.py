"""The models of files that were read, so that none is parsed twice in a run, nor in the next one.

Nothing here imports libcst until a text has to be parsed.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple, Protocol

from lint_rules.analysis.imports import Surroundings
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.read import ParsedModule, look_up, read
from lint_rules.workspace import overlay
from lint_rules.workspace.source import CannotDecode, Source


class ModelStore(Protocol):
    """The models that earlier runs read of files that are judged."""

    def find(self, path: Path, text: str) -> ParsedModule | None:
        """The model of a file with a text, `None` if it is not known."""

    def keep(self, path: Path, text: str, module: ParsedModule) -> None:
        """Takes a model that was read now."""


class _Known(NamedTuple):
    """What is known of a file.

    Attributes:
        text: its text.
        module: its model, `None` if it cannot be read.
        is_judged: whether libcst read it.
    """

    text: str
    module: ParsedModule | None
    is_judged: bool


_texts: dict[Path, tuple[object, str | None]] = {}
_known: dict[Path, _Known] = {}
_store: ModelStore | None = None


def use(store: ModelStore | None) -> None:
    """Takes what earlier runs found out, and leaves there what this one reads."""
    global _store
    _store = store


def module_of(text: str, surroundings: Surroundings) -> Module:
    """The model of a text that is judged.

    Raises:
        CannotRead: the text is no Python that libcst can read.
    """
    path = surroundings.path
    if path is None:
        return Module(*read(text, None), surroundings, text)
    known = _known.get(path)
    if known is None or known.text != text or not known.is_judged:
        looked_up = known.module if known and known.text == text else None
        _known[path] = _Known(text, _judged(path, text, looked_up), True)
    return _link(path, surroundings)


def _judged(path: Path, text: str, looked_up: ParsedModule | None) -> ParsedModule:
    """The model of a text that libcst reads, or read in an earlier run."""
    # Other files' models may lead to a model that was looked up: it stays the file's.
    kept = _store.find(path, text) if _store and looked_up is None else None
    if kept is not None:
        return kept
    module = read(text, path, looked_up)
    if _store:
        _store.keep(path, text, module)
    return module


def _link(path: Path, surroundings: Surroundings) -> Module:
    module = _known[path].module
    if module is None:
        raise LookupError(path)
    return _linked(path, module.scope, surroundings.own_packages, surroundings.project)


@overlay.cached
def _linked(path: Path, _of: Scope, own_packages: tuple[str, ...], project: str | None) -> Module:
    """A model whose bases in other files are those of now."""
    text, module, _ = _known[path]
    if module is None:
        raise LookupError(path)
    return Module(*module, Surroundings(path, own_packages, project), text)


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
    """The model of a file as it is now, which is only read for what it defines; `None` where it
    cannot be read.

    Args:
        path: the file.
        asking: the surroundings of the file for which it is read.
    """
    text = text_at(path)
    if text is None:
        return None
    surroundings = Surroundings(path, asking.own_packages, asking.project)
    return look_up_module(text, surroundings)


def look_up_module(text: str, surroundings: Surroundings) -> Module | None:
    """As `module_of` for a text that is only read for what it defines; `None` where it cannot be
    read."""
    path = surroundings.path
    if path is None:
        return None
    known = _known.get(path)
    if known is None or known.text != text:
        kept = _store.find(path, text) if _store else None
        try:
            known = _Known(text, kept or look_up(text, path), kept is not None)
        except CannotRead:
            known = _Known(text, None, False)
        _known[path] = known
    return None if known.module is None else _link(path, surroundings)
