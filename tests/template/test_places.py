"""Wherever a project is put, it is whole and works, or it is not there and a sentence says why."""

import runpy
import shutil
import sys
from pathlib import Path

import pytest
import tomllib

from .baking import (
    REPOSITORY,
    BakedProject,
    bake_into,
    commit_all,
    cookiecut,
    copy_template,
    isolated_environment,
    run,
)

COOKIECUTTER = [sys.executable, "-m", "cookiecutter", str(REPOSITORY), "--no-input"]
ODD = "Größe 🐧 'a' \"b\" $(id); & #1"


def files(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_a_small_world(script: str, folder: Path) -> str:
    """Run a shell script that may mount file systems, which nobody outside sees."""
    environment = isolated_environment(folder / "home")
    namespace = ["unshare", "--user", "--map-root-user", "--mount"]
    if (
        not shutil.which("unshare")
        or run(*namespace, "true", cwd=folder, env=environment, check=False).returncode
    ):
        pytest.skip("needs Linux with user namespaces")
    folder.joinpath("target").mkdir()
    result = run(*namespace, "sh", "-c", script, "sh", *COOKIECUTTER, cwd=folder, env=environment)
    return result.stdout + result.stderr


def test_a_full_disk_is_reported_and_left_as_it_was(tmp_path: Path):
    output = in_a_small_world(
        "mount -t tmpfs -o size=300k tmpfs target && echo mine >target/mine\n"
        '"$@" --output-dir target && exit 9\n'
        "echo left: $(find target -mindepth 1)",
        tmp_path,
    )
    assert "(No space left on device): free some space" in output
    assert output.count("left: target/mine\n") == 1


def test_a_read_only_disk_is_reported(tmp_path: Path):
    """Cookiecutter cannot make the folder; in one that there is, it cannot write."""
    output = in_a_small_world(
        "mount -t tmpfs tmpfs target && mkdir target/palmer_penguins\n"
        "mount -o remount,ro target\n"
        '"$@" --output-dir target --overwrite-if-exists && exit 9\n'
        '"$@" --output-dir target project_slug=other && exit 9\n'
        "echo left: $(find target -mindepth 1)",
        tmp_path,
    )
    assert "cannot be written to" in output
    assert "(Read-only file system)" in output
    assert "Unable to create directory at target/other" in output
    assert "left: target/palmer_penguins\n" in output


def test_a_limit_on_files_is_reported_and_nothing_is_left(tmp_path: Path):
    environment = isolated_environment(tmp_path / "home")
    limited = ["sh", "-c", 'ulimit -f 100; exec "$@"', "sh", *COOKIECUTTER]
    result = run(*limited, "-o", "projects", cwd=tmp_path, env=environment, check=False)
    assert result.returncode != 0
    assert "(File too large): free some space" in result.stderr
    assert list(tmp_path.joinpath("projects").iterdir()) == []


def test_a_project_takes_less_than_is_asked_for(bake):
    # One of its own: what tests run in the shared one leaves caches there.
    blocks = sum(-(-len(content) // 4096) * 4096 for content in files(bake().path).values())
    assert blocks < 2**20 / 2


@pytest.mark.parametrize("options", [("-f",), ("-f", "-s")])
def test_files_of_ones_own_stay_in_a_folder_that_there_is(tmp_path: Path, options: tuple[str, ...]):
    folder = tmp_path / "projects" / "palmer_penguins"
    folder.joinpath("src").mkdir(parents=True)
    folder.joinpath("src", "notes.txt").write_text("mine")
    folder.joinpath("LICENSE").write_text("mine")
    result = cookiecut(tmp_path / "projects", options=options)
    assert result.returncode == 0, result.stderr
    assert folder.joinpath("src", "notes.txt").read_text() == "mine"
    assert (folder.joinpath("LICENSE").read_text() == "mine") is ("-s" in options)
    assert folder.joinpath("flows", "penguin_measurements", "flow.py").exists()
    assert not list(folder.glob(".space*"))


def test_the_hook_knows_all_folders():
    hook = runpy.run_path(str(REPOSITORY / "hooks" / "pre_gen_project.py"))
    template = REPOSITORY / "<<cookiecutter.project_slug>>"
    assert {path.name for path in template.iterdir() if path.is_dir()} == set(hook["FOLDERS"])


@pytest.mark.parametrize("name", ["flows", "src"])
def test_a_file_where_a_folder_goes_is_refused(tmp_path: Path, name: str):
    """Cookiecutter would stop in the middle."""
    folder = tmp_path / "projects" / "palmer_penguins"
    folder.mkdir(parents=True)
    folder.joinpath(name).write_text("mine")
    before = files(folder)
    result = cookiecut(tmp_path / "projects", options=("-f",))
    assert result.returncode != 0
    assert f"{name} is a file, but the project needs a folder" in result.stderr
    assert files(folder) == before


def test_a_file_where_the_projects_folder_goes_stays(tmp_path: Path):
    tmp_path.joinpath("projects").mkdir()
    tmp_path.joinpath("projects", "palmer_penguins").write_text("mine")
    result = cookiecut(tmp_path / "projects")
    assert result.returncode != 0
    assert "directory already exists" in result.stdout + result.stderr
    assert tmp_path.joinpath("projects", "palmer_penguins").read_text() == "mine"


def test_a_home_that_cannot_be_written_is_named(tmp_path: Path):
    """Cookiecutter keeps the answers there before it begins."""
    tmp_path.joinpath("home").write_text("not a folder")
    environment = isolated_environment(tmp_path / "elsewhere") | {"HOME": str(tmp_path / "home")}
    result = cookiecut(tmp_path / "projects", env=environment)
    assert result.returncode != 0
    assert f"Unable to create directory at {tmp_path}/home/.cookiecutter_replay" in result.stderr
    assert list(tmp_path.joinpath("projects").iterdir()) == []


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"ci": "jenkins"}, "the choices are ['github', 'gitlab', 'none']"),
        ({"datastore": ""}, "the choices are ['s3', 'azure', 'gs']"),
        ({"python_version": "3.9"}, "the choices are ['3.11'"),
        ({"example_flows": "perhaps"}, "example_flows could not be converted to a boolean"),
    ],
)
def test_an_answer_that_is_no_choice_is_refused(tmp_path: Path, answers: dict, sentence: str):
    result = cookiecut(tmp_path / "projects", **answers)
    assert result.returncode != 0
    assert sentence in result.stderr
    assert list(tmp_path.joinpath("projects").iterdir()) == []


