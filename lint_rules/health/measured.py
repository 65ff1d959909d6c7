"""What is measured of repositories, as plain data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety
from lint_rules.settings.severity import Severity

K = TypeVar("K")


class Effort(Enum):
    """What it takes to fix a finding."""

    SAFE = "safe"
    UNSAFE = "unsafe"
    BY_HAND = "by hand"

    @classmethod
    def of(cls, diagnostic: Diagnostic) -> Effort:
        """What it takes to fix a finding: whether it has a fix, and how safe that is."""
        if diagnostic.safety is None:
            return cls.BY_HAND
        return cls.SAFE if diagnostic.safety is Safety.SAFE else cls.UNSAFE


@dataclass(frozen=True)
class Place:
    """What findings are in: a flow, or a file for code that belongs to no flow.

    Attributes:
        repository: the name of its repository.
        path: the file's path from the repository's root, with slashes.
        flow: the flow's name, `None` for a file.
    """

    repository: str
    path: str
    flow: str | None

    @property
    def folder(self) -> str:
        """The file's folder, `.` for the repository's root."""
        return self.path.rpartition("/")[0] or "."


@dataclass(frozen=True)
class Counted:
    """A finding, with all that it is counted by.

    Attributes:
        diagnostic: the finding.
        place: what it is in.
        severity: how bad it is, with the settings of its file.
        is_known: whether a baseline silences it.
    """

    diagnostic: Diagnostic
    place: Place
    severity: Severity
    is_known: bool

    @property
    def effort(self) -> Effort:
        """What it takes to fix it."""
        return Effort.of(self.diagnostic)


@dataclass(frozen=True)
class BaselineSize:
    """How many findings the baselines of a repository held at some moment.

    Attributes:
        name: the tag, or `now`.
        time: when its commit was made, in seconds since the epoch; `None` for now.
        count: the findings.
    """

    name: str
    time: int | None
    count: int


@dataclass(frozen=True)
class Repository:
    """A repository.

    Attributes:
        name: the name of its folder.
        baselines: how its baselines grew or shrank: at the last tags, and now at the end. Empty if
            it has none.
        stale: how many entries of them match nothing any more.
    """

    name: str
    baselines: tuple[BaselineSize, ...] = ()
    stale: int = 0


@dataclass(frozen=True)
class Health:
    """What was measured.

    Attributes:
        repositories: the repositories, in the order of their names.
        flows: all flows that were checked, but those of tests.
        findings: the findings, in order.
    """

    repositories: tuple[Repository, ...]
    flows: tuple[Place, ...]
    findings: tuple[Counted, ...]

    @property
    def clean_flows(self) -> int:
        """How many flows have no finding, not even a known one."""
        return len(set(self.flows) - {finding.place for finding in self.findings})


@dataclass(frozen=True)
class Tally:
    """How many findings there are of some kind.

    Attributes:
        new: those that `check` reports, by severity.
        known: those that a baseline silences.
        efforts: all of them, by what it takes to fix them.
    """

    new: Counter[Severity]
    known: int
    efforts: Counter[Effort]

    @classmethod
    def of(cls, findings: Iterable[Counted]) -> Tally:
        """The tally of some findings."""
        listed = list(findings)
        fresh = [finding for finding in listed if not finding.is_known]
        return cls(
            Counter(finding.severity for finding in fresh),
            len(listed) - len(fresh),
            Counter(finding.effort for finding in listed),
        )

    @property
    def reported(self) -> int:
        """How many `check` reports."""
        return self.new.total()

    @property
    def total(self) -> int:
        """All of them."""
        return self.reported + self.known


def tallies(
    findings: Iterable[Counted], key: Callable[[Counted], K]
) -> list[tuple[K, Tally, list[Counted]]]:
    """Findings by some key, with their tallies: those with errors first, then by how many."""
    grouped: dict[K, list[Counted]] = {}
    for finding in findings:
        grouped.setdefault(key(finding), []).append(finding)
    found = [(name, Tally.of(members), members) for name, members in grouped.items()]

    def order(item: tuple[K, Tally, list[Counted]]) -> tuple[int, int, int, str]:
        name, tally, _ = item
        return -tally.new[Severity.ERROR], -tally.total, -tally.reported, str(name)

    return sorted(found, key=order)
