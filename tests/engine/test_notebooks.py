"""Notebooks: the client rules, with findings that name cell and line."""

import json

import pytest


def notebook(*cells: tuple[str, str]) -> str:
    """The file of a notebook with cells of a kind each."""
    return json.dumps(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": {},
            "cells": [
                {"cell_type": kind, "source": source.splitlines(keepends=True), "metadata": {}}
                for kind, source in cells
            ],
        }
    )


CELLS = (
    ("markdown", "# Results"),
    ("code", "%matplotlib inline\nfrom metaflow import Flow, namespace\n!ls\n"),
    ("code", "namespace(None)\nif True:\n    %time x = 1\n"),
    ("code", "%%bash\necho (\n"),
    ("code", "this is ( no Python\n"),
    ("code", "\nrun = Flow('ArxivTopics').latest_successful_run\nrun?\n"),
)


def test_findings_name_cell_and_line(folder):
    folder.write("results.ipynb", notebook(*CELLS))
    result = folder.lint("check", "--output-format", "concise")
    assert result.status == 1
    assert result.out.startswith("results.ipynb:cell 6:2:")
    assert " MF602 " in result.out
    (finding,) = json.loads(folder.lint("check", "--output-format", "json").out)
    assert (finding["cell"], finding["location"]["row"]) == (6, 2)
    assert finding["fix"] is None
    full = folder.lint("check").out
    assert "2 | run = Flow('ArxivTopics').latest_successful_run" in full


def test_only_newlines_end_lines(folder):
    """Python reads a form feed as a blank, and a string may hold Unicode's separators."""
    code = "\fx = 'a\u2028b\x0bc\x85d'\rfrom metaflow import Flow, namespace\nnamespace(None)\n"
    cells = [{"cell_type": "code", "source": code + "Flow('X').latest_run"}]
    folder.write("results.ipynb", json.dumps({"metadata": {}, "cells": cells}))
    result = folder.lint("check", "--output-format", "concise")
    assert result.out.startswith("results.ipynb:cell 1:4:1: MF602")
    assert "4 | Flow('X').latest_run" in folder.lint("check").out


def test_rules_for_flows_do_not_look_at_notebooks(folder):
    flow = "from metaflow import FlowSpec, step\nclass AFlow(FlowSpec):\n    pass\n"
    folder.write("results.ipynb", notebook(("code", flow)))
    assert folder.lint("check", "--select", "ALL").status == 0


PAPERS = """\
from metaflow import FlowSpec, step


class ArxivPapers(FlowSpec):
    @step
    def start(self):
        self.papers = []
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def test_a_notebook_knows_the_flows_of_its_project(folder):
    folder.write("pyproject.toml", "")
    folder.write("papers/flow.py", PAPERS)
    first = "from metaflow import Flow\nrun = Flow('ArxivPapers').latest_run\n"
    folder.write("results.ipynb", notebook(("code", first), ("code", "print(run.data.paper)\n")))
    command = ("check", "--select", "MF606", "--output-format", "concise")
    for given in (".", "results.ipynb", "."):
        assert folder.lint(*command, given).out.startswith("results.ipynb:cell 2:1:7: MF606")
    folder.write("papers/flow.py", PAPERS.replace("self.papers", "self.paper"))
    assert folder.lint(*command).status == 0


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["run = NBRunner(ArxivPapers).nbrun()\nrun.data.papers\n"], []),
        (["run = NBRunner(ArxivPapers).nbrun()\n", "run.data.paper\n"], ["3:1:1"]),
        (
            ["runner = NBRunner(ArxivPapers, base_dir='.')\nrun = runner.nbresume()\nrun['and']\n"],
            ["2:3:1"],
        ),
        (["print(NBRunner(ArxivPapers).nbrun(limit=3)['start'].task.data.paper)\n"], ["2:1:7"]),
        (["NBRunner(ArxivPapers).cleanup()\nother.data.paper\n"], []),
        # The flow is changed and run again.
        (
            [
                "run = NBRunner(ArxivPapers).nbrun()\n",
                "run.data.papers\n",
                PAPERS.replace("self.papers", "self.paper"),
                "again = NBRunner(ArxivPapers).nbrun()\n",
                "again.data.paper\nFlow('ArxivPapers').latest_run.data.paper\n",
            ],
            [],
        ),
    ],
)
def test_runs_of_flows_in_cells(folder, cells: list[str], found: list[str]):
    first = "from metaflow import Flow, NBRunner\n" + PAPERS
    folder.write("results.ipynb", notebook(*(("code", cell) for cell in (first, *cells))))
    result = folder.lint("check", "--select", "ALL", "--output-format", "concise")
    lines = [line for line in result.out.splitlines() if line.startswith("results.ipynb")]
    assert [line.split("cell ")[1].split(": ")[0] for line in lines] == found


def test_noqa_in_a_cell(folder):
    cells = [*CELLS[:-1], ("code", CELLS[-1][1].replace("_run\n", "_run  # noqa: MF602\n"))]
    folder.write("results.ipynb", notebook(*cells))
    assert folder.lint("check").status == 0


def test_fix_leaves_notebooks_alone(folder):
    file = folder.write("results.ipynb", notebook(*CELLS))
    before = file.read_bytes()
    folder.lint("check", "--fix", "--unsafe-fixes")
    folder.lint("check", "--add-noqa")
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    "content",
    ['{"metaflow": 1', '{"cells": [{"metaflow": 1}]}', '{"metaflow": ' + "[" * 100_000],
    ids=["half a file", "no cells", "depth"],
)
def test_what_is_no_notebook_is_reported(folder, content):
    folder.write("results.ipynb", content)
    result = folder.lint("check", "--output-format", "concise")
    assert result.status == 1
    assert "MF900" in result.out
    assert "no notebook" in result.out
