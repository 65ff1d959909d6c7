"""Where statements stand in a text, as Python's own parser tells it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

_LINE_END = re.compile(r"\r\n|\r|\n")
_NESTED = ("body", "handlers", "orelse", "finalbody", "cases")


class Statements:
    """The statements of a text, each before those nested in it; none of a text that this Python,
    which may be older, cannot read."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._found = _preorder(ast.parse(text).body)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._found = []

    def __len__(self) -> int:
        return len(self._found)

    def span(self, number: int) -> tuple[int, int]:
        """The start and end of a statement, in characters from the start of the text."""
        found = self._found[number]
        start = self._offset(found.lineno, found.col_offset)
        return start, self._offset(found.end_lineno or 0, found.end_col_offset or 0)

    def _offset(self, row: int, column: int) -> int:
        start = self._starts[row - 1]
        # Python counts bytes, of which a character has one at least.
        line = self._text[start : start + column]
        return start + (column if line.isascii() else len(line.encode()[:column].decode()))


def _preorder(statements: Iterable[ast.AST]) -> list[ast.stmt]:
    found: list[ast.stmt] = []
    waiting = [iter(statements)]
    while waiting:
        node = next(waiting[-1], None)
        if node is None:
            waiting.pop()
            continue
        if isinstance(node, ast.stmt):
            found.append(node)
        fields = node._fields
        nested = [child for name in _NESTED if name in fields for child in getattr(node, name)]
        if nested:
            waiting.append(iter(nested))
    return found
