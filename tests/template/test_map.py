"""The map in a generated project's README shows its flows, and a check keeps it so."""

import json
import re
import sys
from pathlib import Path

import pytest
import yaml

from .baking import REPOSITORY, BakedProject

MAP = (sys.executable, "-m", "lint_rules", "graph")


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"project_slug": "a"},
        {"project_slug": "b" * 128},
        {"example_flows": "n"},
        {"scheduler": "step-functions"},
        {"scheduler": "none"},
    ],
    ids=str,
)
def test_the_map_in_the_readme_is_current(bake, answers):
    project = bake(**answers)
    project.run(*MAP, "--check", "README.md")


def test_it_shows_who_raises_waits_and_reads(baked: BakedProject):
    readme = baked.read("README.md")
    for link in (
        'flow_PenguinMeasurements -->|"raises"| event_penguins_measured',
        'flow_PenguinMeasurements -.->|"results, by get_penguin_measurements"| '
        "flow_PenguinSpeciesClassifier",
        'event_penguins_measured -->|"starts"| flow_PenguinSpeciesClassifier',
    ):
        assert f"    {link}\n" in readme


def test_a_changed_event_makes_the_check_fail_and_says_what_mends_it(project: BakedProject):
    flow = project.file("flows/penguin_measurements/flow.py")
    flow.write_text(flow.read_text().replace('"penguins_measured"', '"penguins_weighed"'))
    output = project.run(*MAP, "--check", "README.md", check=False)
    assert output.returncode == 1
    assert "Update it with `metaflow-lint graph --write README.md`." in output.stdout
    project.run(*MAP, "--write", "README.md")
    readme = project.read("README.md")
    assert "<b>penguins_weighed</b>" in readme
    assert "<i>no flow here waits for it</i>" in readme
    assert "<i>raised by nothing here</i>" in readme
    project.run(*MAP, "--check", "README.md")


DOCS = (Path(__file__).parents[2] / "docs" / "graph.md").read_text(encoding="utf-8")


def test_the_commands_of_the_docs_do_what_they_say(project: BakedProject):
    blocks = re.findall(r"```sh\n(.*?)```", DOCS, re.DOTALL)
    commands = [line for block in blocks for line in block.splitlines()]
    assert len(commands) == 8
    output = [project.run("sh", "-c", command).stdout for command in commands]
    assert output[0].startswith("flowchart LR\n")
    assert [text.partition("\n")[0] for text in output[1:3]] == ["flowchart TD", "flowchart TD"]
    assert output[3:7] == [""] * 4
    assert project.read("map.html").startswith("<!doctype html>")
    assert "https://example.org/blob/main/flows/" in project.read("map.svg")
    document = json.loads(output[7])
    assert document["version"] == 1
    flow = document["flows"][0]
    kinds = {
        "flows": flow,
        "steps": flow["steps"][0],
        "arrows": flow["arrows"][0],
        "events": document["events"][0],
        "links": document["links"][0],
    }
    for kind, given in kinds.items():
        (table,) = re.findall(
            rf"^\| `{kind}` \| \|\n\|---\|---\|\n((?:\|.*\n)+)", DOCS, re.MULTILINE
        )
        keys = [re.findall(r"`(\w+)`", row.split("|")[1]) for row in table.splitlines()]
        assert {key for row in keys for key in row} == set(given), kind


def test_the_hook_of_the_docs_is_the_one_there_is(project: BakedProject):
    (shown,) = re.findall(r"```yaml\n(.*?)```", DOCS, re.DOTALL)
    (wanted,) = yaml.safe_load(shown)["repos"][0]["hooks"]
    hooks = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    hook = next(hook for hook in hooks if hook["id"] == wanted["id"])
    assert hook["args"] == wanted["args"]
    project.run(*hook["entry"].split(), *hook["args"])
