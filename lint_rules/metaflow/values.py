"""Checks the value of a decorator's attribute: Metaflow's answers to values of its kind decide."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from enum import Enum
from typing import Any, Final, NamedTuple


class Kind(Enum):
    """Stands for a value that is no literal."""

    FUNCTION = "function"
    UNKNOWN = "unknown"


FUNCTION: Final = Kind.FUNCTION
"""Stands for a lambda, or for a function of the flow's file."""

UNKNOWN: Final = Kind.UNKNOWN
"""Stands for a value that cannot be read. It is never checked."""


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


class Attribute:
    """An attribute of a decorator, or an option of a parameter, as one version of Metaflow has it.

    Attributes:
        name: as it is written.
        default: as JSON has it.
        choices: if not empty, the only words that are taken; in any case of letters if `any_case`.
        least, most: limits of whole numbers, with what Metaflow says beyond them.
        longest: the most characters, with what Metaflow says to more.
        refuses: kinds of values, as `kind_of` names them, with what Metaflow says.
    """

    def __init__(self, name: str, data: Mapping[str, Any], asked: str = "") -> None:
        self.name = name
        self.default: Any = data.get("default")
        self.choices = frozenset(data.get("choices", ()))
        self.any_case = bool(data.get("any_case", False))
        self.least = _limit(data.get("least"))
        self.most = _limit(data.get("most"))
        self.longest = _limit(data.get("longest"))
        self.refuses = {
            kind: refusal_from(group)
            for group in data.get("refuses", ())
            for kind in group["kinds"]
        }
        self._limits_text = bool(data.get("limits_text", False))
        self._characters = data.get("characters")
        self._asked = asked

    def problem(self, value: object) -> Refusal | None:
        """Return what Metaflow says to a value, or `None` if it takes it, or nothing is known.

        Of lists, tuples, sets and dictionaries, only the type is checked.
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
        if (rule := self._characters) and set(text) & (set(self._asked) - set(rule["taken"])):
            return refusal_from(rule)
        if self.longest and len(text) > self.longest[0]:
            return self.longest[1]
        if self._limits_text and kind_of(text) in ("int text", "negative int text"):
            return self._number_problem(int(text))
        return None


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
