"""The words by which a Python file may name other modules and flows: those in its imports, and in
texts that are dotted names, as `Flow("ArxivTopics")` and `mock.patch("flow.requests.get")`.

What depends on these words alone need not be found again when the rest of the file changes.
"""

from __future__ import annotations

import re

IMPORTS = re.compile(
    rb"^[ \t]*(?:from[ \t]+[.\w]+[ \t]+import[ \t]*(?:\([^)]*\)|[^\n#]*)|import[ \t]+[^\n#]*)",
    re.MULTILINE,
)
WORD = re.compile(rb"\w+")
_TEXTS = re.compile(rb"""["']([A-Za-z_]\w*(?:\.\w+)*)["']""")


def words_of(content: bytes) -> frozenset[bytes]:
    """The words in the imports and the dotted texts of a file."""
    words: set[bytes] = set()
    for match in IMPORTS.finditer(content):
        words.update(WORD.findall(match[0]))
    for match in _TEXTS.finditer(content):
        words.update(match[1].split(b"."))
    return frozenset(words)
