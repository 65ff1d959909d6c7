"""Whether anybody still waits for the result of some work."""

from __future__ import annotations

import time


class Cancelled(Exception):
    """Nobody waits for the result any more: whoever asked for it went on, or the time is over."""


class Deadline:
    """The end of the time that some work may take, which may come early.

    Unlike a budget of steps, it says nothing about what is found: work is given up as a whole.

    Args:
        seconds: how long the work may take from now on, `None` for any time.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._is_cancelled = False

    def cancel(self) -> None:
        """Ends the work the next time that it checks, also from another thread."""
        self._is_cancelled = True

    def check(self) -> None:
        """Does nothing as long as the work may go on.

        Raises:
            Cancelled: it may not.
        """
        if self._is_cancelled:
            raise Cancelled("the work was cancelled")
        if self._end is not None and time.monotonic() > self._end:
            raise Cancelled("the time is over")
