"""A generated project does what its README says, with nothing but Python, pip, git and make."""

import re
import shutil
import sys
from pathlib import Path

import pytest
import tomllib
import yaml

from .baking import REPOSITORY, BakedProject, commit_all, copy_template
from .ran import Ran

FLOWS = {
    "penguin_measurements": "PenguinMeasurements",
    "penguin_species_classifier": "PenguinSpeciesClassifier",
}


def test_the_project_sets_itself_up_tests_itself_and_runs(bake, tmp_path: Path):
    """The README's first commands, in a fresh environment, with hostile text in what is built."""
    text = "Penguins \"in\" 'a' \\ {{ row }} 🐧"
    template = copy_template(tmp_path / "a template, 'odd' ünd \"quoted\"")
    commit = commit_all(template)
    answers = {"project_name": text, "description": text, "author": text, "project_slug": "birds"}
    project = bake(template=template, **answers)
    fresh = {
        name: value
        for name, value in project.environment.items()
        if not name.startswith("METAFLOW")
    }
    # Without this repository's environment, in which all tools are installed already.
    path = fresh["PATH"].removeprefix(str(Path(sys.executable).parent)).lstrip(":")
    python = Path(sys.base_prefix, "bin", "python3")
    fresh |= {"PATH": path, "PYTHON": str(python)}
    project = BakedProject(project.path, fresh, project.output)
    project.run("git", "init", "--quiet")
    project.run("make", "setup")
    assert project.file(".git/hooks/pre-commit").exists()
    assert " passed" in project.run("make", "test").stdout
    output = project.run("make", "run").stdout
    assert "35 of 35 penguins were measured completely" in output
    assert "classified correctly by" in output
    assert project.file(".metaflow/PenguinSpeciesClassifier").is_dir()
    # The linter is of the revision that commits are checked with, and has nothing to fix.
    installed = project.run(".venv/bin/python", "-m", "pip", "freeze").stdout
    assert re.search(rf"metaflow-lint @ git\+file://.*@{commit}", installed)
    project.run("git", "add", "--all")
    project.run("make", "fix", "types")
    assert project.run("git", "diff", "--stat").stdout == ""
    assert "MF101" in project.run(".venv/bin/metaflow-lint", "rule", "MF101").stdout
    # The environment is made once.
    assert "pip install" not in project.run("make", "setup").stdout


def test_setup_without_the_linter_says_so_and_goes_on(project: BakedProject):
    """As where the template's repository cannot be reached."""
    shutil.copytree(Path(sys.executable).parent, project.file(".venv/bin"), symlinks=True)
    project.file(".venv/.done").touch()
    text = project.read(".pre-commit-config.yaml")
    text, count = re.subn("repo: (?!local).*", "repo: /nowhere", text)
    assert count == 1
    project.file(".pre-commit-config.yaml").write_text(text)
    output = project.run("make", "setup").stdout
    assert "metaflow-lint is not in .venv" in output


def test_setup_outside_of_a_repository_says_what_is_missing(bake):
    project = bake()
    project.file(".venv").mkdir()
    project.file(".venv/.done").touch()
    output = project.run("make", "setup").stdout
    assert "git init, then make setup again" in output


def test_setup_with_an_older_python_says_which_is_needed(bake):
    """Asks for a newer Python than this one, which stands in for an older one."""
    version = next(
        each
        for each in ("3.14", "3.13", "3.12")
        if sys.version_info < tuple(map(int, each.split(".")))
    )
    project = bake(python_version=version)
    result = project.run("make", "setup", f"PYTHON={sys.executable}", check=False)
    assert result.returncode != 0
    assert f"This project needs Python {version} or newer" in result.stderr


@pytest.mark.parametrize("flow", FLOWS)
def test_the_shared_package_and_its_data_travel_with_each_flow(baked: BakedProject, flow: str):
    output = baked.flow(flow, "package", "list").stderr
    listed = {path.removeprefix(f"{baked.path}/") for path in output.split()}
    package = {
        str(path.relative_to(baked.path)) for path in baked.file("src").rglob("*") if path.is_file()
    }
    assert {path for path in package if "__pycache__" not in path} <= listed


