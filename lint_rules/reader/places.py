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
from lint_rules.reader.convert import Walk
from lint_rules.reader.spans import statement_spans
from lint_rules.reader.writing import Span, Spans, Written, header, whole


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
        self._headers: dict[int, Spans | None] = {}

    def hold(self, place: Place) -> bool:
        """Whether a place is in this file."""
        return 0 <= place - self._first < len(self._walk.nodes)

    def span(self, place: Place) -> Span:
        """The start and end of a place, in characters from the start of the text."""
        index = place - self._first
        node = self._walk.nodes[index]
        return self._near(index, node) or self._whole.spans[id(node)]

    def comments(self) -> list[tuple[int, str]]:
        """The offset and text of every comment, in order."""
        spans = self._whole.spans
        return [(spans[id(node)][0], node.value) for node in self._whole.comments]

    def multiline_strings(self) -> list[Span]:
        """Start and end of the strings that span several lines."""
        spans = (self._whole.spans[id(node)] for node in self._whole.strings)
        return [(start, end) for start, end in spans if "\n" in self._text[start:end]]

    @cached_property
    def _whole(self) -> Written:
        return whole(self._tree, self._text)

    @cached_property
    def _statements(self) -> list[Span]:
        spans = statement_spans(self._text)
        return spans if len(spans) == len(self._walk.statements) else []

    def _near(self, index: int, node: cst.CSTNode) -> Span | None:
        """Where a node stands in the statement around it, or in the header of one around that."""
        if "_whole" in self.__dict__ or not self._statements:
            return None
        number: int | None = bisect_right(self._walk.firsts, index) - 1
        while number is not None:
            statement, around = self._walk.statements[number]
            if node is statement:
                start, end = self._statements[number]
                # To Python a block ends after the semicolon of its last statement.
                return start, start + len(self._text[start:end].rstrip("; \t"))
            if number not in self._headers:
                self._headers[number] = self._header(number)
            spans = self._headers[number]
            if spans is None:
                return None
            if id(node) in spans:
                return spans[id(node)]
            number = around
        return None

    def _header(self, number: int) -> Spans | None:
        statement, around = self._walk.statements[number]
        outer = None if around is None else self._walk.statements[around][0]
        start, _ = self._statements[number]
        return header(self._tree, statement, outer, self._text, start)
