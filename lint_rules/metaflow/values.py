"""Judges the value of a decorator's attribute by what Metaflow said to values of its kind."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, NamedTuple


class Kind(Enum):
    """Stands for a value that is no literal."""

    FUNCTION = "function"
    UNKNOWN = "unknown"


FUNCTION: Final = Kind.FUNCTION
"""Stands for a lambda, or for a function of the flow's file."""

UNKNOWN: Final = Kind.UNKNOWN
"""Stands for a value that cannot be read. It is never judged."""


class Refusal(NamedTuple):
    """What Metaflow says.

    Attributes:
        stage: when. "load": while the flow's module is imported. "check": when any command starts.
            "run": when tasks are prepared. "environment": with `--environment=conda` or `pypi`.
            The name of a decorator, such as "kubernetes": on a step that has that one, too.
        message: Metaflow's own text, or the type and text of Python's exception. `{step}` and
            `{value}` stand for the step's name and the value.
    """

    stage: str
    message: str


@dataclass(frozen=True)
class Attribute:
    """An attribute of a decorator.

    Attributes:
        name: as it is written.
        default: as JSON has it.
        choices: the only words that are taken, in any case of letters if `any_case`.
        least, most: limits of whole numbers, with what Metaflow says beyond them.
        characters: those that its text may have, those that were tried, and what Metaflow says.
        longest: the most characters.
    """

    name: str
    default: Any = None
    choices: frozenset[str] = frozenset()
    any_case: bool = False
    least: tuple[int, Refusal] | None = None
    most: tuple[int, Refusal] | None = None
    limits_text: bool = False
    characters: tuple[frozenset[str], frozenset[str], Refusal] | None = None
    longest: tuple[int, Refusal] | None = None
    refuses: Mapping[str, Refusal] = field(default_factory=dict)

    def problem(self, value: object) -> Refusal | None:
        """Return what Metaflow says to a value, or `None` if it takes it, or nothing is known.

        Lists, tuples, sets and dictionaries are judged by their type only, whatever is in them.
        """
        kind = kind_of(value)
        if kind is None:
            return None
        if isinstance(value, str) and self._is_choice(value):
            return None
        if kind in self.refuses:
            return self.refuses[kind]
        if isinstance(value, str):
            return self._text_problem(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return self._number_problem(value)
        return None

    def _is_choice(self, text: str) -> bool:
        if self.any_case:
            return text.lower() in {choice.lower() for choice in self.choices}
        return text in self.choices

    def _number_problem(self, number: int) -> Refusal | None:
        if self.most and number > self.most[0]:
            return self.most[1]
        if self.least and number < self.least[0]:
            return self.least[1]
        return None

    def _text_problem(self, text: str) -> Refusal | None:
        if self.characters:
            taken, asked, refusal = self.characters
            if any(c in asked and c not in taken for c in text):
                return refusal
        if self.longest and len(text) > self.longest[0]:
            return self.longest[1]
        if self.limits_text and kind_of(text) in ("int text", "negative int text"):
            return self._number_problem(int(text))
        return None


def attribute_from(name: str, data: Mapping[str, Any], asked: Sequence[str]) -> Attribute:
    """Return an attribute as the data have it.

    Args:
        name: of the attribute.
        data: about it.
        asked: the characters that Metaflow was asked about.
    """
    characters = data.get("characters")
    return Attribute(
        name=name,
        default=data.get("default"),
        choices=frozenset(data.get("choices", ())),
        any_case=data.get("any_case", False),
        least=_limit(data.get("least")),
        most=_limit(data.get("most")),
        limits_text=data.get("limits_text", False),
        characters=characters
        and (frozenset(characters["taken"]), frozenset(asked), refusal_from(characters)),
        longest=_limit(data.get("longest")),
        refuses=dict(_refused(data.get("refuses", ()))),
    )


def _refused(data: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, Refusal]]:
    for group in data:
        for kind in group["kinds"]:
            yield kind, refusal_from(group)


def refusal_from(data: Mapping[str, Any]) -> Refusal:
    """Return a refusal as the data have it."""
    return Refusal(data["stage"], data["message"])


def _limit(data: Mapping[str, Any] | None) -> tuple[int, Refusal] | None:
    return None if data is None else (data["value"], refusal_from(data))


def kind_of(value: object) -> str | None:
    """Return the kind that a value belongs to, or `None` if none like it was tried."""
    if value is None or isinstance(value, bool):
        return str(value).lower()
    if value is FUNCTION:
        return "function"
    if isinstance(value, (int, float)):
        return _kind_of_number(value)
    if isinstance(value, str):
        return _kind_of_text(value)
    for type_, name in ((list, "list"), (tuple, "tuple"), (set, "set"), (dict, "dict")):
        if isinstance(value, type_):
            return name if value else f"empty {name}"
    return "bytes" if isinstance(value, bytes) and value else None


def _kind_of_number(number: int | float) -> str | None:
    if not math.isfinite(number):
        return None
    name = "int" if isinstance(number, int) else "float"
    if number == 0:
        return "zero" if name == "int" else "zero float"
    if number < 0:
        return f"negative {name}"
    return "whole float" if name == "float" and number == int(number) else name


def _kind_of_text(text: str) -> str | None:
    if not text:
        return "empty text"
    for pattern, kind in (
        (r"\d+", "int text"),
        (r"-\d+", "negative int text"),
        (r"\d+\.\d+", "float text"),
    ):
        if re.fullmatch(pattern, text, re.ASCII):
            return kind
    try:
        float(text)
    except ValueError:
        return "text"
    return None  # " 7", "1e3" and the like are numbers to some and text to others
