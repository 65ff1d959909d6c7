"""What went wrong inside the linter while it looked at files: the run goes on without it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.budget import TooComplex

if TYPE_CHECKING:
    from lint_rules.rules.base import Rule


def described(rule: Rule) -> str:
    """A rule, as an incident names it."""
    return f"the rule {rule.code} ({rule.name})"


class Incidents:
    """What was left out of a run.

    Attributes:
        failures: a sentence for each rule that failed on a file: the run is no whole one.
        notes: a sentence for each file of which something is not known, since it takes too long.
        count: how often something went wrong or was left out.
    """

    def __init__(self) -> None:
        self.count = 0
        self._failures: dict[str, None] = {}
        self._notes: dict[str, None] = {}

    @property
    def failures(self) -> list[str]:
        """See above, in the order in which they happened."""
        return [*self._failures]

    @property
    def notes(self) -> list[str]:
        """See above, in the order in which they happened."""
        return [*self._notes]

    def failed(self, where: object, what: str, error: Exception) -> None:
        """Takes note of an error.

        Args:
            where: the file, or the folder of the project.
            what: what failed there: a rule with its name, or a part of the linter.
            error: the error. A used-up budget is no failure.
        """
        if isinstance(error, TooComplex):
            self.note(where, f"{what} did not finish: `{error}` is too complex")
            return
        self.count += 1
        message = str(error).strip().partition("\n")[0]
        reason = f"{type(error).__name__}{': ' if message else ''}{message}"
        self._failures[f"{where}: {what} failed: {reason}."] = None

    def note(self, where: object, what: str) -> None:
        """Takes note of something that is not known of a file or project."""
        self.count += 1
        self._notes[f"{where}: {what}."] = None
