"""A step runs from its code package alone: the shared functions, their data, and included files."""

import json
import os
import shutil
import tarfile
from pathlib import Path

import pytest
from metaflow.package import MetaflowPackage

from .baking import BakedProject, make_environment, run

FLOW = "penguin_measurements"


def include_a_file(project: BakedProject) -> None:
    """Let the flow take notes from a file, and print them in a step that comes later."""
    flow = project.file(f"flows/{FLOW}/flow.py")
    text = flow.read_text()
    text = text.replace("import FlowSpec, ", "import FlowSpec, IncludeFile, ")
    text = text.replace(
        "    test_mode = ",
        '    notes = IncludeFile("notes", default="notes.txt")\n\n    test_mode = ',
    )
    text = text.replace("        self.next(self.clean)", "        self.next(self.clean)", 1)
    text = text.replace(
        "        self.penguins = clean(self.rows)",
        "        print(self.notes)\n        self.penguins = clean(self.rows)",
    )
    flow.write_text(text)
    project.file("notes.txt").write_text("seen from afar: Übersicht")


def unpack(project: BakedProject, folder: Path) -> dict[str, str]:
    """Unpack the flow's code package into an empty folder; return the settings of a container."""
    archive = folder.parent / "package.tgz"
    project.flow(FLOW, "package", "save", str(archive))
    folder.mkdir()
    with tarfile.open(archive) as package:
        package.extractall(folder, filter="data")
    kind = {"version": 0, "archive_format": "tgz", "mfcontent_version": 1}
    settings = MetaflowPackage.get_post_extract_env_vars(json.dumps(kind), dest_dir=str(folder))
    return {name.removesuffix(":"): value for name, value in settings.items()}


@pytest.fixture
def bare_python(tmp_path: Path, project: BakedProject) -> Path:
    """A Python that has what Metaflow installs in a container, and neither Metaflow nor tools."""
    return make_environment(tmp_path / "container", "requests", env=project.environment)


def test_steps_run_from_the_unpacked_package_alone(
    project: BakedProject, tmp_path: Path, bare_python: Path
):
    """As a container does: two steps of a run that began elsewhere, where the project is gone."""
    include_a_file(project)
    output = project.flow(FLOW, "run").stdout
    assert "seen from afar: Übersicht" in output
    run_id = project.python(
        "-c", "from metaflow import Flow; print(Flow('PenguinMeasurements').latest_run.id)"
    ).stdout.strip()
    settings = unpack(project, tmp_path / "unpacked")
    shutil.rmtree(project.path)
    container = project.environment | settings | {"PATH": os.defpath}

    def step(name: str, before: str, task: str):
        command = [bare_python, "flow.py", "--metadata=local", "--datastore=local", "step", name]
        command += ["--run-id", run_id, "--task-id", task, "--input-paths", f"{run_id}/{before}"]
        result = run(*command, cwd=tmp_path / "unpacked", env=container)
        return result.stdout + result.stderr

    step("start", "_parameters/0", "remote-1")  # reads the package's data
    output = step("clean", "start/remote-1", "remote-2")  # reads what was included
    assert "seen from afar: Übersicht" in output
    assert "35 of 35 penguins were measured completely" in output
    rest = tmp_path / "unpacked"
    assert not (rest / "notes.txt").exists()
    assert [path.name for path in rest.rglob("penguins.csv")] == ["penguins.csv"]
