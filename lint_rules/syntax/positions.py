"""Where places are in the text.

libcst's nodes do not know their positions. Writing the tree out again tells them, and takes about
a third of the time of reading it. So it is done only when a finding asks, and only with the
statement that is asked about, whose position Python's own parser tells at a tenth of the cost.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property

import libcst as cst

from lint_rules.model.code import Place
from lint_rules.syntax.codegen_positions import Span, Written, header, whole
from lint_rules.syntax.lowering_expressions import Walk
from lint_rules.syntax.statement_ranges import Statements


class Positions:
    """The offsets of places in a file's text, as libcst's `PositionProvider` defines them:
    without the whitespace, parentheses and decorators around a thing.

    Args:
        tree: libcst's tree of the text.
        walk: what the walk over it came by.
        text: the text.
        first: the file's first place.
    """

    def __init__(self, tree: cst.Module, walk: Walk, text: str, first: Place = 0) -> None:
        self._tree = tree
        self._walk = walk
        self._text = text
        self._first = first
        self._headers: dict[int, Written | None] = {}

    def hold(self, place: Place) -> bool:
        """Whether a place is in this file."""
        return 0 <= place - self._first < len(self._walk.nodes)

    def span(self, place: Place) -> Span:
        """The start and end of a place, in characters from the start of the text."""
        index = place - self._first
        node = self._walk.nodes[index]
        return self._near(index, node) or self._in_whole(node)

    def comments(self) -> list[tuple[int, str]]:
        """The offset and text of every comment, in order."""
        return [(self._in_whole(node)[0], node.value) for node in self._whole.comments]

    def multiline_strings(self) -> list[Span]:
        """Start and end of the strings that span several lines."""
        spans = map(self._in_whole, self._whole.strings)
        return [(start, end) for start, end in spans if "\n" in self._text[start:end]]

    def _in_whole(self, node: cst.CSTNode) -> Span:
        span = self._whole.span(node)
        if span is None:
            raise LookupError(node)
        return span

    @cached_property
    def _whole(self) -> Written:
        return whole(self._tree, self._text)

    @cached_property
    def _statements(self) -> Statements | None:
        statements = Statements(self._text)
        return statements if len(statements) == len(self._walk.statements) else None

    def _near(self, index: int, node: cst.CSTNode) -> Span | None:
        """Where a node stands in the statement around it, or in the header of one around that."""
        statements = self._statements
        if statements is None or "_whole" in self.__dict__:
            return None
        number: int | None = bisect_right(self._walk.firsts, index) - 1
        while number is not None:
            statement, around = self._walk.statements[number]
            if node is statement:
                start, end = statements.span(number)
                # To Python a block ends after the semicolon of its last statement.
                return start, start + len(self._text[start:end].rstrip("; \t"))
            if number not in self._headers:
                outer = None if around is None else self._walk.statements[around][0]
                start, _ = statements.span(number)
                known = header(self._tree, statement, outer, self._text, start)
                self._headers[number] = known
            written = self._headers[number]
            if written is None:
                return None
            span = written.span(node)
            if span is not None:
                return span
            number = around
        return None
