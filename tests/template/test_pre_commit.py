"""A fresh project passes its own checks on a commit, and a flow that breaks the guide does not."""

import sys
from pathlib import Path

import pytest

from .baking import BakedProject, bake_into, commit_all, copy_template

# MF001, MF101, MF201 and MF302, and an import that Ruff wants elsewhere.
BAD_FLOW = """
from metaflow import step, FlowSpec


class PenguinColoursFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass


if __name__ == "__main__":
    PenguinColoursFlow()
"""

GOOD_FLOW = '''"""Guess the colours of penguins."""

from metaflow import FlowSpec, Parameter, current, project, step

from palmer_penguins.test_mode import no_test_mode_in_production


@no_test_mode_in_production
@project(name="palmer_penguins")
class PenguinColours(FlowSpec):
    """Guess the colours of penguins."""

    test_mode = Parameter(
        "test-mode",
        help="Guess one colour only",
        type=bool,
        default=lambda _: not current.is_production,
    )

    colours: list[str]

    @step
    def start(self):
        """Guess."""
        self.colours = ["black"] if self.test_mode else ["black", "white"]
        self.next(self.end)

    @step
    def end(self):
        """Say what was guessed."""
        print(*self.colours)


if __name__ == "__main__":
    PenguinColours()
'''


@pytest.fixture
def project(tmp_path: Path) -> BakedProject:
    """A fresh project, in git but not committed, from a template of the work tree's state."""
    template = copy_template(tmp_path / "a template, 'odd' ünd \"quoted\"")
    commit_all(template)
    project = bake_into(tmp_path / "projects", template=template)
    project.run("git", "init", "--quiet")
    project.run("git", "add", "--all")
    return project


def test_a_fresh_project_passes_and_a_bad_flow_is_refused(project: BakedProject):
    checks = (sys.executable, "-m", "pre_commit")
    output = project.run(*checks, "run", "--all-files").stdout
    assert [output.count(word) for word in ("Passed", "Failed", "Skipped")] == [4, 0, 0]
    assert project.run("git", "diff", "--stat").stdout == ""

    project.run(*checks, "install")
    project.run("git", "commit", "--quiet", "--message", "Start from the template")
    flow = project.file("flows/penguin_colours/flow.py")
    flow.parent.mkdir()
    flow.write_text(BAD_FLOW)
    project.run("git", "add", "--all")
    refused = project.run("git", "commit", "--message", "Guess colours", check=False)
    assert refused.returncode != 0
    output = refused.stdout + refused.stderr
    for code in ("MF001", "MF101", "MF201", "MF302", "I001"):
        assert code in output
    assert "flows/penguin_colours/flow.py" in output

    flow.write_text(GOOD_FLOW)
    project.run("git", "add", "--all")
    refused = project.run("git", "commit", "--message", "Guess colours", check=False)
    assert refused.returncode != 0
    output = refused.stdout + refused.stderr
    assert output.count("Failed") == 1
    assert "the map in README.md is up to date (make map updates it)" in output
    assert "Update it with `metaflow-lint graph --write README.md`." in output
    environment = project.file(".venv/bin")
    environment.mkdir(parents=True)
    environment.joinpath("metaflow-lint").symlink_to(Path(sys.executable).parent / "metaflow-lint")
    for stamp in (".done", ".linter"):
        environment.parent.joinpath(stamp).touch()
    project.run("make", "map")
    assert project.run("git", "diff", "--name-only").stdout == "README.md\n"
    assert 'flow_PenguinColours["<b>PenguinColours</b>"]' in project.read("README.md")
    project.run("git", "add", "--all")
    project.run("git", "commit", "--quiet", "--message", "Guess colours")
    assert project.run("git", "status", "--porcelain").stdout == ""
    assert "black" in project.flow("penguin_colours", "run").stdout
