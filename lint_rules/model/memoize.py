"""What was found out of a thing, kept as long as the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def remembered(function: Callable[[T], R]) -> Callable[[T], R]:
    """Finds something out of a thing once, as `cached_property` does for a class's own."""
    key = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def once(thing: T) -> R:
        known = thing.__dict__
        if key not in known:
            known[key] = function(thing)
        value: R = known[key]
        return value

    return once
