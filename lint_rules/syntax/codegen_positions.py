"""Writing out libcst's trees, and noting where their nodes come to stand."""

from __future__ import annotations

import re
from bisect import bisect_left
from contextlib import AbstractContextManager
from itertools import accumulate
from typing import TypeAlias

import libcst as cst
from libcst._nodes.internal import CodegenState

Span: TypeAlias = tuple[int, int]
"""Start and end, in characters from the start of the text."""


class Written:
    """A piece of a tree, written out.

    Args:
        state: what was noted on the way.
        starts: where each token starts in the text, and the last one ends.
        ends: where each token that ends before one of these ends.

    Attributes:
        comments: its comments, in order.
        strings: its strings, in order.
    """

    def __init__(self, state: _Recorder, starts: list[int], ends: list[int]) -> None:
        self.comments = state.comments
        self.strings = state.strings
        self._tokens = state.spans
        self._starts = starts
        self._ends = ends

    def span(self, node: cst.CSTNode) -> Span | None:
        """Where one of its nodes stands, `None` where it holds no such node."""
        tokens = self._tokens.get(id(node))
        if tokens is None:
            return None
        # A newline that the text does not end with was written, and taken away again.
        last = len(self._starts) - 1
        start = self._starts[min(tokens[0], last)]
        return start, max(start, self._ends[min(tokens[1], last)])


def whole(tree: cst.Module, text: str) -> Written:
    """A whole file.

    Args:
        tree: libcst's tree of the text.
        text: the text.
    """
    state = _Recorder(tree)
    tree._codegen(state)
    starts = ends = [0, *accumulate(map(len, state.tokens))]
    written = "".join(state.tokens)
    if written != text:
        kept = _kept(written, text)
        offsets = starts
        starts = [kept[offset] for offset in offsets]
        ends = [kept[offset - 1] + 1 if offset else 0 for offset in offsets]
    return Written(state, starts, ends)


def header(
    tree: cst.Module, statement: cst.CSTNode, outer: cst.CSTNode | None, text: str, start: int
) -> Written | None:
    """A simple statement, or a compound one up to its first block.

    Args:
        tree: the tree of its file.
        statement: the statement.
        outer: the statement around it.
        text: the text of its file.
        start: where it begins in that, after its decorators.

    Returns:
        `None` where libcst writes it in another way than it stands in the text.
    """
    block = statement.cases[0] if isinstance(statement, cst.Match) else None
    state = _Recorder(tree, until=getattr(statement, "body", block))
    state.increase_indent(text[text.rfind("\n", 0, start) + 1 : start])
    try:
        if isinstance(outer, cst.If) and outer.orelse is statement:
            statement._codegen(state, is_elif=True)
        else:
            statement._codegen(state)
    except _Enough:
        pass
    offsets = [0, *accumulate(map(len, state.tokens))]
    shift = start - offsets[state.spans[id(statement)][0]]
    if shift < 0 or not text.startswith("".join(state.tokens), shift):
        return None
    places = [offset + shift for offset in offsets]
    return Written(state, places, places)


_LAYOUT = frozenset("\f\\\r\n\t ")


def _kept(written: str, text: str) -> list[int]:
    """Where each character that libcst writes stands in the text, and where the text ends.

    Before a statement it leaves out form feeds and lines with nothing but a backslash, or writes
    layout that an earlier line had; at the end of a file it leaves out a carriage return, and some
    comments. All else is there in both, in the same order.
    """
    inked = [offset for offset, character in enumerate(text) if character not in _LAYOUT]
    inked.append(len(text))
    offsets = []
    at = nth = 0
    for position, character in enumerate(written):
        if character in _LAYOUT:
            offsets.append(min(at, inked[nth]))
            at += 1
        else:
            if character == "#":
                comment = _rest_of_line(written, position)
                while (
                    text[inked[nth] : inked[nth] + 1] == "#"
                    and _rest_of_line(text, inked[nth]) != comment
                ):
                    nth = bisect_left(inked, inked[nth] + len(_rest_of_line(text, inked[nth])))
            offsets.append(inked[nth])
            at = inked[nth] + 1
            nth = min(nth + 1, len(inked) - 1)
    return [*offsets, len(text)]


_LINE = re.compile(r"[^\r\n]*")


def _rest_of_line(text: str, start: int) -> str:
    found = _LINE.match(text, start)
    return found.group().rstrip() if found else ""


_STRINGS = frozenset((cst.SimpleString, cst.FormattedString, cst.TemplatedString))


class _Enough(Exception):
    """What comes next need not be written."""


class _Recorder(CodegenState):
    """Notes at which token each node starts and ends.

    Args:
        tree: the tree that is written.
        until: the node before which to stop, by raising `_Enough`.
    """

    def __init__(self, tree: cst.Module, until: cst.CSTNode | None = None) -> None:
        super().__init__(tree.default_indent, tree.default_newline)
        self.spans: dict[int, tuple[int, int]] = {}
        self.comments: list[cst.Comment] = []
        self.strings: list[cst.BaseString] = []
        self._until = until
        self._starts: list[int] = []

    def before_codegen(self, node: cst.CSTNode) -> None:
        if node is self._until:
            raise _Enough
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
        if self._end_node is not None and id(self._end_node) in spans:
            end = spans[id(self._end_node)][1]
        spans[id(self._node)] = start, end
