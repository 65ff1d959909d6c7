"""MF207: a deployment holds the value that a default had when Metaflow loaded the file."""

import json
import os
import subprocess
import sys

import pytest

from lint_rules.rules.test_mode.mf207_frozen_default import FrozenDefault
from lint_rules.testing import diagnose
from tests.template.stand_ins import Buckets

pytestmark = [pytest.mark.process, pytest.mark.slow]

FROZEN = {
    "day": 'datetime.now().isoformat(timespec="microseconds")',
    "key": "str(uuid.uuid4())",
    "seed": "str(random.random())",
    "place": 'os.environ["PLACE"]',
    "query": 'open("query.sql").read()',
}
FIXED = {"limit": '"10"', "table": "TABLE"}
FLOW = """\
import os
import random
import uuid
from datetime import datetime

from metaflow import FlowSpec, Parameter, step

TABLE = "papers"


class ArxivTopics(FlowSpec):
{parameters}

    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    ArxivTopics()
"""


def test_a_deployment_holds_the_value_of_the_day(tmp_path):
    defaults = (f'    {n} = Parameter("{n}", default={d})' for n, d in {**FROZEN, **FIXED}.items())
    code = FLOW.format(parameters="\n".join(defaults))
    (tmp_path / "flow.py").write_text(code)
    lines = code.splitlines()
    marked = [
        lines[d.start.row - 1][d.start.column - 1 : d.end.column - 1]
        for d in diagnose(FrozenDefault, code)
    ]
    assert marked == list(FROZEN.values())
    with Buckets() as buckets:
        first, second = (compiled(tmp_path, buckets, place) for place in ("here", "there"))
    assert (first["place"], second["place"]) == ("here", "there")
    assert {name for name in FROZEN if first[name] != second[name]} == set(FROZEN)
    assert {name: first[name] for name in FIXED} == {name: second[name] for name in FIXED}


def compiled(folder, buckets, place: str) -> dict[str, str]:
    """The parameters of the workflow template that Metaflow makes of the flow: each scheduled run
    gets these values."""
    (folder / "query.sql").write_text(f"select * from {place}")
    command = (
        "flow.py",
        "--datastore=s3",
        "--no-pylint",
        "argo-workflows",
        "create",
        "--only-json",
    )
    kept = {k: v for k, v in os.environ.items() if not k.startswith("METAFLOW")}
    who = {"HOME": str(folder), "METAFLOW_HOME": str(folder), "METAFLOW_USER": "u", "PLACE": place}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env={**kept, **buckets.settings, **who},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    given = json.loads(done.stdout)["spec"]["arguments"]["parameters"]
    return {one["name"]: json.loads(one["value"]) for one in given}
