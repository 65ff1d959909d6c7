"""The rows of the table: a piece of work, done by this linter and by a peer, and the goal."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import peers
from benchmarks.flows import RealFlows
from benchmarks.synthetic import Size, write_flow, write_repository
from benchmarks.timing import Command, Run, Spread, in_turn, ratios


@dataclass(frozen=True)
class Comparison:
    """One row.

    Attributes:
        work: what is done.
        ours: this project's command.
        peer: the command that it is compared with.
        goal: at most so many times the peer's time, or at least so many times faster.
        faster: whether the goal is to be faster.
        wall: whether the wall's clock decides, since both use several cores.
        slow: whether the peer is so slow that it is run less often.
    """

    work: str
    ours: Command
    peer: Command
    goal: float
    faster: bool = False
    wall: bool = False
    slow: bool = False


@dataclass(frozen=True)
class Measured:
    """A row with what both took, round by round."""

    row: Comparison
    ours: list[Run]
    peer: list[Run]

    @property
    def cpu(self) -> Spread:
        """The ratio of the processor times, the way round that the goal has it."""
        return self._ratio(wall=False)

    @property
    def wall(self) -> Spread:
        """The ratio of the wall times."""
        return self._ratio(wall=True)

    @property
    def is_met(self) -> bool:
        """Whether the middle of the ratios meets the goal."""
        ratio = (self.wall if self.row.wall else self.cpu).middle
        return ratio >= self.row.goal if self.row.faster else ratio <= self.row.goal

    def _ratio(self, *, wall: bool) -> Spread:
        over, under = (self.peer, self.ours) if self.row.faster else (self.ours, self.peer)
        return ratios(over, under, wall=wall)


def measured(rows: Iterable[Comparison], rounds: int) -> Iterator[Measured]:
    """Measures rows, each with its two commands in turn."""
    for row in rows:
        times = max(1, rounds // 5) if row.slow else rounds
        yield Measured(row, *in_turn([row.ours, row.peer], times))


def of_flows(flows: RealFlows, folder: Path) -> Iterator[Comparison]:
    """Real flows, cold, in one process, by all rules."""
    listing = folder / "files.txt"
    listing.write_text("".join(f"{file}\n" for file in flows.files), encoding="utf-8")
    options = (*peers.ALL_RULES, *peers.COLD)
    ours = peers.metaflow_lint(flows.files, *options, cores=1)
    work = "real flows, cold, one process, all rules"
    yield Comparison(work, ours, peers.libcst_parse(listing), 1.5)
    fixit = peers.fixit_serially(listing, *peers.FIXIT_RULES)
    yield Comparison(work, ours, fixit, 10, faster=True, slow=True)
    yield Comparison(work, ours, peers.flake8(flows.files), 1, faster=True, slow=True)
    yield Comparison(work, ours, peers.pylint_errors(flows.files), 10, faster=True, slow=True)


def of_large_repository(folder: Path, size: Size) -> Iterator[Comparison]:
    """A repository in which few files are flows: all of it, cold and again, and a commit."""
    repository = write_repository(folder / "large", size)
    cold = peers.metaflow_lint(["."], *peers.COLD, folder=repository)
    work = f"{size}, cold"
    fixit = peers.fixit(repository, *peers.FIXIT_RULES)
    yield Comparison(work, cold, fixit, 30, faster=True, wall=True, slow=True)
    yield Comparison(work, cold, peers.ruff(repository, "--no-cache"), 8, wall=True)
    ours, theirs = (folder / name for name in ("our cache", "their cache"))
    warm = peers.metaflow_lint(["."], f"--cache-dir={ours}", folder=repository)
    warm = replace(warm, name="metaflow-lint check --cache-dir=CACHE .")
    again = peers.ruff(repository, f"--cache-dir={theirs}")
    again = replace(again, name="ruff check --isolated --select=E9,F --cache-dir=CACHE .")
    yield Comparison("the same, nothing changed since the last run", warm, again, 5, wall=True)
    ten = sorted((repository / "src").rglob("part_*/*_*.py"))[:10]
    commit = peers.metaflow_lint(ten, folder=repository)
    nothing = peers.python("python -c pass", "-c", "pass", folder=repository)
    yield Comparison("a commit of ten files in it that are no flows", commit, nothing, 5)


def of_one_flow(folder: Path) -> Iterator[Comparison]:
    """A commit of one flow of 200 lines."""
    flow = write_flow(folder / "alone" / "flow.py", 200)
    listing = folder / "flow.txt"
    listing.write_text(f"{flow}\n", encoding="utf-8")
    ours = peers.metaflow_lint([flow], *peers.COLD, folder=flow.parent)
    work = "a commit of one flow of 200 lines"
    rule = "fixit.rules.no_redundant_fstring"
    yield Comparison(work, ours, peers.fixit_serially(listing, rule), 3, faster=True)
    itself = peers.python("python flow.py check", "flow.py", "check", folder=flow.parent)
    yield Comparison(work, ours, itself, 1.5, faster=True)


def of_baking(folder: Path) -> Iterator[Comparison]:
    """A project without questions, and Cookiecutter's own part of that."""
    empty = folder / "empty template"
    (empty / "{{cookiecutter.name}}").mkdir(parents=True)
    (empty / "cookiecutter.json").write_text('{"name": "nothing"}', encoding="utf-8")
    into = folder / "baked"
    into.mkdir()

    def clean() -> None:
        shutil.rmtree(into)
        into.mkdir()

    ours = replace(peers.cookiecutter(peers.ROOT, into), before=clean)
    theirs = replace(peers.cookiecutter(empty, into), before=clean)
    theirs = replace(theirs, name="cookiecutter --no-input EMPTY-TEMPLATE")
    yield Comparison("a project baked without questions", ours, theirs, 2)
