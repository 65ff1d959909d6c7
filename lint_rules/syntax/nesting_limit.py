"""Code nested so deeply that libcst's parser would overflow the stack, or take all memory.

libcst parses by recursion in native code, where an overflow ends the process. Its stack grows with
the brackets around a place and with the operators before it (measured: 8 MB of stack hold some
1,500 brackets or 3,000 operators), its time and memory with the square of both.
"""

from __future__ import annotations

import re

BRACKET = 5
"""What a bracket counts, in operators: it takes some two of stack, and five of memory."""

DEEPEST = 1_000
"""Operators and brackets that may be open at one place: 200 brackets, as many as Python's own
tokenizer takes."""

MOST_BRACKETS = 60_000
"""Each takes some 20 KB at the usual depth."""

MOST_STRINGS = 3_000
"""String literals in a row. libcst fails at some 4,000."""

MOST_INDENTS = 100
"""Blocks inside blocks, as many as Python's own tokenizer takes."""

USUAL = 40
"""Depths up to this one cost nothing: most code never gets there."""

MOST_WORK = 500_000
"""The sum of all depths beyond the usual one in a file: some hundred megabytes."""

_TOKEN = re.compile(
    r"""
    (?P<link>\.|\*\*|//|<<|>>|[<>=!]=|->|[-+*/%@&|^~<>]
        |\b(?:not|and|or|if|else|for|in|is|await|yield|from)\b)
    |(?P<close>[)\]}])
    |(?P<open>[(\[{])
    |(?P<comma>,)
    |(?P<end>[\r\n]\s*|;)
    |(?P<string>(?i:\b[rbuft]{1,2})?(?:\"{3}|'{3}|[\"']))
    |(?P<colon>:=?)
    |(?P<lambda>\blambda\b)
    |(?P<space>\#[^\r\n]*|\\\r?\n|\\\r)
    """,
    re.VERBOSE,
)
_LINK, _CLOSE, _OPEN, _COMMA, _END, _STRING, _COLON, _LAMBDA, _SPACE = range(1, 10)
_WORD = re.compile(r"\b(?:not|and|or|if|else|for|in|is|await|yield|from|lambda)\b")
_ENDS = {
    quote: re.compile(
        rf"\\.|(?P<end>{quote})" + ("" if len(quote) == 3 else "|(?P<cut>[\r\n])"), re.DOTALL
    )
    for quote in ('"""', "'''", '"', "'")
}
_TEXTS = {
    quote: re.compile(rf"\\[^{{}}]|{{{{|(?P<field>{{)|{end.pattern.partition('|')[2]}", re.DOTALL)
    for quote, end in _ENDS.items()
}
"""What ends the text of an f-string: a replacement field, or the string."""
_SPECS = {
    quote: re.compile(
        rf"\\[^{{}}]|(?P<field>{{)|(?P<close>}})|{end.pattern.partition('|')[2]}", re.DOTALL
    )
    for quote, end in _ENDS.items()
}
"""The same for a field's format, which the field's own end ends, too."""


def is_too_deep(text: str) -> bool:
    """Whether a text nests more deeply than the parser can bear. Takes linear time."""
    if _is_small(text):
        return False
    found = Nesting(text)
    return (
        found.depth > DEEPEST
        or found.work > MOST_WORK
        or found.brackets > MOST_BRACKETS
        or found.strings > MOST_STRINGS
        or found.indents > MOST_INDENTS
    )


def _is_small(text: str) -> bool:
    """Whether a text has too few operators and brackets to nest deeply, as most files have."""
    brackets = sum(map(text.count, "([{"))
    # A bracket's end counts, too.
    known = brackets * (BRACKET + 1) + sum(map(text.count, "-+*/%@&|^~.<>=:"))
    return (
        known <= DEEPEST
        and sum(map(text.count, "\"'")) <= MOST_STRINGS
        and text.count("\n") + text.count("\r") <= DEEPEST
        and known + sum(1 for _ in _WORD.finditer(text)) <= DEEPEST
        and len(text) < MOST_INDENTS * MOST_INDENTS // 2
    )


