"""Where the nodes of a model that was made from libcst's tree stand.

To ask libcst takes as long as to parse the text, so this is done only for what `ast` does not
tell: files that this Python cannot read, and f-strings before Python 3.12.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from lint_rules.model.code import Definition, MatchStar, Node, Range, TypeParameter
from lint_rules.syntax.from_libcst import FromLibcst
from lint_rules.syntax.text import Text


def fill_in(lowered: FromLibcst, tree: cst.Module, text: str) -> None:
    """Gives all nodes of a model their ranges.

    Args:
        lowered: what made the model.
        tree: the tree that it was made from.
        text: the text of that.
    """
    code = Text(tree.code)
    positions = _positions(tree)
    moved = _moved(code.text, text)

    def start(number: int) -> int:
        return moved[_range(positions, lowered.origins[number], code).start]

    def end(number: int) -> int:
        last = _range(positions, lowered.origins[number], code).end
        # A slice ends after the layout behind it.
        while last and code.text[last - 1] in _LAYOUT:
            last -= 1
        return moved[last - 1] + 1 if last else 0

    for node in lowered.made:
        if isinstance(node, Definition):
            node.name_start = start(node.name_start)
        node.start, node.end = start(node.start), end(node.end)
        if isinstance(node, MatchStar | TypeParameter):
            # To libcst the comma behind it is a part of it.
            while text[node.end - 1] in _LAYOUT or text[node.end - 1] == ",":
                node.end -= 1


def fill_in_strings(
    lowered: FromLibcst, tree: cst.Module, measured: Sequence[Node], text: Text
) -> None:
    """Gives the nodes in f-strings the ranges from libcst; those of the strings are from `ast`.

    Args:
        lowered: what made the model.
        tree: the tree that it was made from.
        measured: the nodes whose ranges are from `ast`, in the order of `lowered.made`.
        text: the text that both were made from.
    """
    pieces: list[Any] = [piece for string in lowered.strings for piece, _, _ in string]
    if not pieces:
        return
    lines = [cst.SimpleStatementLine([cst.Expr(piece)]) for piece in pieces]
    module = cst.Module(lines, default_newline=tree.default_newline)
    code = Text(module.code)
    positions = _positions(module)
    for string in lowered.strings:
        _, _, last = string[-1]
        at = measured[last].start
        for piece, first, end in string:
            written = _range(positions, piece, code)
            shift = at - written.start
            for number in range(first, end):
                node, numbered = measured[number], lowered.made[number]
                start = _range(positions, lowered.origins[numbered.start], code).start
                node.start = start + shift
                node.end = _range(positions, lowered.origins[numbered.end], code).end + shift
            at = text.after_layout(at + written.end - written.start)


def _positions(module: cst.Module) -> Mapping[cst.CSTNode, Any]:
    wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
    return wrapper.resolve(PositionProvider)


def _range(positions: Mapping[cst.CSTNode, Any], node: cst.CSTNode, code: Text) -> Range:
    found: CodeRange = positions[node]
    start, end = found.start, found.end
    return Range(code.offset(start.line, start.column), code.offset(end.line, end.column))


_LAYOUT = frozenset("\f\\\r\n\t ")


def _moved(written: str, text: str) -> Sequence[int]:
    """Where each character that libcst writes stands in the text, and where the text ends.

    Before a statement it leaves out form feeds and lines with nothing but a backslash, or writes
    layout that an earlier line had; at the end of a file it leaves out a carriage return, and some
    comments. All else is there in both, in the same order.
    """
    if written == text:
        return range(len(text) + 1)
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
