"""A limit on the work that one question may take, so that no input makes a run hang."""

from __future__ import annotations

FILE_STEPS = 100_000
"""What the analyses of one file may take: about a second. The largest of a thousand real flows
takes 1,500."""


class TooComplex(Exception):
    """A budget is used up. The message names what was being looked at."""


class Budget:
    """A number of steps that can be spent once.

    An analysis spends a step for each thing that it looks at. When no steps are left, what it was
    asked is not known. Not for use by several threads.

    Args:
        steps: how many steps there are.
    """

    __slots__ = ("exhausted_by", "left", "steps")

    def __init__(self, steps: int) -> None:
        self.steps = steps
        self.left = steps
        self.exhausted_by: str | None = None
        """What was looked at when the last step was spent; `None` as long as steps are left."""

    def spend(self, steps: int = 1, on: str = "") -> bool:
        """Takes steps; says whether there were enough.

        Args:
            steps: how many.
            on: what they are for, for the note about a used-up budget.
        """
        if self.exhausted_by is not None:
            return False
        self.left -= steps
        if self.left < 0:
            self.exhausted_by = on
            return False
        return True

    def require(self, steps: int = 1, on: str = "") -> None:
        """Takes steps.

        Raises:
            TooComplex: there are not enough of them.
        """
        if not self.spend(steps, on):
            raise TooComplex(self.exhausted_by or on)
