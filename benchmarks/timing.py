"""Commands measured in turn, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from statistics import median


class CommandError(Exception):
    """A command that did not do what is to be measured; the message shows its output."""


@dataclass(frozen=True)
class Command:
    """What is measured.

    Attributes:
        name: what it is called in the results.
        words: the command itself.
        folder: where it runs.
        statuses: the exit statuses with which it has done its work.
        before: what to do before each run, which is not measured.
        cores: how many of the machine's cores it may use, `None` for all.
        needs: a module that has to be installed for it.
    """

    name: str
    words: tuple[str, ...]
    folder: Path
    statuses: frozenset[int] = frozenset({0, 1})
    before: Callable[[], object] = field(default=lambda: None)
    cores: int | None = None
    needs: str = "lint_rules"

    @property
    def is_installed(self) -> bool:
        """Whether what it needs is there."""
        return find_spec(self.needs) is not None

    def restrict(self) -> None:
        """Keeps this process to the cores that the command may use, where the system can."""
        if self.cores is not None and hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: self.cores])


@dataclass(frozen=True)
class Run:
    """What one run took: processor and wall time in seconds, peak memory in bytes."""

    cpu: float
    wall: float
    memory: int


@dataclass(frozen=True)
class Spread:
    """Smallest, middle and largest of some figures."""

    low: float
    middle: float
    high: float

    @classmethod
    def of(cls, figures: list[float]) -> Spread:
        """The spread of some figures, of which there is at least one."""
        return cls(min(figures), median(figures), max(figures))

    def __str__(self) -> str:
        return f"{self.middle:.2f} ({self.low:.2f}–{self.high:.2f})"


def measure(command: Command) -> Run:
    """Runs a command once, with the processes that it starts.

    Raises:
        CommandError: it ended with a status that says it did not do its work.
    """
    command.before()
    with tempfile.TemporaryFile() as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command.words,
            cwd=command.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            preexec_fn=command.restrict,
        )
        _, waited, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        status = process.returncode = os.waitstatus_to_exitcode(waited)
        if status not in command.statuses:
            output.seek(max(0, output.tell() - 2000))
            tail = output.read().decode(errors="replace")
            raise CommandError(f"{command.name} ended with status {status}:\n{tail}")
    return Run(used.ru_utime + used.ru_stime, wall, used.ru_maxrss * 1024)


def in_turn(commands: list[Command], rounds: int) -> list[list[Run]]:
    """Runs commands one after the other, several times; each has its runs in the order of rounds.

    Of several rounds there is one more, the first: it fills the machine's caches and is left out.
    """
    taken: list[list[Run]] = [[] for _ in commands]
    for turn in range(-1 if rounds > 1 else 0, rounds):
        for runs, command in zip(taken, commands, strict=True):
            run = measure(command)
            if turn >= 0:
                runs.append(run)
    return taken


def ratios(over: list[Run], under: list[Run], *, wall: bool = False) -> Spread:
    """How many times as long the one took as the other, round by round."""
    what = "wall" if wall else "cpu"
    return Spread.of(
        [getattr(a, what) / getattr(b, what) for a, b in zip(over, under, strict=True)]
    )
