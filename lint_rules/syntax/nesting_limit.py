"""Code nested so deeply that libcst's parser would overflow the stack, and end the process."""

from __future__ import annotations

import re

from lint_rules.workspace.source import STRINGS

DEEPEST_BRACKETS = 200
"""Python's own tokenizer refuses more."""

LONGEST_CHAIN = 1000
"""Operators or attributes in a row; libcst overflows at some 3,000."""

_LONG_LINE = 2 * LONGEST_CHAIN
_MANY = 100
_OPENING_AFTER_OPENING = re.compile(rf"(?:[(\[{{][\s\w.]*){{{_MANY}}}")
_TOKEN = re.compile(
    STRINGS + r"|\#[^\n]*"
    r"|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>[,;:=\n])"
    r"|(?P<link>[-+*/%@&|^~.<>]|\b(?:not|and|or|if|lambda|await)\b)",
    re.DOTALL,
)


def is_too_deep(text: str) -> bool:
    """Whether a text nests more deeply than the parser can bear.

    Only a text with a very long line, or with openings upon openings, is looked at closely.
    """
    longest = max(map(len, text.splitlines()), default=0)
    if longest < _LONG_LINE and not (
        # Few files have so many brackets, and to look for them takes long.
        sum(map(text.count, "([{")) >= _MANY and _OPENING_AFTER_OPENING.search(text)
    ):
        return False
    depth = chain = 0
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            # Calls in a row (`f()()()`) nest too.
            depth -= 1
            chain += 1
        elif kind == "end":
            chain = 0
        elif kind == "link":
            chain += 1
        if depth > DEEPEST_BRACKETS or chain > LONGEST_CHAIN:
            return True
    return False
