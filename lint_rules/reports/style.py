"""Colour on terminals."""

from __future__ import annotations

import os
from typing import TextIO

from lint_rules.settings.severity import Severity

_CODES = {"bold": "1", "red": "1;31", "blue": "1;34", "cyan": "36", "yellow": "1;33"}

COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "blue"}
"""The colour of the codes of findings, by their severity."""


class Style:
    """Wraps text in colours, or leaves it as it is.

    Args:
        coloured: whether colours are wanted.
    """

    def __init__(self, *, coloured: bool = False) -> None:
        self.coloured = coloured

    @classmethod
    def of(cls, stream: TextIO) -> Style:
        """Colour if the stream is a terminal and `NO_COLOR` is not set (https://no-color.org)."""
        forced = bool(os.environ.get("FORCE_COLOR"))
        wanted = forced or (stream.isatty() and os.environ.get("TERM") != "dumb")
        return cls(coloured=wanted and not os.environ.get("NO_COLOR"))

    def __call__(self, kind: str, text: str) -> str:
        """The text in the colour of its kind, a key of `_CODES`."""
        return f"\033[{_CODES[kind]}m{text}\033[0m" if self.coloured else text

    def link(self, url: str, text: str) -> str:
        """The text as a link (OSC 8), where there is colour and an address."""
        return f"\033]8;;{url}\033\\{text}\033]8;;\033\\" if self.coloured and url else text


def printable(text: str) -> str:
    """The text with what a reader of lines would obey made visible.

    Those are control characters, for terminals, all that ends a line, and, where GitHub Actions
    run the command, `::` at its start and `##[` anywhere, with which commands to the runner begin.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c == "\t" else repr(c)[1:-1] for c in text)
    if os.environ.get("GITHUB_ACTIONS"):
        text = text.replace("##[", "##\\x5b")
        if text.lstrip().startswith("::"):
            text = text.replace("::", "\\x3a:", 1)
    return text
