"""How bad a finding is."""

from __future__ import annotations

from enum import Enum

from lint_rules.settings.groups import MEANINGS, Group


class Severity(Enum):
    """The severity of a finding. The values are what settings and the command line say."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def noun(self) -> str:
        """What a finding of this severity is called."""
        return "note" if self is Severity.INFO else self.value

    def is_at_least(self, other: Severity) -> bool:
        """Whether it is as bad as another one, or worse."""
        order = [*Severity]
        return order.index(self) <= order.index(other)


SEVERITIES = {
    Severity.ERROR: MEANINGS[Group.CORRECTNESS],
    Severity.WARNING: "The flow breaks a habit of the guide.",
    Severity.INFO: "Advice that a team asks for: the rule is off by default.",
}
"""What a finding of each severity means, if the settings say nothing else."""


def usual_severity(group: Group, *, is_default: bool) -> Severity:
    """The severity of a rule's findings.

    Args:
        group: the rule's group.
        is_default: whether the rule is on by default.
    """
    if group.is_certain:
        return Severity.ERROR
    return Severity.WARNING if is_default else Severity.INFO
