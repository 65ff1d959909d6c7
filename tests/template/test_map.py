"""The map in a generated project's README shows its flows, and a check keeps it so."""

import sys

import pytest

from .baking import BakedProject

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
    said = project.run(*MAP, "--check", "README.md", check=False)
    assert said.returncode == 1
    assert "`metaflow-lint graph --write README.md` draws it anew" in said.stdout
    project.run(*MAP, "--write", "README.md")
    readme = project.read("README.md")
    assert "<b>penguins_weighed</b>" in readme
    assert "<i>no flow here waits for it</i>" in readme
    assert "<i>raised by nothing here</i>" in readme
    project.run(*MAP, "--check", "README.md")
