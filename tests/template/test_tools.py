"""What a generated project has for editors and coding assistants says what is there."""

import json
import re
import sys

import pytest

from lint_rules.engine.registry import own_rules

from .baking import BakedProject

JSON = (".devcontainer/devcontainer.json", ".vscode/extensions.json", ".vscode/settings.json")


@pytest.mark.parametrize("version", ["3.11", "3.14"])
def test_the_container_and_the_editor_agree(bake, version: str):
    project = bake(python_version=version)
    container, extensions, settings = (json.loads(project.read(name)) for name in JSON)
    assert f"-{version}-" in container["image"]
    assert container["postCreateCommand"] == "make setup"
    recommended = extensions["recommendations"]
    assert container["customizations"]["vscode"]["extensions"] == recommended
    assert settings["[python]"]["editor.defaultFormatter"] in recommended
    assert settings["python.defaultInterpreterPath"].endswith("/.venv/bin/python")


def test_the_editors_task_reads_what_the_linter_says(project: BakedProject):
    (task,) = json.loads(project.read(".vscode/tasks.json"))["tasks"]
    assert task["command"] == "${workspaceFolder}/.venv/bin/metaflow-lint"
    flow = project.file("flows/penguin_measurements/flow.py")
    flow.write_text(flow.read_text().replace('@project(name="palmer_penguins")\n', ""))
    output = project.run(sys.executable, "-m", "lint_rules", *task["args"], check=False).stdout
    pattern = task["problemMatcher"]["pattern"]
    found = [match for line in output.splitlines() if (match := re.match(pattern["regexp"], line))]
    assert "MF101" in {match[pattern["code"]] for match in found}
    for match in found:
        assert project.file(match[pattern["file"]]).is_file()
        assert int(match[pattern["line"]]) > 0
        assert match[pattern["message"]]


def test_opening_the_folder_runs_nothing(baked: BakedProject):
    """Neither a task nor the collection of tests, which would run what a checkout brings."""
    for task in json.loads(baked.read(".vscode/tasks.json"))["tasks"]:
        assert "runOptions" not in task
    assert not any("testing" in name for name in json.loads(baked.read(".vscode/settings.json")))


@pytest.mark.parametrize("examples", ["yes", "no"])
def test_assistants_read_of_what_exists(bake, examples: str):
    project = bake(example_flows=examples)
    page = project.read("AGENTS.md")
    targets = set(re.findall(r"^([a-z-]+):.*##", project.read("Makefile"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", page))
    assert {"setup", "flow", "fix", "lint", "test"} <= named <= targets
    assert set(re.findall(r"MF\d{3}", page)) <= {rule.code for rule in own_rules()}
    for name in re.findall(r"`((?:src|tests|flows)/[\w/.]*)`", page):
        if "what_it_makes" not in name:
            assert project.file(name).exists(), name
    # A page, no more: it is read at the start of every task.
    assert len(page.split()) < 700
