"""Which files this process opens, and which folders it lists, whoever does: rules of others too."""

from __future__ import annotations

import os
import sys

_EVENTS = frozenset({"open", "os.listdir", "os.scandir"})

_opened: set[str] | None = None


def watch() -> None:
    """Begins to note what is opened, from nothing."""
    global _opened
    if _opened is None:
        # A hook stays for as long as the process lives.
        sys.addaudithook(_note)
    _opened = set()


def opened() -> set[str]:
    """The absolute paths of all that was opened or listed since `watch`, and of what was not there
    when it was to be."""
    return set(_opened or ())


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _opened is not None and event in _EVENTS:
        path = arguments[0]
        if isinstance(path, str | bytes | os.PathLike):
            _opened.add(os.path.abspath(os.fsdecode(path)))
