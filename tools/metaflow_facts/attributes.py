"""Tries values for one attribute of a decorator: kinds, words, characters and limits."""

from __future__ import annotations

import ast
import functools
import inspect
import re
import string
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tools.metaflow_facts.trials import Refusal

Try = Callable[[Any], "Refusal | None"]
"""Tries one value; `None` means that Metaflow takes it."""


def _function(*_: object) -> str:
    return "made"


PROBES: dict[str, tuple[Any, ...]] = {
    "none": (None,),
    "true": (True,),
    "false": (False,),
    "zero": (0,),
    "negative int": (-1, -7),
    "int": (2, 90, 4000),
    "zero float": (0.0,),
    "negative float": (-1.5,),
    "whole float": (2.0, 90.0, 4000.0),
    "float": (1.5, 90.25, 4000.5),
    "empty text": ("",),
    "int text": ("2", "90", "4000", "1"),
    "negative int text": ("-7",),
    "float text": ("1.5", "90.25", "4000.5"),
    "text": (
        *("work", "Word", "two words", "16GB", "a-b", "a.b", "/a/b", "a=b", "a:b"),
        *("true", '{"a": 1}', "1h", "512Mi", "a,b", "a/b", "s3://a/b", "* * * * *"),
    ),
    "empty list": ([],),
    "list": (["work"], ["a", "b"], [1], [{"name": "work"}], [("a", 1)]),
    "empty tuple": ((),),
    "tuple": (("work",), ("a", "b"), (1,), (("a", 1),)),
    "empty set": (set(),),
    "set": ({"work"}, {1}),
    "empty dict": ({},),
    "dict": ({"work": "1"}, {"name": "work"}, {"work": 1}),
    "bytes": (b"work",),
    "function": (_function, lambda: "made"),
}
"""Kinds of literals, and values of each.

A kind is refused if all its values are, for one reason.

`lint_rules.metaflow.values` sorts a value into these kinds: the two belong together.
"""

_LARGE = 10**9
CHARACTERS = string.ascii_letters + string.digits + string.punctuation + " é"
"""The characters that Metaflow is asked about."""


