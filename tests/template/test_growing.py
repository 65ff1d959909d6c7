"""`make flow` adds a flow that follows the guide, runs, and is tested."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from .baking import BakedProject

CLASSES = ["PenguinPortraits", "PenguinWeights", "PortraitGallery"]


def contents(project: BakedProject) -> dict[Path, str]:
    """Return all files of a project but those that running it leaves."""
    return {
        path: path.read_text(encoding="utf-8")
        for path in project.files()
        if "__pycache__" not in path.parts
    }


def add_flow(project: BakedProject, *arguments: str, **how: bool):
    return project.python("tools/new_flow.py", *arguments, **how)


def assert_clean(project: BakedProject) -> None:
    project.run(sys.executable, "-m", "lint_rules", "check")
    project.run("ruff", "check", "--no-cache")
    project.run("ruff", "format", "--check", "--no-cache")


def test_flows_that_are_added_follow_the_guide_and_run(project: BakedProject):
    """The README's two commands, and a third flow that waits for the second."""
    before = contents(project)
    environment = project.file(".venv/bin")
    environment.mkdir(parents=True)
    environment.joinpath("python").symlink_to(sys.executable)
    environment.parent.joinpath(".done").touch()
    project.run("make", "flow", "name=penguin_weights")
    project.run("make", "flow", "name=penguin_portraits", "on=penguins_measured")
    shutil.rmtree(environment.parent)
    portraits = project.file("flows/penguin_portraits/flow.py")
    raised = (
        "        from palmer_penguins.events import namespaced_trigger\n"
        "        from palmer_penguins.penguin_portraits import make\n\n"
        "        self.result = make(self.source)\n"
        '        namespaced_trigger.raise_event("portraits_drawn", safe_publish=True)\n'
    )
    text = portraits.read_text()
    start = text.index("        from palmer_penguins.penguin_portraits")
    end = text.index("\n\nif __name__")
    portraits.write_text(text[:start] + raised + text[end:])
    add_flow(project, "portrait_gallery", "--on", "portraits_drawn")
    assert_clean(project)

    changed = {path for path, text in contents(project).items() if before.get(path) != text}
    added = ("penguin_weights", "penguin_portraits", "portrait_gallery")
    assert changed == {
        project.file("src/SLUG/getters.py"),
        *(project.file(f"flows/{name}/flow.py") for name in added),
        *(project.file(f"src/SLUG/{name}.py") for name in added),
        *(project.file(f"tests/test_{name}.py") for name in added),
    }
    tests = [f"tests/test_{name}.py" for name in added]
    assert "7 passed" in project.python("-m", "pytest", "-q", *tests).stdout

    # By hand, each reads the other's latest run on the branch; `make run` knows which comes first.
    output = project.flow("portrait_gallery", "run", check=False)
    assert "PenguinPortraits has no successful run with branch='user.alice'" in output.stdout
    output = project.python("tools/run_flows.py").stderr
    order = re.findall(r"executing (\w+) for", output)
    assert sorted(order) == sorted([*CLASSES, "PenguinMeasurements", "PenguinSpeciesClassifier"])
    assert order.index("PenguinMeasurements") < order.index("PenguinPortraits")
    assert order.index("PenguinPortraits") < order.index("PortraitGallery")
    getter = "from palmer_penguins.getters import get_portrait_gallery as get; "
    wanted = "print(get(branch='user.alice', allow_test_mode=True))"
    assert project.python("-c", getter + wanted).stdout == "{'made_from': ['made_from']}\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([""], "is not a valid name for a flow"),
        (["Penguins"], "is not a valid name for a flow"),
        (["my penguins"], "is not a valid name for a flow"),
        (["../penguins"], "is not a valid name for a flow"),
        (["penguins_"], "is not a valid name for a flow"),
        (["ünï"], "is not a valid name for a flow"),
        (["penguins\n"], "is not a valid name for a flow"),
        (["p" * 41], "at most 40 characters"),
        (["class"], "is a Python keyword"),
        (["penguin_flow"], "must not end in _flow or _pipeline"),
        (["model"], "MF002"),
        (["penguin_measurements"], "flows/penguin_measurements exists already"),
        (["species"], "src/palmer_penguins/species.py exists already"),
        (["flows"], "tests/test_flows.py exists already"),
        (["penguin_names", "--on", "penguins_named"], "raised: penguins_measured"),
        (["penguin_names", "--on", "penguins_named"], 'raise_event("penguins_named"'),
        (["penguin_names", "--reads", "penguin_name"], "(folders: penguin_measurements, penguin_"),
        (["penguin_names", "--reads", "a", "--on", "b"], "not allowed with argument"),
        (["penguin_names", "--reads", "../..\n::error::"], "is not a flow's folder"),
        (["penguin_names", "--on", 'a"); import os  # '], "is not a valid name for an event"),
        (["penguin_names", "--on", "a'b"], "is not a valid name for an event"),
        (
            ["penguin_names", "--on", "a\n::error::"],
            r"\n::error::' is not a valid name for an event",
        ),
    ],
)
def test_what_cannot_be_added_is_refused_and_changes_nothing(
    baked: BakedProject, arguments: list[str], sentence: str
):
    before = contents(baked)
    result = add_flow(baked, *arguments, check=False)
    assert result.returncode == 2
    assert sentence in result.stderr
    assert "Traceback" not in result.stderr
    assert contents(baked) == before


