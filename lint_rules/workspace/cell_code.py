"""The Python in a notebook's cell: what IPython alone understands is taken out, line by line.

Source: IPython, "Built-in magic commands", and its `core/inputtransformer2.py`. Each character is
looked at a fixed number of times, so that no line takes long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

PYTHON_CELL_MAGICS = frozenset(
    "capture debug lprun memit mprun prun pyinstrument scalene snakeviz time timeit".split()
)
"""Cell magics that run their cell in the notebook's own Python."""

_CELL_MAGIC = re.compile(r"%%(\w+)")
_ESCAPES = ("%", "!", "?", ",", ";", "/")
"""What a line begins with that IPython takes to itself; no statement of Python does."""

_STOPS = re.compile(
    r"\"\"\"|'''|\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|\#|[\[({]|[\])}]"
    r"|(?<![=!<>])=[ \t]*[!%]"
)
_UNKNOWN = "get_ipython()"
"""Stands for what a command or a magic returns."""


def python_of(lines: Sequence[str]) -> list[str]:
    """The Python of a cell, in as many lines: other lines are blank, or do nothing.

    Args:
        lines: the cell's lines, without their ends.

    Returns:
        The lines; all are blank if a cell magic hands them to another language.
    """
    kept = list(lines)
    for number, line in enumerate(kept):
        magic = _CELL_MAGIC.match(line)
        if magic and magic[1] not in PYTHON_CELL_MAGICS:
            return [""] * len(kept)
        if not magic and line.strip():
            break
        # Several may follow each other, as `%%capture` and `%%time` do.
        kept[number] = ""
    return list(_statements(kept))


def _statements(lines: Sequence[str]) -> Iterator[str]:
    """The lines, those that are IPython's replaced by what does nothing in the same place."""
    scanner = _Scanner()
    is_escape_continued = False
    for line in lines:
        bare = line.strip()
        if is_escape_continued:
            is_escape_continued = bare.endswith("\\")
            yield ""
            continue
        # Below an `if` a blank line would not do.
        nothing = f"{line[: len(line) - len(line.lstrip())]}pass"
        begins = scanner.begins_statement
        if begins and bare.startswith(_ESCAPES):
            is_escape_continued = bare.endswith("\\")
            yield nothing
            continue
        code = scanner.scan(line)
        if begins and scanner.assigned is not None:
            is_escape_continued = bare.endswith("\\")
            yield f"{line[: scanner.assigned]} {_UNKNOWN}"
            scanner.reset()
        elif begins and code.rstrip().endswith("?"):
            yield nothing
            scanner.reset()
        else:
            yield line


class _Scanner:
    """Knows, from line to line, whether a bracket or a string is still open.

    Attributes:
        begins_statement: whether the next line begins a statement.
        assigned: the offset behind the `=` whose right side is IPython's, in the last line.
    """

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forgets what is open."""
        self._depth = 0
        self._quotes = ""
        self.begins_statement = True
        self.assigned: int | None = None

    def scan(self, line: str) -> str:
        """Looks at a line; what is before its comment is returned."""
        self.assigned = None
        at, end = 0, len(line)
        while at < len(line):
            if self._quotes:
                at = self._behind_string(line, at)
                continue
            stop = _STOPS.search(line, at)
            if stop is None:
                break
            found, at = stop[0], stop.end()
            if found == "#":
                end = stop.start()
                break
            if found in ('"""', "'''"):
                self._quotes = found
            elif found in "([{":
                self._depth += 1
            elif found in ")]}":
                self._depth = max(0, self._depth - 1)
            elif found.startswith("=") and not self._depth:
                self.assigned = stop.start() + 1
                break
        code = line[:end]
        is_open = self._quotes or self._depth or (end == len(line) and line.endswith("\\"))
        self.begins_statement = not is_open
        return code

    def _behind_string(self, line: str, at: int) -> int:
        """The offset behind a string of several lines, or the line's end."""
        close = line.find(self._quotes, at)
        while close >= 0 and _is_escaped(line, close, at):
            close = line.find(self._quotes, close + 1)
        if close < 0:
            return len(line)
        length = len(self._quotes)
        self._quotes = ""
        return close + length


def _is_escaped(line: str, at: int, start: int) -> bool:
    first = at
    while first > start and line[first - 1] == "\\":
        first -= 1
    return (at - first) % 2 == 1