class Attribute:
    """What was found out about one attribute.

    Attributes:
        facts: what is refused: by kind, with the message, and the limits of numbers and of text.
        good: the values that are taken and that are not empty.
    """

    def __init__(self, attempt: Try, words: Iterable[str]) -> None:
        self.facts: dict[str, Any] = {}
        self.good: list[Any] = []
        self._attempt = attempt
        refused: dict[str, Refusal] = {}
        for kind, values in PROBES.items():
            answers = [without(attempt(value), value) for value in values]
            taken = [v for v, a in zip(values, answers, strict=True) if a is None]
            self.good.extend(v for v in taken if v)
            reasons = {answer.message for answer in answers if answer}
            if not taken and (len(reasons) == 1 or kind == "text"):
                refused[kind] = next(answer for answer in answers if answer)
        if "text" in refused:
            self._choose(refused, sorted(words))
        if refused:
            self.facts["refuses"] = _by_reason(refused)
        if whole := [v for v in self.good if type(v) is int]:
            self.facts |= self._limits(whole[0])
        if "work" in self.good:
            self.facts |= self._text()
        limits = [self.facts[name]["value"] for name in ("most", "least") if name in self.facts]
        if limits and "int text" not in refused:
            beyond = [str(n + 1) if n > 0 else str(n - 1) for n in limits]
            self.facts["limits_text"] = all(self._attempt(text) is not None for text in beyond)

    def _choose(self, refused: dict[str, Refusal], words: Iterable[str]) -> None:
        """Find the words that are taken, if only some are, and do not refuse lists of those."""
        words = {*words, *re.findall(r"[A-Za-z][\w-]+", refused["text"].message)}
        choices = sorted(word for word in words if self._attempt(word) is None)
        if not choices:
            return
        self.good.append(choices[0])
        self.facts["choices"] = choices
        if all(self._attempt(case(w)) is None for w in choices for case in (str.upper, str.lower)):
            self.facts["any_case"] = True
        for kind, made in (("list", list), ("tuple", tuple), ("set", set)):
            if kind in refused and self._attempt(made(choices[:1])) is None:
                del refused[kind]

    def _limits(self, taken: int) -> dict[str, Any]:
        """Find the least and the most whole number that are taken, if there are such limits."""
        found: dict[str, Any] = {}
        for name, sign in (("most", 1), ("least", -1)):
            refusal = self._attempt(sign * _LARGE)
            if refusal is None:
                continue
            good, bad = taken, sign * _LARGE
            while abs(bad - good) > 1:
                middle = (good + bad) // 2
                good, bad = (middle, bad) if self._attempt(middle) is None else (good, middle)
            if refusal := self._attempt(bad):
                found[name] = {"value": good, **refusal._asdict()}
        return found

    def _text(self) -> dict[str, Any]:
        """Find the characters and the length of the text that is taken, if some are refused."""
        found: dict[str, Any] = {}
        if self._attempt("work" + CHARACTERS + "work") is not None:
            answers = {c: self._try_character(c) for c in CHARACTERS}
            refused = {c: answer for c, answer in answers.items() if answer is not None}
            if refused:
                one = next(iter(refused.values()))
                found["characters"] = {
                    "taken": "".join(c for c in CHARACTERS if c not in refused),
                    "stage": one.stage,
                    "message": one.message,
                }
        if self._attempt("w" * 5000) is not None:
            good, bad = 4, 5000
            while bad - good > 1:
                middle = (good + bad) // 2
                good, bad = (middle, bad) if self._attempt("w" * middle) is None else (good, middle)
            if refusal := self._attempt("w" * bad):
                found["longest"] = {"value": good, **refusal._asdict()}
        return found

    def _try_character(self, character: str) -> Refusal | None:
        """Try a character between words, once, twice and thrice: `a.b.c` may be fine, `a.b` not."""
        answers = [self._attempt(character.join(["work"] * times)) for times in (2, 3, 4)]
        return answers[0] if all(answers) else None


def without(refusal: Refusal | None, value: Any) -> Refusal | None:
    """Put `{value}` and `{type}` for what a message says of the value, so that messages compare."""
    if refusal is None:
        return None
    text = refusal.message
    pieces = {repr(value), str(value)}
    if isinstance(value, (list, tuple, set)):
        pieces |= {shown for item in value for shown in (repr(item), repr(str(item)), str(item))}
    for piece in sorted(pieces, key=len, reverse=True):
        if len(piece) > 1:
            text = re.sub(rf"(?<![\w`'\"]){re.escape(piece)}(?!\w)", "{value}", text)
        text = re.sub(rf"([*`'\"]){re.escape(piece)}(?=\1)", r"\1{value}", text)
    for piece in (repr(type(value)), repr(type(value).__name__)):
        text = text.replace(piece, "{type}")
    return refusal._replace(message=text)


def _by_reason(refused: Mapping[str, Refusal]) -> list[dict[str, Any]]:
    """Put the kinds together that are refused with one message."""
    kinds: dict[Refusal, list[str]] = {}
    for kind, refusal in refused.items():
        kinds.setdefault(refusal, []).append(kind)
    return [
        {"kinds": sorted(names), **refusal._asdict()}
        for refusal, names in sorted(kinds.items(), key=lambda item: sorted(item[1]))
    ]


@functools.cache
def words_of(cls: type) -> frozenset[str]:
    """Return words that a decorator may want: those in its module's code and constants."""
    module = sys.modules[cls.__module__]
    found: set[str] = set()
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
    for value in vars(module).values():
        if isinstance(value, (list, tuple, set, frozenset)):
            found.update(word for word in value if isinstance(word, str))
    return frozenset(w for w in found if re.fullmatch(r"[A-Za-z][\w-]*", w) and len(w) < 30)
