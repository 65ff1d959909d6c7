"""What the work cannot do without: the interpreter, importing libcst, parsing."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.synthetic import write_flow
from benchmarks.timing import Command, Run, Spread, in_turn, ratios

_PARSE = "import libcst, pathlib; libcst.parse_module(pathlib.Path('flow.py').read_bytes())"
_READ = (
    "import pathlib; [b'metaflow' in f.read_bytes() for f in sorted(pathlib.Path().rglob('*.py'))]"
)


@dataclass(frozen=True)
class Floor:
    """What some work takes at least, and what this linter takes for it."""

    work: str
    what: str
    least: list[Run]
    ours: list[Run]

    @property
    def ratio(self) -> Spread:
        """How far this linter is from the floor."""
        return ratios(self.ours, self.least)


def floors(folder: Path, repository: Path, rounds: int) -> list[Floor]:
    """The floors of a commit without flows, of one with a flow, and of a large repository."""
    plain = folder / "plain" / "plain.py"
    plain.parent.mkdir(parents=True)
    plain.write_text("print(1)\n", encoding="utf-8")
    flow = write_flow(folder / "one" / "flow.py", 200)
    settings = "import argparse, pathlib, tomllib"
    given: list[tuple[str, str, Command, Command]] = [
        (
            "a file that is no flow",
            "the interpreter, and importing " + settings.removeprefix("import "),
            peers.python("", "-c", settings, folder=plain.parent),
            peers.metaflow_lint([plain], folder=plain.parent),
        ),
        (
            "a flow of 200 lines",
            "the interpreter, importing libcst, parsing",
            peers.python("", "-c", _PARSE, folder=flow.parent),
            peers.metaflow_lint([flow], *peers.COLD, folder=flow.parent),
        ),
        (
            "a large repository, nothing changed",
            "finding and reading its files in Python",
            peers.python("", "-c", _READ, folder=repository),
            peers.metaflow_lint(["."], f"--cache-dir={folder / 'cache'}", folder=repository),
        ),
    ]
    measured = []
    for work, what, least, ours in given:
        taken = in_turn([least, ours], rounds)
        measured.append(Floor(work, what, *taken))
    return measured
