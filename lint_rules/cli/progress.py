"""A progress bar on standard error, for long runs on a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TypeVar

Item = TypeVar("Item")

PATIENCE = 1.0
"""Seconds before the bar appears."""

_WIDTH = 30


def with_progress_bar(items: Sequence[Item]) -> Iterator[Item]:
    """The items, with a bar that shows how many of them were taken."""
    if not sys.stderr.isatty() or not items:
        yield from items
        return
    begun = shown = time.monotonic()
    drawn = False
    for done, item in enumerate(items):
        now = time.monotonic()
        if now - begun > PATIENCE and now - shown > 0.1:
            full = _WIDTH * done // len(items)
            bar = "█" * full + "░" * (_WIDTH - full)
            print(f"\r{bar} {done}/{len(items)} files", end="", file=sys.stderr, flush=True)
            shown, drawn = now, True
        yield item
    if drawn:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