def test_without_git_the_project_is_made_and_says_what_it_is_pinned_to(tmp_path: Path):
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "dirname", "uname"):
        folder.joinpath(name).symlink_to(shutil.which(name))
    environment = isolated_environment(tmp_path / "home") | {"PATH": str(folder)}
    project = bake_into(tmp_path / "projects", env=environment)
    assert "cannot be asked for its commit without git" in project.output
    assert tomllib.loads(project.read("pyproject.toml"))["project"]["name"] == "palmer_penguins"


def test_git_without_an_identity_is_enough(tmp_path: Path):
    template = copy_template(tmp_path / "template")
    commit = commit_all(template)
    configuration = tmp_path / "gitconfig"
    configuration.write_text("[user]\nuseConfigOnly = true\n")
    environment = isolated_environment(tmp_path / "home")
    environment |= {"GIT_CONFIG_GLOBAL": str(configuration)}
    project = bake_into(tmp_path / "projects", template=template, env=environment)
    assert f'rev: "{commit}"' in project.read(".pre-commit-config.yaml")
    project = BakedProject(project.path, environment, "")
    project.run("git", "init", "--quiet")
    project.run("git", "add", ".")
    result = project.run("git", "commit", "--message", "Start", check=False)
    assert "Please tell me who you are" in result.stderr


def test_an_odd_path_is_a_place_like_any_other(tmp_path: Path):
    template = copy_template(tmp_path / ODD / "template")
    commit = commit_all(template)
    project = bake_into(tmp_path / ODD / "projects", template=template)
    assert f'rev: "{commit}"' in project.read(".pre-commit-config.yaml")
    # The package travels from there, data and all, to a run in test mode.
    assert "35 of 35 penguins" in project.flow("penguin_measurements", "run").stdout
    project.python("tools/new_flow.py", "prime_numbers")
    project.run("metaflow-lint", "check")
