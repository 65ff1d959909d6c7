"""What was found out of a thing, kept as long as the thing itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


_MARK = "remembered "
"""How the keys of what was found out begin: no attribute does."""


def remembered(function: Callable[[T], R]) -> Callable[[T], R]:
    """Finds something out of a thing once, as `cached_property` does for a class's own."""
    key = f"{_MARK}{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once(thing: T) -> R:
        known = thing.__dict__
        if key not in known:
            known[key] = function(thing)
        value: R = known[key]
        return value

    return once


def forget(things: Iterable[object]) -> None:
    """Drops what was found out of some things. Whoever asks again finds it out again."""
    for thing in things:
        known = vars(thing)
        for key in [key for key in known if key.startswith(_MARK)]:
            del known[key]
