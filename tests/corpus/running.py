"""`python -m tests.corpus.running CHECKOUT`: the rules on the graph are silent on flows that run.

CHECKOUT is Metaflow's own repository (`git clone https://github.com/Netflix/metaflow`). Its test
suite holds flows, and makes some hundreds more: every test in `test/core/tests` on every graph in
`test/core/graphs`, by its own formatter.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import load
from lint_rules.settings.options import Settings

ON_THE_GRAPH = (
    *("MF404", "MF405", "MF408"),
    *(f"MF8{number:02}" for number in (*range(1, 15), 20, 21)),
)
"""The rules whose findings say that a flow fails or is refused."""


def wrong(file: Path, linter: Linter) -> list[str]:
    """What the rules on the graph find in a file, a line each: nothing if the flow runs."""
    source = load(file, linter.snapshot)
    if isinstance(source, Diagnostic):
        return []
    found = linter.check(source, Settings(select=ON_THE_GRAPH))
    return [f"{d.where}: {d.code} {d.message}" for d in found if d.code in ON_THE_GRAPH]


def made_flows(checkout: Path) -> Iterator[tuple[str, str]]:
    """The flows that Metaflow's test suite makes, by names that say of what."""
    core = checkout / "test" / "core"
    sys.path[:0] = [str(core), str(core / "tests")]
    formatter = importlib.import_module("metaflow_test.formatter").FlowFormatter
    base = importlib.import_module("metaflow_test").MetaflowTest
    graphs = [json.loads(file.read_text()) for file in sorted((core / "graphs").glob("*.json"))]
    for file in sorted((core / "tests").glob("*.py")):
        for test in _tests(file.stem, base):
            for graph in graphs:
                made = formatter(graph, test)
                if made.valid:
                    yield f"{type(test).__name__}_{graph['name'].replace(' ', '_')}", made.flow_code


def _tests(module: str, base: type) -> Iterator[Any]:
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, type) and issubclass(value, base) and value is not base:
            yield value()


def main(checkout: Path) -> int:
    """Prints what is found, and returns 1 if anything was, or if no flow was there."""
    linter = Linter(all_rules())
    written = sorted((checkout / "test").rglob("*.py")) + sorted(
        (checkout / "metaflow" / "tutorials").rglob("*.py")
    )
    found = [line for file in written for line in wrong(file, linter)]
    count = 0
    with TemporaryDirectory() as folder, contextlib.redirect_stderr(io.StringIO()):
        for name, code in made_flows(checkout):
            file = Path(folder, f"{name}.py")
            file.write_text(code, encoding="utf-8")
            found += wrong(file, linter)
            count += 1
    print(*found, sep="\n")
    print(f"{len(written)} files and {count} flows made of them, {len(found)} findings")
    return 1 if found or not count else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