def test_a_flow_reads_another_without_an_event(bake):
    """As with AWS Step Functions, which has none."""
    project = bake(scheduler="step-functions")
    commands = re.findall(
        r"^make flow name=(\w+)(?: reads=(\w+))?$", project.read("README.md"), re.M
    )
    assert [bool(reads) for _, reads in commands] == [False, True]
    for name, reads in [*commands, ("portrait_gallery", commands[1][0])]:
        add_flow(project, name, *(["--reads", reads] if reads else []))
    assert_clean(project)
    flow = project.read("flows/penguin_portraits/flow.py")
    assert "get_penguin_measurements" in flow
    assert "trigger" not in flow
    assert (
        "2 passed" in project.python("-m", "pytest", "-q", "tests/test_portrait_gallery.py").stdout
    )


def test_no_flow_is_added_that_step_functions_would_refuse(bake):
    """It starts no flow on an event."""
    project = bake(scheduler="step-functions")
    before = contents(project)
    result = add_flow(project, "penguin_portraits", "--on", "penguins_measured", check=False)
    assert result.returncode == 2
    assert "AWS Step Functions cannot start a flow on an event" in result.stderr
    assert "reads=penguin_measurements or reads=penguin_species_classifier" in result.stderr
    assert "@production_schedule" in result.stderr
    assert contents(project) == before
    (help_line,) = re.findall("^flow:.*", project.read("Makefile"), re.MULTILINE)
    assert "on=" not in help_line


def test_a_run_stops_at_a_flow_that_fails(bake):
    project = bake(example_flows="no")
    result = project.python("tools/run_flows.py", check=False)
    assert result.returncode == 2
    assert "there are no flows yet" in result.stderr
    for name in ("owl_names", "tit_names", "wren_names"):
        add_flow(project, name)
    failing = project.file("flows/tit_names/flow.py")
    failing.write_text(failing.read_text().replace("self.rows = read(", "self.rows = 1 / read("))
    result = project.python("tools/run_flows.py", check=False)
    assert result.returncode == 1
    assert result.stderr.endswith("flows/tit_names/flow.py failed; not run: wren_names\n")
    assert re.findall(r"executing (\w+) for", result.stderr) == ["OwlNames", "TitNames"]
    failing.write_text("class")
    result = project.python("tools/run_flows.py", check=False)
    assert result.returncode == 2
    assert "flows/tit_names/flow.py cannot be read" in result.stderr


def test_names_are_looked_for_in_other_folders_and_in_the_getters(project: BakedProject):
    moved = project.file("flows/renamed")
    project.file("flows/penguin_measurements").rename(moved)
    result = add_flow(project, "penguin_measurements", check=False)
    assert "a flow PenguinMeasurements exists already" in result.stderr
    result = add_flow(project, "penguin_names", "--on", "penguins_measured", check=False)
    assert "write get_renamed" in result.stderr
    shutil.rmtree(moved)
    result = add_flow(project, "penguin_measurements", check=False)
    assert "get_penguin_measurements exists already" in result.stderr


def test_a_flow_that_cannot_be_read_is_named(project: BakedProject):
    project.file("flows/penguin_measurements/flow.py").write_text("class")
    result = add_flow(project, "penguin_names", check=False)
    assert "flows/penguin_measurements/flow.py cannot be read" in result.stderr


def test_a_failure_in_the_middle_leaves_nothing(project: BakedProject):
    """The last of the files cannot be written, where a folder is in its way."""
    project.file("src/SLUG/.getters.py.new").mkdir()
    before = contents(project)
    result = add_flow(project, "penguin_names", check=False)
    assert result.returncode == 2
    assert result.stderr.startswith("nothing was added: ")
    assert contents(project) == before
    assert not project.file("flows/penguin_names").exists()


def test_a_flow_is_added_without_the_linter(project: BakedProject, tmp_path: Path):
    """With Python alone, which then cannot say that the name is generic."""
    python = tmp_path / "python"
    python.symlink_to(sys.executable)
    project.run(str(python), "tools/new_flow.py", "penguin_names")
    assert project.file("flows/penguin_names/flow.py").exists()


def test_no_module_of_the_project_takes_the_linters_place(project: BakedProject):
    for name in ("lint_rules.py", "tools/lint_rules.py", "argparse.py", "libcst.py"):
        project.file(name).write_text("open('RAN', 'w')\n")
    add_flow(project, "penguin_names", anew=True)
    assert not project.file("RAN").exists()
    assert "MF002" in add_flow(project, "model", check=False, anew=True).stderr


@pytest.mark.parametrize("slug", ["a", "b" * 128])
def test_added_flows_are_formatted_whatever_the_names(bake, slug: str):
    project = bake(project_slug=slug)
    for name in ("owls", "p" * 40):
        add_flow(project, name)
    add_flow(project, "q" * 40, "--on", "penguins_measured")
    assert_clean(project)
