"""`# noqa`: findings that the author of a line has looked at and wants left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety, TextEdit
from lint_rules.workspace.source import Source

_CODES = r"(?P<codes>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+(?![a-z]))*)"
_LINE = re.compile(rf"#\s*noqa(?![\w-])(?P<colon>\s*:)?(?:\s*{_CODES})?", re.IGNORECASE)
_FILE = re.compile(
    rf"#\s*(?P<tool>metaflow-lint|ruff|flake8)\s*:\s*noqa(?:\s*:\s*{_CODES})?", re.IGNORECASE
)
_CODE = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_OWN_CODE = re.compile(r"MF[0-9]+")

UNUSED = ("MF901", "unused-noqa")


@dataclass
class Directive:
    """One `# noqa` comment.

    Attributes:
        start: the offset of its `#`.
        end: the offset behind its last code, or behind `noqa`.
        codes: the codes it names with their offsets; empty, all rules are meant.
        used: the codes that suppressed something.
    """

    start: int
    end: int
    codes: tuple[tuple[int, str], ...]
    used: set[str] = field(default_factory=set)

    @property
    def names(self) -> tuple[str, ...]:
        """The codes it names."""
        return tuple(code for _, code in self.codes)

    def covers(self, code: str) -> bool:
        """Whether the directive speaks of a rule."""
        return not self.codes or code in self.names


class Suppressions:
    """The directives of a file.

    Args:
        source: the file.
        comments: offset and text of its comments.
        strings: start and end of its strings that span several lines.
    """

    def __init__(
        self, source: Source, comments: list[tuple[int, str]], strings: Iterable[tuple[int, int]]
    ) -> None:
        self._source = source
        self._lines: dict[int, Directive] = {}
        self._whole_file: list[Directive] = []
        for offset, text in comments:
            match = _FILE.search(text)
            if match:
                directive = _directive(match, offset)
                # A blanket for other tools is none for this one.
                if directive.codes or match["tool"].lower() == "metaflow-lint":
                    self._whole_file.append(directive)
                continue
            match = _LINE.search(text)
            # As in Ruff, a name behind `noqa:` is no blanket: it names nothing.
            if match and bool(match["colon"]) == bool(match["codes"]):
                self._lines[source.position(offset).row] = _directive(match, offset)
        self._ends = _logical_ends(source, strings)

    def suppress(self, row: int, code: str) -> bool:
        """Whether a finding of a rule on a line is suppressed; the directive notes that it was."""
        line = self._lines.get(self.row_for(row)) or self._lines.get(row)
        for directive in (*self._whole_file, *([line] if line else [])):
            if directive.covers(code):
                directive.used.add(code)
                return True
        return False

    def row_for(self, row: int) -> int:
        """The line at whose end a comment speaks for a line: that where its string ends."""
        return self._ends.get(row, row)

    def at(self, row: int) -> Directive | None:
        """The directive on a line."""
        return self._lines.get(row)

    def unused(
        self, is_known: Callable[[str], bool], is_checked: Callable[[str], bool]
    ) -> Iterator[Diagnostic]:
        """What MF901 says: codes that suppress nothing, or name no rule.

        Args:
            is_known: whether a rule has a code.
            is_checked: whether that rule is selected; if not, its codes are left alone.
        """
        for directive in (*self._whole_file, *self._lines.values()):
            if UNUSED[0] in directive.names:
                continue
            dead = [
                (offset, code)
                for offset, code in directive.codes
                if code not in directive.used
                and (is_checked(code) if is_known(code) else _OWN_CODE.fullmatch(code))
            ]
            if dead:
                yield self._diagnostic(directive, dead, is_known)

    def _diagnostic(
        self, directive: Directive, dead: list[tuple[int, str]], is_known: Callable[[str], bool]
    ) -> Diagnostic:
        names = [code for _, code in dead]
        unknown = [code for code in names if not is_known(code)]
        listed = ", ".join(f"`{code}`" for code in names)
        what = "names no rule" if unknown == names else "suppresses nothing"
        start, end = dead[0][0], dead[-1][0] + len(dead[-1][1])
        everything = len(dead) == len(directive.codes)
        return Diagnostic(
            str(self._source.path),
            *UNUSED,
            f"The `# noqa` for {listed} {what}",
            "remove it" if everything else f"remove {listed} from it",
            self._source.position(directive.start if everything else start),
            self._source.position(directive.end if everything else end),
            (self._removal(directive, dead),),
            "Remove the directive" if everything else "Remove the codes",
            Safety.SAFE,
        )

    def _removal(self, directive: Directive, dead: list[tuple[int, str]]) -> TextEdit:
        text = self._source.text
        if len(dead) < len(directive.codes):
            staying = [code for code in directive.codes if code not in dead]
            start, end = directive.codes[0][0], directive.end
            return TextEdit(start, end, ", ".join(code for _, code in staying))
        start, end = directive.start, directive.end
        row = self._source.position(start).row
        line_start = self._source.line_starts[row - 1]
        line_end = line_start + len(self._source.line(row))
        # A reason behind the codes goes with them, another comment stays.
        follower = text.find("#", end, line_end)
        if follower >= 0:
            return TextEdit(start, follower, "")
        before = text[line_start:start].rstrip()
        if before:
            return TextEdit(line_start + len(before), line_end, "")
        next_line = (
            self._source.line_starts[row] if row < len(self._source.line_starts) else len(text)
        )
        return TextEdit(line_start, next_line, "")


def _directive(match: re.Match[str], offset: int) -> Directive:
    codes: tuple[tuple[int, str], ...] = ()
    if match["codes"]:
        first = offset + match.start("codes")
        found = _CODE.finditer(match["codes"])
        codes = tuple((first + code.start(), code.group().upper()) for code in found)
    return Directive(offset + match.start(), offset + match.end(), codes)


def _logical_ends(source: Source, strings: Iterable[tuple[int, int]]) -> dict[int, int]:
    """The line on which a comment speaks for a line inside a string or before a backslash."""
    ends: dict[int, int] = {}
    for start, end in strings:
        first, last = source.position(start).row, source.position(end).row
        ends.update(dict.fromkeys(range(first, last), last))
    for row in range(len(source.line_starts), 0, -1):
        if source.line(row).endswith("\\"):
            ends.setdefault(row, ends.get(row + 1, row + 1))
    return ends


def added(
    source: Source, suppressions: Suppressions, diagnostics: Iterable[Diagnostic], reason: str
) -> list[TextEdit]:
    """The changes that put `# noqa` with their codes on the lines of diagnostics."""
    wanted: dict[int, dict[str, None]] = {}
    for diagnostic in diagnostics:
        row = suppressions.row_for(diagnostic.start.row)
        wanted.setdefault(row, {})[diagnostic.code] = None
    changes = []
    for row, codes in sorted(wanted.items()):
        present = suppressions.at(row)
        if present and present.codes:
            changes.append(TextEdit(present.end, present.end, "".join(f", {c}" for c in codes)))
            continue
        line = source.line(row)
        at = source.line_starts[row - 1] + len(line.rstrip())
        comment = f"  # noqa: {', '.join(codes)}{f'  {reason}' if reason else ''}"
        changes.append(TextEdit(at, source.line_starts[row - 1] + len(line), comment))
    return changes
