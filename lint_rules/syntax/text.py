"""Offsets in a text that is read: from `ast`'s lines and bytes, and of what has no node."""

from __future__ import annotations

import re

_LINE_END = re.compile(r"\r\n|\r|\n")
_LAYOUT = re.compile(r"(?:[\s\\]|#[^\r\n]*)*")
_LAYOUT_AND_CLOSING = re.compile(r"(?:[\s\\)]|#[^\r\n]*)*")
_BLANK = frozenset(" \t\f\r\n\\")


class Text:
    """The text of a file, with the offset at which each line starts."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(end.end() for end in _LINE_END.finditer(text))]
        self._is_ascii = text.isascii()

    def offset(self, row: int, column: int) -> int:
        """The offset of a row, from 1, and a column in characters, from 0.

        What stands after the last row, as a newline that a parser adds, is at the end.
        """
        start = self.starts[row - 1] if row <= len(self.starts) else len(self.text)
        return min(start + column, len(self.text))

    def offset_of_bytes(self, row: int, column: int) -> int:
        """The offset of a row, from 1, and a column in bytes of UTF-8, from 0."""
        start = self.starts[row - 1]
        if self._is_ascii:
            return start + column
        # A character has one byte at least.
        line = self.text[start : start + column]
        return start + (column if line.isascii() else len(line.encode()[:column].decode()))

    def after(self, offset: int, token: str) -> int:
        """The offset after a token that only layout and closing parentheses stand before."""
        found = _LAYOUT_AND_CLOSING.match(self.text, offset)
        start = found.end() if found else offset
        return start + len(token) if self.text.startswith(token, start) else offset

    def after_layout(self, offset: int, end: int | None = None) -> int:
        """The offset of what comes next but layout and comments, at most `end`."""
        found = _LAYOUT.match(self.text, offset, len(self.text) if end is None else end)
        return found.end() if found else offset

    def stripped(self, start: int, end: int) -> tuple[int, int]:
        """A range without the layout at both ends."""
        start = self.after_layout(start, end)
        while end > start and self.text[end - 1] in _BLANK:
            end -= 1
        return start, end

    def with_parentheses(self, start: int, end: int, first: int, last: int) -> tuple[int, int]:
        """A range with the parentheses around it that stand between two offsets."""
        text = self.text
        while True:
            before = start - 1
            while before >= first and text[before] in _BLANK:
                before -= 1
            if before < first or text[before] != "(":
                return start, end
            after = self.after_layout(end, last)
            if after >= last or text[after] != ")":
                return start, end
            start, end = before, after + 1

    def without_semicolons(self, start: int, end: int) -> int:
        """The end of a statement, which to Python a semicolon may belong to."""
        while end > start and self.text[end - 1] in "; \t":
            end -= 1
        return end
