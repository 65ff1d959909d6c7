"""Where the comments of a file stand, and the strings that span several lines."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from typing import NamedTuple

from lint_rules.model.code import Range
from lint_rules.syntax.text import Text

_LINE_END = re.compile(r"\r\n?")


class Comments(NamedTuple):
    """What suppressions are read from.

    Attributes:
        comments: the offset and text of each comment, in order.
        multiline_strings: the strings that span several lines.
    """

    comments: list[tuple[int, str]]
    multiline_strings: list[Range]


def comments_of(text: str) -> Comments:
    """The comments of a text that libcst can read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # An older tokenizer may accept a newer syntax, and take it for something else.
            ast.parse(text)
        return by_tokenize(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError, tokenize.TokenError):
        return by_libcst(text)


def by_tokenize(text: str) -> Comments:
    """The comments of a text that this Python can read."""
    offsets = Text(text)
    comments: list[tuple[int, str]] = []
    strings: list[Range] = []
    starts: list[int] = []
    lines = io.StringIO(_LINE_END.sub("\n", text))
    for token in tokenize.generate_tokens(lines.readline):
        start, end = offsets.offset(*token.start), offsets.offset(*token.end)
        kind = tokenize.tok_name[token.type]
        if kind == "COMMENT":
            comments.append((start, token.string))
        elif kind == "STRING":
            strings.append(Range(start, end))
        elif kind.endswith("STRING_START"):
            starts.append(start)
        elif kind.endswith("STRING_END"):
            strings.append(Range(starts.pop(), end))
    return _found(text, comments, strings)


def by_libcst(text: str) -> Comments:
    """The comments of a text in whatever syntax libcst knows."""
    import libcst as cst
    from libcst.metadata import MetadataWrapper, PositionProvider

    tree = cst.parse_module(text)
    offsets = Text(text)
    comments: list[tuple[int, str]] = []
    strings: list[Range] = []
    for node, where in (
        MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider).items()
    ):
        start = offsets.offset(where.start.line, where.start.column)
        if isinstance(node, cst.Comment):
            comments.append((start, node.value))
        elif isinstance(node, cst.SimpleString | cst.FormattedString | cst.TemplatedString):
            strings.append(Range(start, offsets.offset(where.end.line, where.end.column)))
    return _found(text, _placed(text, comments), sorted(strings))


def _placed(text: str, comments: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The comments where they stand.

    libcst counts wrongly below a block, after an empty line with blanks: it places the comments
    there too far up. These have lines of their own.
    """
    placed: list[tuple[int, str]] = []
    end = 0
    for start, comment in comments:
        if not text.startswith(comment, start):
            own_line = rf"(?<![^\r\n])[ \t\f]*({re.escape(comment)})(?![^\r\n])"
            found = re.compile(own_line).search(text, end)
            start = found.start(1) if found else start
        placed.append((start, comment))
        end = start + len(comment)
    return placed


def _found(text: str, comments: list[tuple[int, str]], strings: list[Range]) -> Comments:
    return Comments(comments, [one for one in strings if "\n" in text[one.start : one.end]])
