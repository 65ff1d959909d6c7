"""The error that ends a run."""

from __future__ import annotations

from collections.abc import Iterable


class CannotRun(Exception):
    """What keeps a command from running; the message says where, what, and what to do.

    Args:
        message: the sentences.
        entries: what the message is about, listed below it.
    """

    def __init__(self, message: str, entries: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.entries = tuple(entries)
