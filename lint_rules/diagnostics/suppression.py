"""`# noqa`: findings that the author of a line has looked at and wants left alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety, TextEdit
from lint_rules.diagnostics.noqa_comment import OWN_TOOL, NoqaComment, read_comment
from lint_rules.workspace.source import Source

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

    def suppress(self, code: str, renamed: Mapping[str, str]) -> bool:
        """Whether the directive speaks of a rule, by one of its codes; it notes which."""
        naming = {name for name in self.names if code in (name, renamed.get(name))}
        self.used |= naming
        return bool(naming) or not self.codes


class Suppressions:
    """The directives of a file.

    Args:
        source: the file.
        comments: offset and text of its comments.
        strings: start and end of its strings that span several lines.
        renamed: the codes of rules by the codes that they had.

    Attributes:
        warnings: a sentence for each comment that looks like a directive and is none, or names a
            code that has changed.
    """

    def __init__(
        self,
        source: Source,
        comments: list[tuple[int, str]],
        strings: Iterable[tuple[int, int]],
        renamed: Mapping[str, str] | None = None,
    ) -> None:
        self._source = source
        self._renamed = renamed or {}
        self._lines: dict[int, Directive] = {}
        self._whole_file: list[Directive] = []
        self._misspelled: dict[int, int] = {}
        self.warnings: list[str] = []
        for offset, text in comments:
            location = source.position(offset)
            row = location.row
            is_alone = not source.line(row)[: location.column - 1].strip()
            comment, misspelled = read_comment(text, is_alone=is_alone)
            if misspelled is not None:
                self._misspelled[row] = offset + misspelled.start
                what = "suppresses nothing" if comment is None else "names rules without a colon"
                where = source.where(row)
                self.warnings.append(f"{where}: `{misspelled.text}` {what}: {misspelled.problem}.")
            if comment is None:
                continue
            directive = _directive(comment, offset)
            self.warnings += (
                f"{source.where(row)}: `# noqa`: `{name}` is now `{self._renamed[name]}`. "
                "Write the new code."
                for name in directive.names
                if name in self._renamed
            )
            if comment.tool is None:
                self._lines[row] = directive
            elif directive.codes or comment.tool == OWN_TOOL:
                # A blanket for other tools is none for this one.
                self._whole_file.append(directive)
        self._ends = _logical_ends(source, strings)

    def suppress(self, row: int, code: str) -> bool:
        """Whether a finding of a rule on a line is suppressed; the directive notes that it was."""
        line = self._lines.get(self.row_for(row)) or self._lines.get(row)
        for directive in (*self._whole_file, *([line] if line else [])):
            if directive.suppress(code, self._renamed):
                return True
        return False

    def row_for(self, row: int) -> int:
        """The line at whose end a comment speaks for a line: that where its string ends."""
        return self._ends.get(row, row)

    def at(self, row: int) -> Directive | None:
        """The directive on a line."""
        return self._lines.get(row)

    def misspelled_at(self, row: int) -> int | None:
        """The offset of a comment on a line that looks like a directive and is none."""
        return self._misspelled.get(row)

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
                and (
                    is_checked(self._renamed.get(code, code))
                    if is_known(code)
                    else _OWN_CODE.fullmatch(code)
                )
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


def _directive(comment: NoqaComment, offset: int) -> Directive:
    codes = tuple((offset + at, code) for at, code in comment.codes)
    return Directive(offset + comment.start, offset + comment.end, codes)


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
    changes: list[TextEdit] = []
    for row, codes in sorted(wanted.items()):
        line_start, line = source.line_starts[row - 1], source.line(row)
        present, misspelled = suppressions.at(row), suppressions.misspelled_at(row)
        if present and present.codes:
            more = "".join(f", {code}" for code in codes)
            changes += _extended(source, present, more, reason, line_start + len(line))
            continue
        comment = f"# noqa: {', '.join(codes)}{f'  {reason}' if reason else ''}"
        if misspelled is not None:
            # The first directive on a line is the one that holds.
            changes.append(TextEdit(misspelled, misspelled, f"{comment}  "))
            continue
        at = line_start + len(line.rstrip())
        changes.append(TextEdit(at, line_start + len(line), f"  {comment}"))
    return changes


def _extended(
    source: Source, present: Directive, more: str, reason: str, line_end: int
) -> Iterator[TextEdit]:
    """The changes that add codes to a directive, and a reason to the one that it may have."""
    end = present.end
    rest = source.text[end:line_end].partition("#")[0]
    known = rest.strip()
    if not reason or reason in known:
        yield TextEdit(end, end, more)
    elif not known:
        yield TextEdit(end, end, f"{more}  {reason}")
    else:
        yield TextEdit(end, end, more)
        behind = end + len(rest.rstrip())
        yield TextEdit(behind, behind, f"; {reason}")
