"""How time and memory grow with a repository."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.synthetic import Size, write_repository
from benchmarks.timing import Run, Spread, in_turn


@dataclass(frozen=True)
class Curve:
    """What a row of repositories takes, each twice as large as the one before.

    Attributes:
        what: what grows.
        sizes: the repositories.
        runs: the runs on each of them, round by round.
    """

    what: str
    sizes: list[Size]
    runs: list[list[Run]]

    @property
    def growth(self) -> list[Spread]:
        """How many times as long each repository takes as the one before, round by round."""
        return [
            Spread.of([b.cpu / a.cpu for a, b in zip(small, large, strict=True)])
            for small, large in zip(self.runs, self.runs[1:], strict=False)
        ]

    @property
    def exponent(self) -> float:
        """The power of the size with which the time grows, from the smallest to the largest."""
        first, last = (Spread.of([run.cpu for run in self.runs[at]]).low for at in (0, -1))
        return math.log(last / first) / math.log(2 ** (len(self.sizes) - 1))


def curves(folder: Path, largest: Size, doublings: int, rounds: int) -> list[Curve]:
    """The curves up to a size: more files, more flows, and more of both."""
    modules = [largest.modules >> n for n in range(doublings, -1, -1)]
    flows = [largest.flows >> n for n in range(doublings, -1, -1)]
    few = flows[0]
    grow = {
        "files, as many flows": [Size(number - few, few) for number in modules],
        "flows, as many other files": [Size(modules[0], number) for number in flows],
        "both": [Size(a, b) for a, b in zip(modules, flows, strict=True)],
    }
    return [
        Curve(what, sizes, _runs(folder / what.partition(",")[0], sizes, rounds))
        for what, sizes in grow.items()
    ]


def _runs(folder: Path, sizes: list[Size], rounds: int) -> list[list[Run]]:
    commands = [
        peers.metaflow_lint(
            ["."],
            *peers.COLD,
            folder=write_repository(folder / f"{size.modules} {size.flows}", size),
            cores=1,
        )
        for size in sizes
    ]
    return in_turn(commands, rounds)
