"""`RESULTS.md`: what was measured, on what machine, by which commands."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from importlib.util import find_spec

from benchmarks.comparisons import Measured
from benchmarks.floors import Floor
from benchmarks.rules import RuleCosts
from benchmarks.scale import Curve
from benchmarks.timing import Run, Spread

_PEERS = ("libcst", "fixit", "flake8", "pylint", "ruff", "metaflow", "cookiecutter")

_HEAD = """# How fast it is

Written by `{command}`; no figure is written by hand. Every command ran in turn with its peer,
{rounds} times after a round that is not counted (slow peers: {slow}), so that whatever else the
machine did met both. Ratios are those of single rounds: the middle one, with the smallest and the
largest in brackets, which show the machine's noise. **CPU** is the processor time of all processes
and threads, which the load of others hardly changes; **wall** is what a clock shows. The goal holds
for the ratio in bold.

{machine}
"""


def markdown(
    command: str,
    rounds: int,
    flows: str,
    rows: Iterable[Measured],
    floors: list[Floor],
    costs: RuleCosts,
    curves: list[Curve],
) -> str:
    """The whole page."""
    rows = list(rows)
    parts = [
        _HEAD.format(command=command, rounds=rounds, slow=max(1, rounds // 5), machine=_machine()),
        f"Real flows: {flows}.\n",
        "## Against others\n",
        *_comparisons(rows),
        "\n## What cannot be less\n",
        *_floors(floors),
        "\n## One rule more\n",
        *_costs(costs),
        "\n## Scale\n",
        *(line for curve in curves for line in _curve(curve)),
        "## The commands\n",
        *_commands(rows),
    ]
    return "\n".join(parts).rstrip() + "\n"


def _machine() -> str:
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    versions = ", ".join(f"{name} {version(name)}" for name in _PEERS if find_spec(name))
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; {versions}. Load over the last 1, 5 and 15 minutes, when "
        f"this was written: {load}; this run alone makes about 1."
    )


def _comparisons(rows: list[Measured]) -> Iterator[str]:
    yield "| work | peer | goal | CPU | wall | met |"
    yield "|---|---|---|---|---|---|"
    for row in rows:
        goal = f"≥ {row.row.goal:g} × faster" if row.row.faster else f"≤ {row.row.goal:g} ×"
        cpu, wall = (str(row.cpu), f"**{row.wall}**") if row.row.wall else _bold_cpu(row)
        met = "yes" if row.is_met else "**no**"
        yield f"| {row.row.work} | `{row.row.peer.name}` | {goal} | {cpu} | {wall} | {met} |"
    yield "\nWhat both took, in the middle:\n"
    yield "| work | | CPU s | wall s | memory MB |"
    yield "|---|---|---:|---:|---:|"
    for row in rows:
        for command, runs in ((row.row.ours, row.ours), (row.row.peer, row.peer)):
            yield f"| {row.row.work} | `{command.name}` | {_figures(runs)} |"


def _bold_cpu(row: Measured) -> tuple[str, str]:
    return f"**{row.cpu}**", str(row.wall)


def _figures(runs: list[Run]) -> str:
    cpu = Spread.of([run.cpu for run in runs]).middle
    wall = Spread.of([run.wall for run in runs]).middle
    memory = Spread.of([run.memory / 1e6 for run in runs]).middle
    return f"{cpu:.3f} | {wall:.3f} | {memory:.0f}"


def _floors(floors: list[Floor]) -> Iterator[str]:
    yield "| work | what it cannot do without | CPU s | this linter | times the floor |"
    yield "|---|---|---:|---:|---|"
    for floor in floors:
        least, ours = (Spread.of([r.cpu for r in runs]) for runs in (floor.least, floor.ours))
        yield (
            f"| {floor.work} | {floor.what} | {least.middle:.3f} | {ours.middle:.3f} "
            f"| {floor.ratio} |"
        )


def _costs(costs: RuleCosts) -> Iterator[str]:
    goal = 1.0
    above = [code for code, cost in costs.percent.items() if cost > goal]
    yield (
        f"Each of {len(costs.percent)} rules on single files, run last, after all the others, on "
        f"the models of {costs.files} real files, in percent of libcst's parse of the same files "
        f"(goal: at most {goal:g}). The rule in the middle costs {costs.middle:.2f} %, those that "
        "cost most "
        + ", ".join(f"{code} {costs.percent[code]:.2f} %" for code in costs.dearest(3))
        + f". Above the goal: {', '.join(above) or 'none'}."
    )


def _curve(curve: Curve) -> Iterator[str]:
    yield f"More {curve.what} (time grows with the power {curve.exponent:.2f} of the size):\n"
    yield "| repository | CPU s | ms a file | memory MB | of half the size (goal ≤ 2.1) |"
    yield "|---|---:|---:|---:|---|"
    for at, (size, runs) in enumerate(zip(curve.sizes, curve.runs, strict=True)):
        cpu = Spread.of([run.cpu for run in runs]).middle
        memory = Spread.of([run.memory / 1e6 for run in runs]).middle
        growth = str(curve.growth[at - 1]) if at else ""
        each = 1000 * cpu / (size.modules + size.flows)
        yield f"| {size} | {cpu:.2f} | {each:.2f} | {memory:.0f} | {growth} |"
    yield ""


def _commands(rows: list[Measured]) -> Iterator[str]:
    yield "```sh"
    seen: set[str] = set()
    for row in rows:
        for command in (row.row.ours, row.row.peer):
            if command.name not in seen:
                seen.add(command.name)
                yield command.name
    yield "```"
