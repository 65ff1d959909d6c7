"""A file's text, and positions in it as people count them."""

from __future__ import annotations

import codecs
import io
import re
import tokenize
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

STRINGS = (
    r'"""(?:\\.|[^\\])*?"""|\'\'\'(?:\\.|[^\\])*?\'\'\''
    r'|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
)
"""A pattern (with `re.DOTALL`) for string literals, to tell what merely stands in one."""

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOM = "\ufeff"
_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)
_ZEROS = (
    ((False, True, False, True), "UTF-16 (little endian)"),
    ((True, False, True, False), "UTF-16 (big endian)"),
    ((False, True, True, True), "UTF-32 (little endian)"),
    ((True, True, True, False), "UTF-32 (big endian)"),
)
"""Which of the first four bytes are zero if the first two letters are ASCII."""


def lines_of(text: str) -> list[str]:
    """The lines of a text without their ends: as Python's, and fewer than `str.splitlines` makes,
    for which form feeds and Unicode's separators end lines too."""
    lines = _LINE_END.split(text)
    return lines if lines[-1] or len(lines) == 1 else lines[:-1]


def unicode_encoding(content: bytes) -> str | None:
    """The encoding of a file in UTF-16 or UTF-32, from its mark or its zeros."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    start = content[:4]
    for zeros, encoding in _ZEROS:
        if len(start) == 4 and tuple(byte == 0 for byte in start) == zeros:
            return encoding
    return None


class CannotDecode(Exception):
    """The bytes are no text in the encoding that the file declares."""


@dataclass(frozen=True, slots=True)
class Position:
    """A position: row and column, both from 1, the column in characters."""

    row: int
    column: int


@dataclass(frozen=True)
class Source:
    """A file's text.

    Attributes:
        path: the file's path as the user gave it, or `-` for standard input.
        text: its text as it is, but without a byte order mark.
        encoding: the encoding it was read with.
        has_bom: whether it began with a byte order mark.
    """

    path: Path
    text: str
    encoding: str = "utf-8"
    has_bom: bool = False

    @classmethod
    def decode(cls, path: Path, content: bytes) -> Source:
        """The source of a file's bytes, in the encoding that its first lines declare (PEP 263).

        Raises:
            CannotDecode: the encoding is unknown, or the bytes do not fit it.
        """
        try:
            encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
            text = content.decode(encoding.removesuffix("-sig"))
            if "\0" in text and unicode_encoding(content):
                raise SyntaxError("zeros between letters")
            # Some encodings read half a character, or write what they read in other bytes.
            if not encoding.startswith("utf-8"):
                text.encode()
                if text.encode(encoding) != content:
                    raise CannotDecode(f"it would be written in other bytes of `{encoding}`")
        except (SyntaxError, UnicodeError, LookupError) as error:
            known = unicode_encoding(content)
            why = f"it is in {known}, which Python does not read; save it in UTF-8"
            raise CannotDecode(why if known else str(error)) from error
        has_bom = text.startswith(_BOM)
        return cls(path, text.removeprefix(_BOM), encoding.removesuffix("-sig"), has_bom)

    def with_text(self, text: str) -> Source:
        """The file with another text."""
        return Source(self.path, text, self.encoding, self.has_bom)

    def encode(self, text: str) -> bytes:
        """A changed text as the file's bytes, with its encoding and byte order mark kept."""
        return ((_BOM if self.has_bom else "") + text).encode(self.encoding)

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line starts."""
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    @cached_property
    def newline(self) -> str:
        """The file's own way to end a line, by its first one."""
        match = _LINE_END.search(self.text)
        return match.group() if match else "\n"

    def where(self, row: int) -> str:
        """Path and row, for messages."""
        return f"{self.path}:{row}"

    def position(self, offset: int) -> Position:
        """Row and column of an offset into the text."""
        row = bisect_right(self.line_starts, offset)
        return Position(row, offset - self.line_starts[row - 1] + 1)

    def line(self, row: int) -> str:
        """The text of a line (from 1) without its end."""
        start = self.line_starts[row - 1]
        end = self.line_starts[row] if row < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")
