"""The words by which a Python file may name other modules and flows: those in its imports, and in
texts that are dotted names, as `Flow("ArxivTopics")` and `mock.patch("flow.requests.get")`.

What depends on these words alone need not be found again when the rest of the file changes.
"""

from __future__ import annotations

import re

IN_WORDS = rb"[\w\x80-\xff]"
"""A byte of a word; letters beyond ASCII have several."""

IMPORTS = re.compile(
    rb"(?:^|[;:])[ \t\f]*(?:from\b[.\w\x80-\xff \t\f]+?\bimport\b[ \t\f]*"
    rb"(?:\((?:[^)#]+|#[^\n]*)*\)?|[^\n#;]*)|import[ \t\f]+[^\n#;]*)",
    re.MULTILINE,
)
"""The imports in a text that is `joined`."""

WORD = re.compile(IN_WORDS + rb"+")
_TEXTS = re.compile(
    rb"""["'}]\.*([A-Za-z_\x80-\xff]%(one)s*(?:[.:]%(one)s+)*)[.:]?["'{]""" % {b"one": IN_WORDS}
)


def joined(content: bytes) -> bytes:
    """A text with `\\n` at the ends of its lines, and with lines in one that a backslash joins."""
    if b"\r" in content:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return content.replace(b"\\\n", b" ")


def words_of(content: bytes) -> frozenset[bytes]:
    """The words in the imports and the dotted texts of a file."""
    content = joined(content)
    words: set[bytes] = set()
    for match in IMPORTS.finditer(content):
        words.update(WORD.findall(match[0]))
    for match in _TEXTS.finditer(content):
        words.update(WORD.findall(match[1]))
    return frozenset(words)
