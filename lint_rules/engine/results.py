"""Whom the linter asks whether it has found something already."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic


class Subject(NamedTuple):
    """What something is found in.

    Attributes:
        name: its name, another one for each.
        inputs: all that is given to whoever looks into it, as JSON has it.
        nodes: whose dependencies are those of the answer, besides what is consulted meanwhile.
    """

    name: str
    inputs: object
    nodes: tuple[Hashable, ...] = ()


class Answer(NamedTuple):
    """What is found in a subject.

    Attributes:
        diagnostics: the diagnostics.
        warnings: what is odd about its directives.
        is_whole: whether all was looked at; what is not whole is not kept.
        is_known: whether it was found before.
    """

    diagnostics: list[Diagnostic]
    warnings: list[str]
    is_whole: bool = True
    is_known: bool = False


class Results(Protocol):
    """What was found before."""

    def answer(self, subject: Subject, find: Callable[[], Answer]) -> Answer:
        """What is found in a subject: what is known, or what `find` finds now."""


def fingerprint(value: object) -> str:
    """A digest of plain data: the same for equal values, in each process."""
    return blake2b(repr(_plain(value)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _plain(value: Any) -> object:
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, dict):
        return [(key, _plain(item)) for key, item in value.items()]
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return sorted(map(repr, map(_plain, value)))
    if value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"no plain data: {type(value).__name__}")
