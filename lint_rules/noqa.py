"""`# noqa`: findings that the author of a line has looked at and wants left alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lint_rules.source import Source

_LINE = re.compile(
    r"#\s*noqa(?P<colon>\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*))?",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"#\s*(?P<tool>metaflow-lint|ruff|flake8)\s*:\s*noqa"
    r"(?:\s*:\s*(?P<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*))?\s*\Z",
    re.IGNORECASE,
)


@dataclass
class Directive:
    """One `# noqa` comment.

    Attributes:
        row: the line it stands on.
        codes: the codes it names; empty, all rules are meant.
        used: the codes that suppressed something.
    """

    row: int
    codes: tuple[str, ...]
    used: set[str] = field(default_factory=set)

    def covers(self, code: str) -> bool:
        """Whether the directive speaks of a rule."""
        return not self.codes or code in self.codes


class Suppressions:
    """The directives of a file.

    Args:
        source: the file.
        comments: offset and text of its comments.
        strings: start and end of its strings that span several lines.
    """

    def __init__(
        self,
        source: Source,
        comments: list[tuple[int, str]],
        strings: list[tuple[int, int]],
    ) -> None:
        self.lines: dict[int, Directive] = {}
        self.whole_file: list[Directive] = []
        for offset, text in comments:
            row = source.location(offset).row
            match = _FILE.search(text)
            if match:
                codes = _codes(match["codes"])
                # A blanket for other tools is none for this one.
                if codes or match["tool"].lower() == "metaflow-lint":
                    self.whole_file.append(Directive(row, codes))
                continue
            match = _LINE.search(text)
            if match:
                self.lines[row] = Directive(row, _codes(match["codes"]))
        self._ends = _logical_ends(source, strings)

    def suppress(self, row: int, code: str) -> bool:
        """Whether a finding of a rule on a line is suppressed; the directive notes that it was."""
        line = self.lines.get(self._ends.get(row, row)) or self.lines.get(row)
        for directive in (*self.whole_file, *([line] if line else [])):
            if directive.covers(code):
                directive.used.add(code)
                return True
        return False


def _codes(text: str | None) -> tuple[str, ...]:
    return tuple(code.upper() for code in re.split(r"[\s,]+", text)) if text else ()


def _logical_ends(source: Source, strings: list[tuple[int, int]]) -> dict[int, int]:
    """The line on which a comment speaks for a line inside a string or before a backslash."""
    ends: dict[int, int] = {}
    for start, end in strings:
        first, last = source.location(start).row, source.location(end).row
        ends.update(dict.fromkeys(range(first, last), last))
    for row in range(len(source.line_starts), 0, -1):
        if source.line(row).endswith("\\"):
            ends.setdefault(row, ends.get(row + 1, row + 1))
    return ends
