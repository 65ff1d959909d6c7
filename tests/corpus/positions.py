"""`python -m tests.corpus.positions [FOLDER…]`: places stand where libcst says they do.

Compares every place of every Python file below some folders (without any, of this environment's
packages) with libcst's `PositionProvider`, which takes another way to them than the reader does.
"""

from __future__ import annotations

import sys
import sysconfig
import time
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import libcst as cst
from libcst.metadata import CodePosition, CodeRange, MetadataWrapper, PositionProvider

from lint_rules.analysis.imports import ImportResolver
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.linter import decoded
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.lowering import Converter
from lint_rules.syntax.read import read
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace

_LAYOUT = frozenset("\f\\\r\n\t ")
_STRINGS = cst.SimpleString, cst.FormattedString, cst.TemplatedString


def misplaced(text: str) -> Iterator[str]:
    """The places, comments and strings of a text that are not where libcst has them, a line each;
    none for a text that cannot be read."""
    try:
        _, positions = read(text, ImportResolver())
    except CannotRead:
        return
    tree = cst.parse_module(text)
    converter = Converter()
    converter.body(tree.body)
    expected = _Expected(tree, text)
    for place, node in enumerate(converter.walk.nodes):
        if difference := expected.difference(node, *positions.span(place)):
            yield difference
    comments = positions.comments()
    wanted = expected.in_order(cst.Comment)
    if [value for _, value in comments] != [expected.code(node) for node in wanted]:
        yield "its comments are others"
    for (start, value), node in zip(comments, wanted, strict=False):
        if difference := expected.difference(node, start, start + len(value)):
            yield difference
    strings = sorted(positions.multiline_strings())
    spread = [node for node in expected.in_order(*_STRINGS) if "\n" in expected.code(node)]
    if len(strings) != len(spread):
        yield "its strings of several lines are others"
    for span, node in zip(strings, spread, strict=False):
        if difference := expected.difference(node, *span):
            yield difference


class _Expected:
    """What libcst's `PositionProvider` says of a tree's nodes.

    That counts in the text as libcst writes it, which in some odd layouts is not the one that it
    read: it drops and repeats form feeds, lone backslashes and the like. Such a text is compared by
    what is no layout, which both have.
    """

    def __init__(self, tree: cst.Module, text: str) -> None:
        ranges = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
        self._ranges: dict[cst.CSTNode, CodeRange] = dict(ranges)
        self._text = text
        self._written = Source(Path("-"), tree.code)
        self._is_kept = tree.code == text
        if not self._is_kept:
            self._inked_text = _inked_before(text)
            self._inked_written = _inked_before(tree.code)

    def in_order(self, *kinds: type[cst.CSTNode]) -> list[cst.CSTNode]:
        """The nodes of some kinds, in the order of the text."""
        return sorted((node for node in self._ranges if isinstance(node, kinds)), key=self._span)

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        span = self._ranges[node]
        start = self._offset(span.start)
        return start, max(start, self._offset(span.end))

    def _offset(self, position: CodePosition) -> int:
        # At the end libcst counts a newline that is not there.
        starts, end = self._written.line_starts, len(self._written.text)
        row = position.line - 1
        return min(starts[row] + position.column, end) if row < len(starts) else end

    def code(self, node: cst.CSTNode) -> str:
        """A node as libcst writes it, without what stands around it."""
        start, end = self._span(node)
        return self._written.text[start:end]

    def difference(self, node: cst.CSTNode, start: int, end: int) -> str | None:
        """A sentence where a node is not from `start` to `end`."""
        first, last = self._span(node)
        code, found = self.code(node), self._text[start:end]
        if self._is_kept:
            is_right = (start, end) == (first, last)
        else:
            is_right = (
                self._is_same(start, first)
                and self._is_same(end, last)
                and (code[:1] in _LAYOUT or code[:1] == found[:1])
                and (code[-1:] in _LAYOUT or code[-1:] == found[-1:])
            )
        row = bisect_right(self._written.line_starts, first)
        return (
            None if is_right else f"row {row}: the {type(node).__name__} {code!r} is not {found!r}"
        )

    def _is_same(self, offset: int, written: int) -> bool:
        """Whether as much stands before both, or behind both where libcst lost a comment."""
        ours, theirs = self._inked_text, self._inked_written
        return ours[offset] == theirs[written] or (
            ours[-1] - ours[offset] == theirs[-1] - theirs[written]
        )


def _inked_before(text: str) -> list[int]:
    """How many characters before each offset are no layout."""
    return [0, *accumulate(character not in _LAYOUT for character in text)]


def main(folders: list[str]) -> int:
    """Prints what differs, and returns 1 if anything did."""
    files = sorted(
        file
        for folder in folders or [sysconfig.get_path("purelib")]
        for file in Path(folder).rglob("*.py")
        if file.is_file()
    )
    begun, wrong = time.monotonic(), 0
    for file in files:
        source = decoded(file, file.read_bytes(), Workspace().snapshot())
        if isinstance(source, Diagnostic):
            continue
        for difference in misplaced(source.text):
            print(f"{file}: {difference}", flush=True)
            wrong += 1
    print(f"{len(files)} files in {time.monotonic() - begun:.0f} s, {wrong} differences")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
