"""From libcst's strings to the model's: plain strings, f-strings and t-strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import libcst as cst

from lint_rules.model.code import Constant, Expression, FormattedValue, JoinedStr, TemplateStr
from lint_rules.syntax.builder import At, Builder, joined

_PLAIN = re.compile(r"""(?P<quote>\"""|'''|"|')(?P<text>[^"'\\\r]*)(?P=quote)""")
"""Most strings; to evaluate one takes Python twenty times as long."""

_INTERPOLATIONS = (cst.FormattedStringExpression, cst.TemplatedStringExpression)


class StringsFromLibcst(Builder):
    """Lowers strings, and numbers the nodes of libcst's.

    libcst's nodes do not know where they stand. Until `lint_rules.syntax.libcst_ranges` fills
    them in, `start` and `end` of what is made here are numbers of `origins`.

    Attributes:
        origins: the nodes of libcst's whose ranges are asked for.
        strings: the outermost f-strings, which are made right after what is in them: the pieces
            of each, and between which numbers of `made` lies what is in that.
    """

    def __init__(self, file: Path | None) -> None:
        super().__init__(file)
        self.origins: list[cst.CSTNode] = []
        self.strings: list[list[tuple[cst.CSTNode, int, int]]] = []
        self._is_in_string = False

    def at(self, node: cst.CSTNode) -> At:
        """The number of a node."""
        number = len(self.origins)
        self.origins.append(node)
        return self.file, number, number

    def constant(self, node: Any) -> Expression:
        return self.constant_of(self.at(node), _value(node.value))

    def concatenated(self, node: cst.ConcatenatedString) -> Expression:
        pieces: list[Any] = []
        rest: Any = node
        while isinstance(rest, cst.ConcatenatedString):
            pieces.append(rest.left)
            rest = rest.right
        pieces.append(rest)
        if all(isinstance(piece, cst.SimpleString) for piece in pieces):
            # A newline between the pieces is harmless inside parentheses.
            value = _value(" ".join(piece.value for piece in pieces))
            return self.make(Constant(*self.at(node), value))
        return self.joined_strings(node, pieces)

    def joined_string(self, node: cst.FormattedString | cst.TemplatedString) -> Expression:
        return self.joined_strings(node, [node])

    def joined_strings(self, node: Any, pieces: Sequence[Any]) -> Expression:
        """An f-string in pieces, some of which may be plain strings."""
        is_outermost = not self._is_in_string
        self._is_in_string = True
        made_in: list[tuple[cst.CSTNode, int, int]] = []
        values: list[str | FormattedValue] = []
        for piece in pieces:
            first = len(self.made)
            if isinstance(piece, cst.SimpleString):
                values.append(str(_value(piece.value)))
            else:
                is_raw = "r" in piece.start.rstrip("\"'").lower()
                values += self.string_parts(piece.parts, "" if is_raw else piece.end)
            made_in.append((piece, first, len(self.made)))
        is_template = any(isinstance(piece, cst.TemplatedString) for piece in pieces)
        kind = TemplateStr if is_template else JoinedStr
        made = kind(*self.at(node), joined(values))
        if is_outermost:
            self._is_in_string = False
            self.strings.append(made_in)
        return self.make(made)

    def string_parts(self, parts: Sequence[Any], quote: str) -> list[str | FormattedValue]:
        """The parts of an f-string; `quote` is empty for a raw one."""
        values: list[str | FormattedValue] = []
        for part in parts:
            if not isinstance(part, _INTERPOLATIONS):
                values.append(_unescaped(part.value, quote))
                continue
            if part.equal is not None:
                values.append(_written(part))
            value = self.expression(part.expression)
            spec, conversion = None, part.conversion or ""
            if part.format_spec is not None:
                inner = joined(self.string_parts(part.format_spec, quote))
                spec = self.make(JoinedStr(self.file, value.start, value.end, inner))
            elif part.equal is not None and not conversion:
                conversion = "r"
            made = FormattedValue(self.file, value.start, value.end, value, conversion, spec)
            values.append(self.make(made))
        return values


def _value(source: str) -> object:
    """The value of a number or a string; of a number that Python refuses, how it is written."""
    plain = _PLAIN.fullmatch(source)
    if plain:
        return plain["text"]
    try:
        return ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return source


def _unescaped(text: str, quote: str) -> str:
    """A text of an f-string as it comes out."""
    text = text.replace("{{", "{").replace("}}", "}")
    if "\\" in text and quote:
        # The space keeps a quote or backslash at its end apart from the quote.
        return str(_value(f"{quote}{text} {quote}"))[:-1]
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _written(node: Any) -> str:
    """`x = ` of `{x = }`, which comes out as it is written."""
    empty = cst.Module([])
    parts = (
        node.whitespace_before_expression,
        node.expression,
        node.equal.whitespace_before,
        cst.Name("_"),
        node.equal.whitespace_after,
    )
    before, expression, left, _, right = [empty.code_for_node(part) for part in parts]
    return f"{before}{expression}{left}={right}"
