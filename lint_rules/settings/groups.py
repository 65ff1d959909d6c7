"""The groups of rules, by how certain their findings are."""

from __future__ import annotations

from enum import Enum


class Group(Enum):
    """The group of a rule. Each rule is in one; the values are selectors, as `MF3` is.

    Their names are those of Clippy's groups. `MEANINGS` tells them apart.
    """

    CORRECTNESS = "correctness"
    SUSPICIOUS = "suspicious"
    STYLE = "style"

    @property
    def is_certain(self) -> bool:
        """Whether its findings are mistakes for everybody, also for those with another guide."""
        return self is Group.CORRECTNESS


GROUPS = {group.value: group for group in Group}
"""The groups by the selectors that stand for them."""

MEANINGS = {
    Group.CORRECTNESS: "Metaflow refuses the flow, a run fails, or a value is lost.",
    Group.SUSPICIOUS: "Metaflow accepts the code, but it probably does what nobody wants.",
    Group.STYLE: "The guide asks for something else.",
}
"""What a finding of each group means."""
