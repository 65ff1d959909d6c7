"""How much work an analysis may still do, and whether anybody still waits for the result."""

from __future__ import annotations

import time


class OutOfBudget(Exception):
    """There is no more budget: an analysis gives up, and its result is unknown."""


class Cancelled(OutOfBudget):
    """Nobody waits for the result any more. Only whoever started the work catches this."""


class Budget:
    """Steps and time that some work may take.

    A budget inside another one spends from both: one for a function, say, inside that of its file.

    Args:
        steps: how many steps there are, `None` for any number.
        seconds: how long the work may take from now on, `None` for any time.
        parent: the budget that this one is a part of.
    """

    def __init__(
        self,
        steps: int | None = None,
        seconds: float | None = None,
        parent: Budget | None = None,
    ) -> None:
        self._left = steps
        self._deadline = None if seconds is None else time.monotonic() + seconds
        self._parent = parent
        self._is_cancelled = False

    def cancel(self) -> None:
        """Ends the work at its next step, also from another thread."""
        self._is_cancelled = True

    def spend(self, steps: int = 1) -> None:
        """Takes steps from the budget, 0 to only ask whether the work may go on.

        Raises:
            Cancelled: the work was cancelled.
            OutOfBudget: there are not so many steps left, or the time is over.
        """
        if self._is_cancelled:
            raise Cancelled("the work was cancelled")
        if self._parent is not None:
            self._parent.spend(steps)
        if self._left is not None:
            self._left -= steps
            if self._left < 0:
                self._left = 0
                raise OutOfBudget("there are no steps left")
        if self._deadline is not None and time.monotonic() > self._deadline:
            raise OutOfBudget("the time is over")
