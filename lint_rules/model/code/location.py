"""Where things stand: ranges in a text, and locations, which are ranges in a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from lint_rules.model.earlier_names import WithPlace


class Range(NamedTuple):
    """A part of a text, in characters from its start; `end` is the first one after it."""

    start: int
    end: int


class Location(NamedTuple):
    """A range in a file.

    Attributes:
        file: the file's real path, `None` for text that comes from no file.
        range: the range in its text.
    """

    file: Path | None
    range: Range

    @property
    def start(self) -> int:
        """The offset at which it starts."""
        return self.range.start

    @property
    def end(self) -> int:
        """The offset at which it ends."""
        return self.range.end


@dataclass(slots=True, eq=False)
class Node(WithPlace):
    """Any part of the code.

    Attributes:
        file: the real path of its file, `None` for text that comes from no file.
        start: the offset at which it starts in the file's text, in characters.
        end: the offset at which it ends.

    The range is that of Python's `ast`: without comments, decorators and parentheses around it;
    a tuple or a generator expression includes its own parentheses.
    """

    file: Path | None
    start: int
    end: int

    @property
    def range(self) -> Range:
        """Where it stands in its file's text."""
        return Range(self.start, self.end)

    @property
    def location(self) -> Location:
        """Where it stands, and in which file."""
        return Location(self.file, Range(self.start, self.end))