@pytest.mark.parametrize(("flow", "name"), FLOWS.items())
def test_each_flow_is_named_for_its_folder_and_belongs_to_the_project(
    baked: BakedProject, flow: str, name: str
):
    output = baked.flow(flow, "show").stderr
    assert f"executing {name} for" in output
    assert f"Project: {baked.slug}, Branch: user.alice" in output


def test_importing_the_package_looks_at_the_projects_runs(baked: BakedProject):
    code = "import palmer_penguins, metaflow; print(metaflow.get_namespace())"
    assert baked.python("-c", code).stdout.strip() == "project:palmer_penguins"


def test_a_runs_own_namespace_wins_over_the_packages(project: BakedProject):
    """`--namespace` is how a deployment looks at its production token's runs alone."""
    module = project.file("src/SLUG/penguins.py")
    show = "print(__import__('metaflow').get_namespace())"
    module.write_text(f"{module.read_text()}\n{show}\n")
    output = project.flow("penguin_measurements", "run", "--namespace", "production:token").stdout
    assert "production:token" in output
    assert "project:palmer_penguins" not in output


def test_a_package_that_is_first_imported_in_a_step_sets_its_own(project: BakedProject):
    """Hence the page's advice to import it at the top."""
    flow = project.file("flows/penguin_names/flow.py")
    flow.parent.mkdir()
    flow.write_text(
        "from metaflow import FlowSpec, get_namespace, step\n\n\n"
        "class PenguinNames(FlowSpec):\n"
        "    @step\n    def start(self):\n        self.next(self.end)\n\n"
        "    @step\n    def end(self):\n        import palmer_penguins\n\n"
        "        print(palmer_penguins.__name__, get_namespace())\n\n\n"
        'if __name__ == "__main__":\n    PenguinNames()\n'
    )
    output = project.flow("penguin_names", "run", "--namespace", "production:token").stdout
    assert "palmer_penguins project:palmer_penguins" in output


def test_the_data_are_the_published_ones(baked: BakedProject):
    """344 penguins, with the counts by species that their publication gives."""
    rows = baked.read("src/SLUG/data/penguins.csv").splitlines()
    species = [row.split(",")[0] for row in rows[1:]]
    assert {name: species.count(name) for name in set(species)} == {
        "Adelie": 152,
        "Gentoo": 124,
        "Chinstrap": 68,
    }


def test_development_stays_on_this_machine(project: BakedProject):
    settings = ("DEFAULT_DATASTORE", "DEFAULT_METADATA", "DATASTORE_SYSROOT_LOCAL")
    shown = " ".join(f"$METAFLOW_{name}" for name in settings)
    output = project.run("sh", "-c", f". ./.envrc && echo {shown}").stdout
    assert output.split() == ["local", "local", str(project.path)]


def test_ruff_is_the_one_that_this_repository_uses(baked: BakedProject):
    groups = tomllib.loads(REPOSITORY.joinpath("pyproject.toml").read_text())["dependency-groups"]
    ours = [*groups["dev"][1:], *groups["linter"]]
    theirs = tomllib.loads(baked.read("pyproject.toml"))["dependency-groups"]["dev"]
    hooks = [
        hook
        for repo in yaml.safe_load(baked.read(".pre-commit-config.yaml"))["repos"]
        for hook in repo["hooks"]
    ]
    theirs += [each for hook in hooks for each in hook.get("additional_dependencies", [])]
    assert set(theirs) <= set(ours)


def test_the_readmes_python_runs(tested: Ran):
    (example,) = re.findall(r"```python\n(.*?)```", tested.project.read("README.md"), re.DOTALL)
    assert "user.alice" in example  # who the tests are
    output = tested.project.python("-c", example).stdout
    assert re.fullmatch(r"Gentoo, and \d+% of all penguins are classified correctly\n", output)
