"""Types of a generated project are right from the start, and checked with Metaflow's stubs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from .baking import BakedProject


@pytest.fixture
def mypy(all_baked: Path) -> Callable[..., str]:
    """Check the types of a project; what mypy knows of Metaflow's stubs, it keeps for all."""

    def checked(project: BakedProject, check: bool = True) -> str:
        return project.run("mypy", check=check, MYPY_CACHE_DIR=str(all_baked / "mypy")).stdout

    return checked


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"example_flows": "no", "project_slug": "birds", "python_version": "3.14"},
        {"scheduler": "step-functions", "environment": "uv", "ci": "gitlab"},
        {"scheduler": "none", "datastore": "gs", "ci": "none", "project_slug": "b" * 128},
    ],
)
def test_types_are_right_whatever_the_answers_and_in_added_flows(bake, mypy, answers: dict):
    project = bake(**answers)
    project.python("tools/new_flow.py", "bird_names")
    if "raise_event" in "".join(path.read_text() for path in project.files("flow.py")):
        project.python("tools/new_flow.py", "bird_songs", "--on", "penguins_measured")
    mypy(project)


def test_mistakes_are_found(project: BakedProject, mypy):
    module = project.file("src/SLUG/mistakes.py")
    module.write_text(
        "from metaflow import Flow, current, projekt\n\n"
        "from palmer_penguins.getters import get_penguin_measurements\n"
        "from palmer_penguins.species import fit\n\n"
        "fit('penguins', [])\n"
        "print(current.is_productive, Flow('A').last_run)\n"
        "get_penguin_measurements(brunch='prod')\n"
    )
    # An environment in the project is not the project's own.
    project.file(".venv").mkdir()
    project.file(".venv/foreign.py").write_text("number: int = ''\n")
    output = mypy(project, check=False)
    found = ("projekt", "is_productive", "last_run", "brunch", 'incompatible type "str"')
    assert [text for text in found if text not in output] == []
    assert "Found 5 errors in 1 file" in output
