"""Where statements stand in a text, as Python's own parser tells it."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable

_LINE_END = re.compile(r"\r\n|\r|\n")
_NESTED = ("body", "handlers", "orelse", "finalbody", "cases")


def statement_spans(text: str) -> list[tuple[int, int]]:
    """The start and end of every statement, in characters from the start of the text, each before
    those nested in it; nothing of a text that this Python, older than it perhaps, cannot read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            statements = _preorder(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def offset(row: int, column: int) -> int:
        start = starts[row - 1]
        # Python counts bytes, of which a character has one at least.
        line = text[start : start + column]
        return start + (column if line.isascii() else len(line.encode()[:column].decode()))

    return [
        (offset(s.lineno, s.col_offset), offset(s.end_lineno or 0, s.end_col_offset or 0))
        for s in statements
    ]


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
        nested = [child for name in _NESTED for child in getattr(node, name, ())]
        if nested:
            waiting.append(iter(nested))
    return found
