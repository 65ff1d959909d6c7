"""Reads the model of a file.

Two parsers read each file that is checked: libcst, whose tree decides what the file holds, and
Python's own `ast`, which knows where things stand at a tenth of the cost. Both trees are lowered
to a model, and the two models must be the same. Where they differ, or this Python is older than
the file's syntax, libcst tells the positions too.

A file that is only read for what it defines, such as a module that a flow imports from, is read by
`ast` alone, if it can.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lint_rules.model.code import Constant, Descendants, FormattedValue, Name, Node, Statement
from lint_rules.model.scope import Scope
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.from_ast import FromAst
from lint_rules.syntax.from_ast_expressions import CannotLower
from lint_rules.syntax.nesting_limit import is_too_deep
from lint_rules.syntax.text import Text

if TYPE_CHECKING:
    import libcst as cst

    from lint_rules.syntax.from_libcst import FromLibcst

LARGEST = 1_000_000
"""Characters. libcst takes about a gigabyte of memory for a million."""

_TELLS_STRINGS = sys.version_info >= (3, 12)
"""Whether `ast` tells where things stand in f-strings."""


class ParsedModule(NamedTuple):
    """What a file's text says: all of its model but for what other files say."""

    body: tuple[Statement, ...]
    scope: Scope
    descendants: Descendants


def read(text: str, file: Path | None, looked_up: ParsedModule | None = None) -> ParsedModule:
    """The model of a file that is checked.

    Args:
        text: the file's text, without a byte order mark.
        file: the file's real path, `None` for text that comes from no file.
        looked_up: what `look_up` gave for the text, which is given back if libcst agrees.

    Raises:
        CannotRead: the text has a syntax error, or is too long or nested too deeply to read.
    """
    if len(text) > LARGEST:
        millions = len(text) / 1e6
        raise CannotRead(f"it has {millions:.1f} million characters, and 1.0 are the most")
    if is_too_deep(text):
        raise CannotRead("the code is nested too deeply to read")
    # Strings with invalid escapes make Python warn.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return _read_twice(text, file, looked_up)


def look_up(text: str, file: Path | None) -> ParsedModule:
    """The model of a file that is only read for what it defines. As `read`, in a tenth of the time.

    Raises:
        CannotRead: neither `ast` nor libcst can read the text.
    """
    if len(text) <= LARGEST:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            known = read_with_ast(text, file)
        if known is not None and (_TELLS_STRINGS or _names_stand_there(known[1].made, text)):
            return known[0]
    return read(text, file)


def read_with_ast(text: str, file: Path | None) -> tuple[ParsedModule, FromAst] | None:
    """The model that `ast` gives, with what made it; `None` if it cannot read the text."""
    lowered = FromAst(Text(text), file)
    try:
        body = lowered.body(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError, CannotLower):
        return None
    return ParsedModule(body, lowered.scope, lowered.descendants), lowered


def read_with_libcst(text: str, file: Path | None) -> tuple[ParsedModule, FromLibcst, cst.Module]:
    """The model that libcst gives, with what made it. Its nodes have no ranges yet.

    Raises:
        CannotRead: libcst cannot read the text.
    """
    import libcst as cst

    from lint_rules.syntax.from_libcst import FromLibcst

    lowered = FromLibcst(file)
    try:
        tree = cst.parse_module(text)
        body = lowered.body(tree.body)
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        raise _explained(text, error) from error
    except RecursionError as error:
        raise CannotRead("the code is nested too deeply to read") from error
    return ParsedModule(body, lowered.scope, lowered.descendants), lowered, tree


def _read_twice(text: str, file: Path | None, looked_up: ParsedModule | None) -> ParsedModule:
    module, lowered, tree = read_with_libcst(text, file)
    known = read_with_ast(text, file)

    from lint_rules.syntax import libcst_ranges

    if known is not None and _agree(known[1].made, lowered.made):
        if looked_up is not None:
            return looked_up
        if not _TELLS_STRINGS:
            libcst_ranges.fill_in_strings(lowered, tree, known[1].made, known[1].text)
        return known[0]
    libcst_ranges.fill_in(lowered, tree, text)
    return module


def _agree(one: Sequence[Node], other: Sequence[Node]) -> bool:
    """Whether two models of a text have the same nodes, with the same names and values."""
    if [*map(type, one)] != [*map(type, other)]:
        return False
    return [*map(_spelling, one)] == [*map(_spelling, other)]


def _spelling(node: Node) -> object:
    """What a node says that its kind does not."""
    kind = type(node)
    if kind is Name:
        return node.name  # type: ignore[attr-defined]
    return repr(node.value) if kind is Constant else None  # type: ignore[attr-defined]


def _names_stand_there(made: Sequence[Node], text: str) -> bool:
    """Whether the names in f-strings stand where `ast` says."""
    return all(
        text[name.start : name.end] == name.name
        for value in made
        if type(value) is FormattedValue
        for name in value.walk()
        if type(name) is Name
    )


def _explained(text: str, error: cst.ParserSyntaxError | cst.CSTValidationError) -> CannotRead:
    """The error in Python's own words, which people know, where this Python rejects the text too;
    else in libcst's, without the list of tokens that it expected, and with whose it is."""
    import libcst as cst

    try:
        compile(text, "flow.py", "exec", dont_inherit=True)
    except SyntaxError as known:
        return CannotRead(known.msg, known.lineno or 1, known.offset or 1)
    except (ValueError, RecursionError, MemoryError):
        pass
    if isinstance(error, cst.CSTValidationError):
        return CannotRead(str(error).partition("\n")[0].rstrip("."))
    reason = re.sub(
        r"^((parser|tokenizer) error: )?(error at \d+:\d+: )?", "", error.message.partition("\n")[0]
    )
    reason = "unexpected code" if reason.startswith("expected ") else reason.rstrip(".")
    message = f"{reason}; Python may read it, but libcst, which the linter reads with, does not"
    return CannotRead(message, error.raw_line, error.raw_column + 1)
