"""Where places are in the text.

libcst's nodes do not know their positions. Writing the tree out again tells them; that costs about
a third of reading it, so it is done once per file and only when a finding asks.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from itertools import accumulate

import libcst as cst
from libcst._nodes.internal import CodegenState

from lint_rules.model.code import Place


class Positions:
    """The offsets of places in a file's text, as libcst's `PositionProvider` defines them:
    without the whitespace, parentheses and decorators around a thing."""

    def __init__(
        self, tree: cst.Module, nodes: list[cst.CSTNode], text: str, first: Place = 0
    ) -> None:
        self._first = first
        self._tree = tree
        self._nodes = nodes
        self._text = text
        self._tokens: dict[int, tuple[int, int]] | None = None
        self._starts: list[int] = []
        self._ends: list[int] = []

    def hold(self, place: Place) -> bool:
        """Whether a place is in this file."""
        return 0 <= place - self._first < len(self._nodes)

    def span(self, place: Place) -> tuple[int, int]:
        """The start and end of a place, in characters from the start of the text."""
        return self._span(self._nodes[place - self._first])

    def comments(self) -> list[tuple[int, str]]:
        """The offset and text of every comment, in order."""
        self._recorded()
        return [(self._span(node)[0], node.value) for node in self._comments]

    def multiline_strings(self) -> list[tuple[int, int]]:
        """Start and end of the strings that span several lines."""
        self._recorded()
        spans = map(self._span, self._strings)
        return [(start, end) for start, end in spans if "\n" in self._text[start:end]]

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        start, end = self._recorded()[id(node)]
        return self._starts[start], max(self._starts[start], self._ends[end])

    def _recorded(self) -> dict[int, tuple[int, int]]:
        if self._tokens is None:
            state = _Recorder(self._tree.default_indent, self._tree.default_newline)
            self._tree._codegen(state)
            offsets = [0, *accumulate(map(len, state.tokens))]
            written = "".join(state.tokens)
            self._starts = self._ends = offsets
            if written != self._text:
                kept = _kept(written, self._text)
                self._starts = [kept[offset] for offset in offsets]
                self._ends = [kept[offset - 1] + 1 if offset else 0 for offset in offsets]
            self._tokens = state.spans
            self._comments = state.comments
            self._strings = state.strings
        return self._tokens


_LAYOUT = frozenset("\f\\\r\n\t ")


def _kept(written: str, text: str) -> list[int]:
    """Where each character that libcst writes stands in the text, and where the text ends.

    Before a statement it leaves out form feeds and lines with nothing but a backslash, or writes
    form feeds that an earlier line had; at the end it leaves out a carriage return.
    """
    offsets = []
    at = 0
    for character in written:
        found = at
        while text[found : found + 1] != character and text[found : found + 1] in _LAYOUT:
            found += 1
        if text[found : found + 1] == character:
            at = found
        elif character in _LAYOUT:
            offsets.append(min(at, len(text)))
            continue
        offsets.append(min(at, len(text)))
        at += 1
    return [*offsets, len(text)]


_STRINGS = frozenset((cst.SimpleString, cst.FormattedString, cst.TemplatedString))


class _Recorder(CodegenState):
    """Notes at which token each node starts and ends."""

    def __init__(self, default_indent: str, default_newline: str) -> None:
        super().__init__(default_indent, default_newline)
        self.spans: dict[int, tuple[int, int]] = {}
        self.comments: list[cst.Comment] = []
        self.strings: list[cst.BaseString] = []
        self._starts: list[int] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        # What a node says of its own syntax, without whitespace, was noted first.
        self.spans.setdefault(id(node), (start, len(self.tokens)))
        kind = type(node)
        if kind is cst.Comment:
            self.comments.append(node)  # type: ignore[arg-type]
        elif kind in _STRINGS:
            self.strings.append(node)  # type: ignore[arg-type]

    def record_syntactic_position(  # type: ignore[override]
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> AbstractContextManager[None]:
        return _Syntax(self, node, start_node, end_node)


class _Syntax:
    """Notes what a node says of its own syntax; a class, since a generator costs twice as much."""

    __slots__ = ("_end_node", "_node", "_recorder", "_start", "_start_node")

    def __init__(
        self,
        recorder: _Recorder,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self._recorder = recorder
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._start = len(self._recorder.tokens)

    def __exit__(self, *_: object) -> None:
        spans = self._recorder.spans
        start, end = self._start, len(self._recorder.tokens)
        if self._start_node is not None:
            start = spans[id(self._start_node)][0]
        if self._end_node is not None:
            end = spans[id(self._end_node)][1]
        spans[id(self._node)] = start, end
