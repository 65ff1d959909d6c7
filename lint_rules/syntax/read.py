"""Reads a file's model."""

from __future__ import annotations

import re
import warnings

import libcst as cst

from lint_rules.analysis.imports import ImportResolver
from lint_rules.model.module import Module
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.lowering import Converter
from lint_rules.syntax.nesting_limit import is_too_deep
from lint_rules.syntax.positions import Positions

LARGEST = 1_000_000
"""Characters. libcst takes about a gigabyte of memory for a million."""


def read(text: str, resolver: ImportResolver) -> tuple[Module, Positions]:
    """The model of a file, and where the things in it stand.

    Args:
        text: the file's text, without a byte order mark.
        resolver: finds what the file imports.

    Raises:
        CannotRead: the text has a syntax error, or is too long or nested too deeply to read.
    """
    if len(text) > LARGEST:
        millions = len(text) / 1e6
        raise CannotRead(f"it has {millions:.1f} million characters, and 1.0 are the most")
    if is_too_deep(text):
        raise CannotRead("the code is nested too deeply to read")
    try:
        tree = cst.parse_module(text)
        converter = Converter(resolver.first_place)
        body = converter.body(tree.body)
    except (cst.ParserSyntaxError, cst.CSTValidationError) as error:
        raise _explained(text, error) from error
    except RecursionError as error:
        raise CannotRead("the code is nested too deeply to read") from error
    module = Module(body, converter.scope, converter.inside, resolver)
    return module, Positions(tree, converter.walk, text, resolver.first_place)


def _explained(text: str, error: cst.ParserSyntaxError | cst.CSTValidationError) -> CannotRead:
    """The error in Python's own words, which people know, where this Python rejects the text too;
    else in libcst's, without the list of tokens that it expected, and with whose it is."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
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
    told = f"{reason}; Python may read it, but libcst, which the linter reads with, does not"
    return CannotRead(told, error.raw_line, error.raw_column + 1)
