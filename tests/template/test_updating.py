"""A project takes over a newer template and keeps what is its owner's: docs/updating.md."""

import json
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from .baking import (
    REPOSITORY,
    BakedProject,
    bake_into,
    commit_all,
    copy_template,
    git,
    isolated_environment,
    run,
)

PUBLISHED = "https://github.com/org/template"
PROJECT = "<<cookiecutter.project_slug>>"
# Looks like code to one tool or another, and to no part of an update.
HARMLESS = "{{ 7*7 }} {% raw %} < < >> %> $(touch PWN) `touch PWN` ${{ x }} \"'\\ # é"
PAGE = (REPOSITORY / "docs" / "updating.md").read_text(encoding="utf-8")


def commands(heading: str) -> list[str]:
    """Return the page's commands under a heading."""
    (section,) = re.findall(rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    return [
        line
        for block in re.findall(r"```sh\n(.*?)```", section, re.S)
        for line in block.splitlines()
    ]


@dataclass(frozen=True)
class Template:
    """The template in a repository of its own, found at the published address."""

    folder: Path
    first: str
    environment: dict[str, str]
    projects: Path

    def change(self, name: str, old: str, new: str) -> None:
        """Replace a text in one of the template's files."""
        file = self.folder / name
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    def commit(self) -> str:
        return commit_all(self.folder, "Go on")

    def go_on(self) -> str:
        """Commit a newer template, with a newer linter; return the commit."""
        self.change(f"{PROJECT}/Makefile", "## List the targets", "## Show the targets")
        self.change(
            f"{PROJECT}/.envrc",
            "export METAFLOW_DEFAULT_DATASTORE",
            "export NEWER=1\nexport METAFLOW_DEFAULT_DATASTORE",
        )
        self.change(
            f"{PROJECT}/flows/penguin_measurements/flow.py", "summarise them", "add them up"
        )
        self.change(
            ".pre-commit-hooks.yaml", "name: metaflow-lint", "name: the newer metaflow-lint"
        )
        (self.folder / PROJECT / "newer.md").write_text("For << cookiecutter.project_name >>.\n")
        return self.commit()

    def sh(
        self, command: str, project: BakedProject | None = None, check: bool = True, typed: str = ""
    ):
        """Run a command of the page's in a project, or where projects are made."""
        folder = project.path if project else self.projects
        return run(
            "/bin/sh", "-c", command, cwd=folder, env=self.environment, check=check, stdin=typed
        )

    @property
    def project(self) -> BakedProject:
        return BakedProject(self.projects / "palmer_penguins", self.environment, "")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The template as it is at first, and below `projects` one project of cruft's, committed."""
    folder = tmp_path_factory.mktemp("first")
    template = template_in(folder, commit_all(copy_template(folder / "template")))
    install, create = commands("Start with cruft")
    assert install == "pip install cruft"
    template.sh(create, typed="\n" * 30)
    commit_all(template.project.path)
    return template


def template_in(folder: Path, first: str) -> Template:
    """Return the template in a folder, which is what git finds at the published address."""
    environment = isolated_environment(folder / "alice")
    config = Path(environment["GIT_CONFIG_GLOBAL"])
    published = f'[url "file://{folder}/template"]\ninsteadOf = "{PUBLISHED}"\n'
    config.write_text(f"{config.read_text()}{published}")
    projects = folder / "projects"
    projects.mkdir(exist_ok=True)
    return Template(folder / "template", first, environment, projects)


@pytest.fixture
def template(first: Template, tmp_path: Path) -> Template:
    """A template of one's own, in its first state, and no project."""
    shutil.copytree(first.folder, tmp_path / "template", symlinks=True)
    return template_in(tmp_path, first.first)


@pytest.fixture
def created(first: Template, template: Template) -> BakedProject:
    """A project that cruft made, committed."""
    shutil.copytree(first.project.path, template.project.path, symlinks=True)
    return template.project


@pytest.fixture
def made(template: Template) -> BakedProject:
    """A project that Cookiecutter made, committed, with answers that are not the default ones."""
    project = bake_into(
        template.projects,
        template=PUBLISHED,
        env=template.environment,
        project_slug="palmer_penguins",
        project_name='Penguins\' "own" <names> 🐧',
        description=HARMLESS,
        license="Apache-2.0",
    )
    commit_all(project.path)
    return BakedProject(project.path, template.environment, project.output)


def pin(project: BakedProject) -> tuple[str, str]:
    """Return the repository and the revision that the linter comes from."""
    text = project.read(".pre-commit-config.yaml")
    return json.loads(re.search(r"repo: (.+)", text)[1]), json.loads(
        re.search(r"rev: (.+)", text)[1]
    )


def update(template: Template, project: BakedProject) -> None:
    """Run the page's commands that look for what is new and take it over, up to the commit."""
    diff, check, update, commit = commands("See what is new, and update")
    assert template.sh(check, project, check=False).returncode == 1
    template.sh(diff, project)
    template.sh(update, project)
    assert commit.startswith("git commit -am")


def test_a_project_takes_over_a_newer_template_and_its_linter(
    template: Template, created: BakedProject
):
    diff, check, _, commit = commands("See what is new, and update")
    assert pin(created) == (PUBLISHED, template.first)
    assert template.sh(diff, created).stdout == ""
    template.sh(check, created)

    created.file("Makefile").write_text(created.read("Makefile") + "# ours\n")
    created.python("tools/new_flow.py", "penguin_names")
    commit_all(created.path, "Go our own way")
    second = template.go_on()
    update(template, created)
    assert "## Show the targets" in created.read("Makefile")
    assert created.read("Makefile").endswith("# ours\n")
    assert "export NEWER=1" in created.read(".envrc")
    assert created.read("newer.md") == "For Palmer Penguins.\n"
    assert created.file("flows/penguin_names/flow.py").exists()
    assert pin(created) == (PUBLISHED, second)
    git("add", "--all", cwd=created.path)
    template.sh(commit, created)
    template.sh(check, created)
    # What is ours is still what the template would undo.
    assert "-# ours" in template.sh(diff, created).stdout
    # pre-commit builds the linter anew, from the newer revision.
    output = created.run(
        sys.executable, "-m", "pre_commit", "run", "metaflow-lint", "--all-files"
    ).stdout
    assert re.search(r"the newer metaflow-lint\.+Passed", output)


def test_a_project_of_cookiecutters_is_linked_and_updated(template: Template, made: BakedProject):
    repo, rev = pin(made)
    assert rev == template.first
    second = template.go_on()
    link, add, commit = commands("Link a project that Cookiecutter created")
    template.sh(link.replace("REPO", repo).replace("REV", rev), made)
    template.sh(add, made)
    template.sh(commit, made)
    answers = made.read(".cookiecutter.json")
    assert json.loads(answers)["description"] == HARMLESS
    # The answers are the right ones: nothing differs.
    assert template.sh(commands("See what is new, and update")[0], made).stdout == ""
    update(template, made)
    assert pin(made) == (repo, second)
    assert made.read("newer.md") == 'For Penguins\' "own" <names> 🐧.\n'
    assert "Apache License" in made.read("LICENSE")
    assert made.read(".cookiecutter.json") == answers
    assert made.files("PWN") == []


@pytest.mark.parametrize("origin", ["created", "made"])
def test_make_update_does_it_all(template: Template, origin: str, request):
    project = request.getfixturevalue(origin)
    environment = project.file(".venv")
    environment.joinpath("bin").mkdir(parents=True)
    for tool in ("python", "cruft"):
        environment.joinpath("bin", tool).symlink_to(Path(sys.executable).with_name(tool))
    environment.joinpath(".done").touch()
    second = template.go_on()
    (command,) = commands("In a generated project")
    template.sh(command, project)
    assert pin(project)[1] == second
    assert project.file("newer.md").exists()
    assert json.loads(project.read(".cruft.json"))["commit"] == second


def test_what_both_changed_is_a_conflict(template: Template, created: BakedProject):
    flow = "flows/penguin_measurements/flow.py"
    created.file(flow).write_text(created.read(flow).replace("summarise them", "tot them up"))
    created.file("src/SLUG/species.py").unlink()
    commit_all(created.path, "Go our own way")
    template.change(f"{PROJECT}/src/{PROJECT}/species.py", "species", "kind")
    template.go_on()
    update(template, created)
    text = created.read(flow)
    assert "<<<<<<< ours" in text
    assert "tot them up" in text
    assert "add them up" in text
    assert "Show the targets" in created.read("Makefile")
    status = git("status", "--porcelain", cwd=created.path).splitlines()
    assert [line for line in status if line.startswith("UU")] == [f"UU {flow}"]
    # What was deleted stays so.
    assert not created.file("src/SLUG/species.py").exists()


def test_without_git_what_does_not_fit_is_left_beside_the_file(
    template: Template, created: BakedProject
):
    flow = "flows/penguin_measurements/flow.py"
    created.file(flow).write_text(created.read(flow).replace("summarise them", "tot them up"))
    run("rm", "-r", ".git", cwd=created.path, env=template.environment)
    template.go_on()
    update(template, created)
    assert "tot them up" in created.read(flow)
    assert "add them up" in created.read(f"{flow}.rej")
    assert "Show the targets" in created.read("Makefile")


def test_new_questions_other_answers_and_files_to_skip(template: Template, created: BakedProject):
    settings = "[tool.cruft]\nskip = ['README.md']\n\n[tool.ruff]\n"
    text = created.read("pyproject.toml").replace("[tool.ruff]\n", settings)
    created.file("pyproject.toml").write_text(text)
    commit_all(created.path, "Keep the README")
    template.change("cookiecutter.json", '"license": [', '"colour": "blue",\n  "license": [')
    template.change(f"{PROJECT}/Makefile", "help: ##", "help: ## << cookiecutter.colour >>:")
    template.change(f"{PROJECT}/README.md", "## Start", "## Start here")
    template.commit()
    update(template, created)
    assert "help: ## blue: List" in created.read("Makefile")
    assert "## Start\n" in created.read("README.md")
    assert json.loads(created.read(".cookiecutter.json"))["colour"] == "blue"
    commit_all(created.path)
    (other_answer,) = re.findall(r"`(cruft update [^`]*--extra-context [^`]+)`", PAGE)
    template.sh(other_answer, created)
    assert "Apache License" in created.read("LICENSE")
