"""The generated notebook is what a colleague runs, who has other people's results to look at."""

import re

import nbformat
import pytest
from nbclient import NotebookClient

from .baking import BakedProject

NOTEBOOK = "notebooks/penguin_results.ipynb"


def test_the_notebook_is_valid_and_holds_no_outputs(bake):
    for slug in ("palmer_penguins", "b" * 128):
        notebook = nbformat.reads(bake(project_slug=slug).read(NOTEBOOK), as_version=4)
        nbformat.validate(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        assert not any(cell.get("outputs") for cell in notebook.cells)
        assert all(cell.get("execution_count") is None for cell in notebook.cells)


def test_a_bare_project_has_no_notebook(bake):
    assert not bake(example_flows="no").file("notebooks").exists()


def test_a_colleague_finds_production_and_somebody_elses_branch(
    project: BakedProject, monkeypatch: pytest.MonkeyPatch
):
    notebook = nbformat.reads(project.read(NOTEBOOK), as_version=4)
    (commands,) = re.findall(r"```sh\n(.*?)```", notebook.cells[0].source, re.DOTALL)
    runs = [line.split()[1:] for line in commands.splitlines() if line.startswith("python ")]
    assert len(runs) == 3
    for arguments in runs:
        project.python(*arguments)

    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("PYTHONPATH", str(project.file("src")))
    monkeypatch.setenv("METAFLOW_USER", "carol")
    monkeypatch.setenv("USERNAME", "carol")
    client = NotebookClient(notebook, resources={"metadata": {"path": str(project.file(""))}})
    client.execute()

    output = {cell.id: outputs(cell) for cell in notebook.cells if cell.cell_type == "code"}
    assert re.fullmatch(
        r"\d\d\.\d% of all penguins are classified correctly by .*_mm.*\n", output["result"]
    )
    assert output["predict"] == "'Gentoo'"
    assert output["compare"].startswith("35 penguins instead of 342\nAdelie")
    assert "has no successful run outside test mode with branch='user.alice'" in output["refusal"]
    assert "on user.alice: successful, in test mode" in output["refusal"]
    assert re.fullmatch(r"PenguinMeasurements/\d+ of .*\n", output["pin"])
    assert re.fullmatch(
        r"project:palmer_penguins\nPenguinMeasurements/\d+ 344 rows\n", output["runs"]
    )


def outputs(cell: nbformat.NotebookNode) -> str:
    """Return what a cell printed and what it came to."""
    return "".join(
        output.text if output.output_type == "stream" else output.data["text/plain"]
        for output in cell.outputs
    )
