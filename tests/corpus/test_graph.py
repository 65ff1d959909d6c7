"""Safe fixes leave a flow's graph as it was, and the flow still starts: Metaflow itself says so."""

import os
import re
import subprocess
import sys
from pathlib import Path

import metaflow
import pytest

from lint_rules.diagnostics.diagnostic import Safety
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import load
from tests.corpus.properties import fixed

FOLDER = Path(metaflow.__file__).parent / "tutorials"
# Flows with `@conda` or `@kubernetes` do not start without these.
STARTS = re.compile(r"^(?!.*@(conda|kubernetes))", re.DOTALL)
TUTORIALS = [p for p in sorted(FOLDER.glob("*/*.py")) if STARTS.match(p.read_text())]

pytestmark = pytest.mark.process  # Metaflow's

MESSY = '''\
import json
import math as m
from collections import (
    Counter,
    OrderedDict as Ordered,
)

from metaflow import FlowSpec, Parameter, project, retry, step


@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    years = Parameter("years", default=lambda _: 2024)

    @step
    def start(self):
        """Take the years."""
        self.years_taken = [self.years - 1, self.years]
        print(json.dumps({"root": m.sqrt(4)}))
        import random
        self.seed = random.random()
        self.next(self.count, foreach="years_taken")

    @step
    @retry
    def count(self):
        self.counts = Ordered(Counter(str(self.input)))
        self.next(self.join)

    @step
    def join(self, inputs):
        self.total = 0
        for one in inputs:
            self.total += len(one.counts)
        self.next(self.end)

    @step
    def end(self):
        """Show the total."""
        print(self.total)
'''
"""Ground for the safe fixes of imports, decorators, annotations, parameters and the main guard."""


def metaflow_says(file: Path, home: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, file.name, *words],
        cwd=file.parent,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "METAFLOW_USER": "tester",
            "METAFLOW_DATASTORE_SYSROOT_LOCAL": str(home),
        },
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def graph(file: Path, home: Path) -> list[str]:
    """The graph as Metaflow prints it, without the lines on which steps stand."""
    text = metaflow_says(file, home, "output-raw")
    return [re.sub(r"\bline \d+", "", line) for line in text.splitlines()]


def fixed_text(file: Path) -> str:
    linter = Linter(all_rules())
    source = load(file, linter.snapshot)
    done = fixed(source, linter, {Safety.SAFE})
    assert done.problems == []
    return done.sources[0].text


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.name)
def test_tutorials_keep_their_graph(path, tmp_path):
    for file in path.parent.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    file = tmp_path / path.name
    before = graph(file, tmp_path)
    file.write_text(fixed_text(file), encoding="utf-8")
    assert graph(file, tmp_path) == before
    metaflow_says(file, tmp_path, "run", "--help")


def test_a_messy_flow_runs_after_its_fixes(tmp_path):
    file = tmp_path / "flow.py"
    file.write_text(MESSY, encoding="utf-8")
    text = fixed_text(file)
    assert text != MESSY
    file.write_text(text, encoding="utf-8")
    output = metaflow_says(file, tmp_path, "run", "--test-mode", "True")
    assert "Done!" in output
    assert "8" in output
