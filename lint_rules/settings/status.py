"""Where a rule is in its life, from preview to removal, as in Ruff."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple


class Status(Enum):
    """The status of a rule. `STATUSES` says what each means."""

    STABLE = "stable"
    PREVIEW = "preview"
    DEPRECATED = "deprecated"


STATUSES = {
    Status.STABLE: "A patch version changes it only to correct it.",
    Status.PREVIEW: "It is new, may change in any version, and runs only with `preview`.",
    Status.DEPRECATED: "It still runs, and a later version removes it.",
}
"""What each status means for those who use a rule."""


class Removed(NamedTuple):
    """A rule that is gone.

    Attributes:
        name: the name that it had.
        since: the version that removed it.
        instead: a sentence that says what to do instead.
    """

    name: str
    since: str
    instead: str

    def told(self, code: str) -> str:
        """What to tell somebody who names it."""
        return f"`{code}` ({self.name}) was removed in version {self.since}. {self.instead}"
