"""A project takes the linter from the very template that it was generated from."""

import re
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml

from .baking import (
    REPOSITORY,
    BakedProject,
    bake_into,
    commit_all,
    copy_template,
    git,
    isolated_environment,
)

PUBLISHED = "https://github.com/org/template"
VERSION = re.search(
    '__version__ = "(.+)"', REPOSITORY.joinpath("lint_rules", "__init__.py").read_text()
)[1]


def linter(project: BakedProject) -> tuple[str, str]:
    """Return the repository and the revision that the project takes metaflow-lint from."""
    repositories = yaml.safe_load(project.read(".pre-commit-config.yaml"))["repos"]
    (found,) = [repo for repo in repositories if {"id": "metaflow-lint"} in repo["hooks"]]
    return found["repo"], found["rev"]


@pytest.fixture
def template(tmp_path: Path) -> Path:
    """The template in a repository of its own, with a commit."""
    folder = copy_template(tmp_path / "template")
    commit_all(folder)
    return folder


@pytest.mark.parametrize(
    "name", ["plain", "with spaces", "ünï 🐧", "a'b\"c", "#: {x} <<y>>", "-dash", "tick`s $HOME"]
)
def test_a_folder_is_its_own_address(tmp_path: Path, name: str):
    folder = copy_template(tmp_path / name)
    commit = commit_all(folder)
    project = bake_into(tmp_path / "projects", template=folder)
    assert linter(project) == (str(folder), commit)
    assert "metaflow-lint" not in project.output


@pytest.mark.parametrize("typed", ["../template", "./../template", "../template/"])
def test_a_relative_path_is_made_absolute(template: Path, tmp_path: Path, typed: str):
    project = bake_into(tmp_path / "projects", template=typed)
    assert linter(project) == (str(template), git("rev-parse", "HEAD", cwd=template))


def test_a_relative_path_is_found_from_another_output_folder(template: Path, tmp_path: Path):
    environment = isolated_environment(tmp_path / "home") | {"PWD": str(tmp_path)}
    project = bake_into(
        tmp_path / "elsewhere" / "projects",
        template="template",
        cwd=tmp_path,
        env=environment,
    )
    assert linter(project) == (str(template), git("rev-parse", "HEAD", cwd=template))


def test_a_url_is_cloned_and_pinned(template: Path, tmp_path: Path):
    url = f"file://{shutil.move(template, tmp_path / 'template.git')}"
    project = bake_into(tmp_path / "projects", template=url)
    assert linter(project) == (url, git("rev-parse", "HEAD", cwd=tmp_path / "template.git"))
    # Cookiecutter keeps the clone under its name, and takes that for an answer from then on.
    again = bake_into(tmp_path / "projects", template="template", project_slug="again")
    assert linter(again) == linter(project)


def stand_in(address: str, folder: Path, environment: dict[str, str]) -> None:
    """Have git find in a folder what it would fetch from an address."""
    config = Path(environment["GIT_CONFIG_GLOBAL"])
    config.write_text(f'{config.read_text()}[url "file://{folder}/"]\ninsteadOf = "{address}"\n')


def test_the_short_form_of_a_url_is_pinned_to_the_url(template: Path, tmp_path: Path):
    """`gh:org/template`, with GitHub stood in for by a folder, as git's own settings can."""
    shutil.move(template, tmp_path / "org" / "template.git")
    environment = isolated_environment(tmp_path / "home")
    stand_in("https://github.com/org/", tmp_path / "org", environment)
    project = bake_into(tmp_path / "projects", template="gh:org/template", env=environment)
    # Cookiecutter clones https://github.com/org/template.git.
    assert linter(project) == (
        f"{PUBLISHED}.git",
        git("rev-parse", "HEAD", cwd=tmp_path / "org" / "template.git"),
    )


def test_a_token_in_a_url_is_left_out(template: Path, tmp_path: Path):
    shutil.move(template, tmp_path / "org" / "template.git")
    environment = isolated_environment(tmp_path / "home")
    stand_in("https://alice:hunter2@github.com/org/", tmp_path / "org", environment)
    url = "https://alice:hunter2@github.com/org/template.git"
    project = bake_into(tmp_path / "projects", template=url, env=environment)
    assert linter(project)[0] == f"{PUBLISHED}.git"
    assert not [path for path in project.files() if "hunter2" in path.read_text(encoding="utf-8")]


def test_an_earlier_revision_is_pinned_when_it_was_asked_for(template: Path, tmp_path: Path):
    first = git("rev-parse", "HEAD", cwd=template)
    template.joinpath("README.md").write_text("Newer.")
    commit_all(template, "Say that it is newer")
    url = f"file://{shutil.move(template, tmp_path / 'template.git')}"
    project = bake_into(tmp_path / "projects", template=url, options=("--checkout", first))
    assert linter(project) == (url, first)


def change(folder: Path) -> Path:
    folder.joinpath("cookiecutter.json").write_text(
        folder.joinpath("cookiecutter.json").read_text() + "\n"
    )
    return folder


def add(folder: Path) -> Path:
    folder.joinpath("hooks", "new.py").write_text("")
    return folder


def unlink(folder: Path) -> Path:
    shutil.rmtree(folder / ".git")
    return folder


def nest(folder: Path) -> Path:
    """Make the template a folder of a larger repository, at whose top there is no hook."""
    commit_all(unlink(folder).parent)
    return folder


def without_commits(folder: Path) -> Path:
    git("init", "--quiet", cwd=unlink(folder))
    return folder


def zipped(folder: Path) -> Path:
    archive = folder.with_name("template.zip")
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("template/", "")
        for path in unlink(folder).rglob("*"):
            file.write(path, Path("template") / path.relative_to(folder))
    return archive


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (change, "has changes that are not committed"),
        (add, "has changes that are not committed"),
        (unlink, "has no commit to pin (git: fatal: not a git repository"),
        (nest, "is no git repository"),
        (without_commits, "has no commit to pin (git: fatal: Needed a single revision"),
        (zipped, "has no commit to pin (git: fatal: not a git repository"),
    ],
)
def test_what_cannot_be_pinned_is_announced(template: Path, tmp_path: Path, spoil, reason: str):
    project = bake_into(tmp_path / "projects", template=spoil(template))
    assert f"The template {reason}" in project.output
    assert f"takes metaflow-lint from {PUBLISHED} at v{VERSION}" in project.output
    assert linter(project) == (PUBLISHED, f"v{VERSION}")


def test_without_git_the_published_revision_is_announced(template: Path, tmp_path: Path):
    environment = isolated_environment(tmp_path / "home") | {"PATH": str(tmp_path)}
    project = bake_into(tmp_path / "projects", template=template, env=environment)
    assert "The template cannot be asked for its commit without git" in project.output
    assert linter(project) == (PUBLISHED, f"v{VERSION}")


def test_git_variables_of_another_repository_do_not_mislead(template: Path, tmp_path: Path):
    """As when a project is generated from within a git hook."""
    other = tmp_path / "other"
    other.mkdir()
    other.joinpath("file").write_text("")
    commit_all(other)
    environment = isolated_environment(tmp_path / "home")
    environment |= {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other)}
    project = bake_into(tmp_path / "projects", template=template, env=environment)
    assert linter(project) == (str(template), git("rev-parse", "HEAD", cwd=template))


def test_without_hooks_the_project_names_the_published_repository(template: Path, tmp_path: Path):
    project = bake_into(tmp_path / "projects", template=template, options=("--accept-hooks", "no"))
    assert linter(project) == (PUBLISHED, f"v{VERSION}")
