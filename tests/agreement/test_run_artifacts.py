"""What MF606 reports fails when it reads a real run, and what it does not report is there."""

import json
import os
import subprocess
import sys

import pytest

from lint_rules.rules.namespaces.mf606_unknown_run_artifact import UnknownRunArtifact
from lint_rules.testing import diagnose
from tests.rules.cases.mf606 import PACKAGES, PAPERS

pytestmark = pytest.mark.process

READS = [
    "run.data.papers",
    "run.data.count",
    "run.data.year",
    "run.data.LIMIT",
    "run.data.years",
    "run.data.titles",
    "run['start'].task.data.years",
    "run['start'].task.data.papers",
    "run['fetch'].task.data.years",
    "[task.data.papers for task in run['fetch']]",
    "[task.data.count for task in run['fetch'].tasks()]",
    "run['join'].task.data.papers",
    "run['join'].task.data.years",
    "run['train']",
    "run.end_task.data.count",
    "run.end_task.data.total",
    "Step(f'ArxivPapers/{run.id}/fetch').task",
    "Step(f'ArxivPapers/{run.id}/train').task",
    "list(Flow('ArxivPapers'))[0].data.titles",
    "next(Flow('ArxivPapers').runs()).data.papers",
    "Flow('ArxivPapers')[run.id].data.papers",
    "Flow('ArxivPapers')[run.id].data.paper",
]
TOP = "from metaflow import Flow, Step\n\n\ndef read():\n    run = Flow('ArxivPapers').latest_run\n"
TRY = """
import json, sys
from metaflow import Flow, Step

run = Flow("ArxivPapers").latest_run
failed = []
for text in json.loads(sys.argv[1]):
    try:
        eval(text)
    except Exception:
        failed.append(text)
print(json.dumps(failed))
"""


def test_reads_fail_where_they_are_reported(tmp_path):
    flow = tmp_path / "flow.py"
    flow.write_text(f'{PAPERS}\n\nif __name__ == "__main__":\n    ArxivPapers()\n')
    kept = {k: v for k, v in os.environ.items() if not k.startswith("METAFLOW")}
    home = {"HOME": str(tmp_path), "METAFLOW_HOME": str(tmp_path), "METAFLOW_USER": "somebody"}

    def python(*words):
        return subprocess.run(
            [sys.executable, *words],
            cwd=tmp_path,
            env=kept | home,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    python(str(flow), "--no-pylint", "run")
    failed = json.loads(python("-c", TRY, json.dumps(READS)))
    reported = [
        text
        for text in READS
        if diagnose(UnknownRunArtifact, f"{TOP}    return {text}\n", packages=PACKAGES)
    ]
    assert reported == failed
