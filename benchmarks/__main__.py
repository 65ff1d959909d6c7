"""`make bench`: measures everything, and writes `RESULTS.md`."""

from __future__ import annotations

import argparse
import compileall
import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from benchmarks import comparisons, peers
from benchmarks.comparisons import Comparison, Measured
from benchmarks.floors import floors
from benchmarks.flows import fetched, found_in
from benchmarks.results import markdown
from benchmarks.rules import rule_costs
from benchmarks.scale import curves
from benchmarks.synthetic import Size

RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass(frozen=True)
class Effort:
    """How much is measured.

    Attributes:
        large: the repository in which few files are flows.
        largest: the repository at the end of the scale.
        doublings: how often the scale's smallest repository is doubled.
        rounds: how often commands are run.
        scale_rounds: how often those of the scale are.
        flows: how many real flows are enough.
        rule_files: on how many of them the cost of single rules is measured.
    """

    large: Size
    largest: Size
    doublings: int
    rounds: int
    scale_rounds: int
    flows: int
    rule_files: int


EFFORTS = {
    "full": Effort(Size(4800, 200), Size(3600, 400), 4, 5, 3, 400, 60),
    "brief": Effort(Size(4800, 200), Size(3600, 400), 4, 3, 1, 300, 15),
    "small": Effort(Size(40, 4), Size(20, 4), 1, 1, 1, 5, 2),
}


def main(arguments: list[str] | None = None) -> int:
    """Measures, and writes the results."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of repositories with flows")
    parser.add_argument("--effort", choices=EFFORTS, default="full", help="(default: full)")
    parser.add_argument("--output", type=Path, default=RESULTS, help="(default: RESULTS.md here)")
    parser.add_argument("--without-slow-peers", action="store_true", help="to see ours sooner")
    given = parser.parse_args(arguments)
    effort = EFFORTS[given.effort]
    # Metaflow runs nothing for nobody.
    os.environ.setdefault("METAFLOW_USER", "bench")
    # As pip leaves what it installs: where nobody may write bytecode, every run would compile.
    compileall.compile_dir(peers.ROOT / "lint_rules", quiet=1)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        here = Path(name).resolve()
        if given.folder:
            flows = found_in(given.folder.resolve(), "the folder given", effort.flows)
        else:
            flows = fetched(here / "fetched")
        rows = chain(
            comparisons.of_flows(flows, here),
            comparisons.of_large_repository(here, effort.large),
            comparisons.of_one_flow(here),
            comparisons.of_baking(here),
        )
        wanted = [row for row in rows if _is_wanted(row, without_slow=given.without_slow_peers)]
        measured = list(
            _told(comparisons.measured((row for row in wanted if not row.slow), effort.rounds))
        )
        least = floors(here, here / "large", effort.rounds)
        costs = rule_costs(flows.files[:: max(1, len(flows.files) // effort.rule_files)])
        grown = curves(here / "scale", effort.largest, effort.doublings, effort.scale_rounds)
        # The slow ones come last: whoever has seen enough still has the rest.
        slow = (row for row in wanted if row.slow)
        for found in chain([None], _told(comparisons.measured(slow, effort.rounds))):
            measured += [found] if found else []
            command = "make bench FOLDER=…" if given.folder else "make bench"
            if given.effort != "full":
                command = (
                    f"python -m benchmarks {'FOLDER ' * bool(given.folder)}--effort {given.effort}"
                )
            text = markdown(command, effort.rounds, str(flows), measured, least, costs, grown)
            given.output.write_text(text, encoding="utf-8")
    print(f"Wrote {given.output}.")
    return 0


def _is_wanted(row: Comparison, *, without_slow: bool) -> bool:
    if not row.peer.is_installed:
        print(f"{row.work}: left out, since {row.peer.needs} is not installed")
        return False
    return not (row.slow and without_slow)


def _told(rows: Iterable[Measured]) -> Iterator[Measured]:
    for row in rows:
        print(f"{row.row.work}, {row.row.peer.name}: CPU {row.cpu}, wall {row.wall}", flush=True)
        yield row


if __name__ == "__main__":
    sys.exit(main())