class _Level:
    """An open bracket, or the top of the file.

    Attributes:
        start: the depth at which each of its items starts.
        quote: of an f-string's replacement field, the string's quote; else empty.
        lambdas: how many lambdas wait for their colon, before which a comma ends no item.
        row: of a replacement field, how many strings stand in a row up to its own.
        is_format: whether the scanner is in the field's format.
    """

    __slots__ = ("is_format", "lambdas", "quote", "row", "start")

    def __init__(self, start: int, quote: str = "", row: int = 0) -> None:
        self.start = start
        self.quote = quote
        self.row = row
        self.lambdas = 0
        self.is_format = False


class Nesting:
    """How deeply a text nests, found in one pass over it.

    Attributes:
        depth: the most operators and brackets that are open at one place.
        work: the sum of the depths beyond the usual one.
        brackets: how many brackets are opened.
        strings: the most string literals in a row.
        indents: the most blocks inside each other.
    """

    def __init__(self, text: str) -> None:
        self.depth = self.work = self.brackets = self.strings = self.indents = 0
        self._text = text
        self._at = 0
        self._depth = 0
        self._row = 0
        self._levels = [_Level(0)]
        self._blocks = [0]
        self._scan()

    def _scan(self) -> None:
        text, search, levels = self._text, _TOKEN.search, self._levels
        while (token := search(text, self._at)) is not None:
            self._at = token.end()
            kind = token.lastindex
            if kind == _SPACE or (kind == _END and len(levels) > 1):
                continue
            if kind != _STRING:
                self._row = 0
            if kind == _LINK:
                self._add(1)
            elif kind == _CLOSE:
                self._close(token[0])
            elif kind == _OPEN:
                self._open()
            elif kind == _COMMA:
                if not levels[-1].lambdas:
                    self._depth = levels[-1].start
            elif kind == _END:
                self._end(token[0])
            elif kind == _STRING:
                self._row += 1
                self.strings = max(self.strings, self._row)
                self._string(token[0])
            elif kind == _COLON:
                self._colon(token.start() + 1)
            else:
                levels[-1].lambdas += 1
                self._add(1)

    def _add(self, depth: int) -> None:
        self._depth = found = self._depth + depth
        if found > self.depth:
            self.depth = found
        if found > USUAL:
            self.work += found - USUAL

    def _end(self, space: str) -> None:
        """The end of a statement, mostly that of its line."""
        self._depth = self._levels[0].lambdas = 0
        if space != ";":
            indent = space[max(space.rfind("\n"), space.rfind("\r")) + 1 :]
            width = len(indent.expandtabs()) if "\t" in indent else len(indent)
            while self._blocks[-1] > width:
                del self._blocks[-1]
            if width > self._blocks[-1]:
                self._blocks.append(width)
                self.indents = max(self.indents, len(self._blocks) - 1)

    def _open(self, quote: str = "", row: int = 0) -> None:
        self.brackets += 1
        self._add(BRACKET)
        self._levels.append(_Level(self._depth, quote, row))

    def _close(self, bracket: str) -> None:
        if len(self._levels) == 1:
            return
        level = self._levels.pop()
        self._depth = level.start - BRACKET
        if level.quote and bracket == "}":
            self._row = level.row
            self._string_text(level.quote)
        else:
            # Calls in a row (`f()()()`) nest too.
            self._add(1)

    def _string(self, start: str) -> None:
        prefix = start.rstrip("\"'")
        quote = start[len(prefix) :]
        if prefix and not {"f", "F", "t", "T"}.isdisjoint(prefix):
            self._string_text(quote)
            return
        for found in _ENDS[quote].finditer(self._text, self._at):
            self._at = found.end()
            if found.lastgroup:
                return
        self._at = len(self._text)

    def _string_text(self, quote: str) -> None:
        """Goes on in the text, or in the format of a field, of an f-string."""
        while True:
            level = self._levels[-1]
            pattern = (_SPECS if level.is_format else _TEXTS)[quote]
            found = next((f for f in pattern.finditer(self._text, self._at) if f.lastgroup), None)
            self._at = found.end() if found else len(self._text)
            if found and found.lastgroup == "field":
                self._open(quote, self._row)
                self._row = 0
                return
            if not level.is_format:
                return
            del self._levels[-1]
            self._depth, self._row = level.start - BRACKET, level.row
            if not found or found.lastgroup != "close":
                return

    def _colon(self, after: int) -> None:
        level = self._levels[-1]
        if level.lambdas:
            level.lambdas -= 1
        elif level.quote:
            level.is_format = True
            self._at = after
            self._string_text(level.quote)
