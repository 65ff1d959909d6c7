"""Reading TOML that anybody may have written."""

from __future__ import annotations

import re
import sys
from typing import Any

MOST_CHARACTERS = 1_000_000
MOST_PARTS = 32
"""How many parts a dotted key may have: parsers take memory that grows with their square."""

# An unclosed string reaches to the end of its line or of the text, so that each character is
# looked at once.
_TEXTS = re.compile(
    r'#[^\n]*|"""(?:[^\\]|\\.)*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)'
    r'|"(?:[^"\\\n]|\\.)*(?:"|\n|\Z)|\'[^\'\n]*(?:\'|\n|\Z)',
    re.DOTALL,
)
_BETWEEN_KEYS = re.compile(r"[\n,=\[\]{}]")


def parse_toml(text: str) -> dict[str, Any]:
    """The tables of a TOML document.

    Raises:
        ValueError: it is no valid TOML, too long, or nests too deeply.
    """
    if len(text) > MOST_CHARACTERS:
        raise ValueError(f"it has more than {MOST_CHARACTERS:,} characters")
    keys = _BETWEEN_KEYS.split(_TEXTS.sub(lambda found: "\n" * found[0].endswith("\n"), text))
    if max(key.count(".") for key in keys) >= MOST_PARTS:
        raise ValueError(f"a key has more than {MOST_PARTS} parts")
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise ValueError("its arrays or tables nest too deeply") from None
