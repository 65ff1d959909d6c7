"""The repository's own workflows: hardened, and made of targets that there are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tomllib
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


@pytest.mark.process
def test_zizmor_finds_nothing():
    """Offline, so that the gate needs no more than the package registry."""
    done = subprocess.run(
        [
            Path(sys.executable).with_name("zizmor"),
            "--offline",
            "--pedantic",
            "--no-config",
            GITHUB,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No findings" in done.stdout + done.stderr


def _steps(workflow):
    for job in yaml.safe_load(workflow.read_text())["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_what_is_made_can_be_made(workflow):
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    made = [word for s in _steps(workflow) for word in re.findall(r"make (\S+)", s.get("run", ""))]
    assert made
    assert set(made) <= set(targets)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_actions_are_pinned_by_commit_and_say_their_version(workflow):
    for line in re.findall(r"uses: (.*)", workflow.read_text()):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)


def test_no_job_with_rights_runs_what_could_change_the_packages():
    """Jobs that may sign or publish run no command; they download, and use pinned actions."""
    jobs = yaml.safe_load((GITHUB / "workflows" / "release.yml").read_text())["jobs"]
    allowed = {
        "actions/download-artifact",
        "actions/attest-build-provenance",
        "pypa/gh-action-pypi-publish",
    }
    trusted = {name for name, job in jobs.items() if "write" in job["permissions"].values()}
    assert trusted == {"attest", "publish"}
    for name in trusted:
        steps = jobs[name]["steps"]
        assert [step for step in steps if "run" in step] == []
        assert {step["uses"].partition("@")[0] for step in steps} <= allowed
    # All that tests and tries has passed before, and what builds has nothing else installed.
    assert set(jobs["attest"]["needs"]) == {"test", "try"}
    assert jobs["publish"]["needs"] == "attest"
    made = [step["run"] for step in jobs["build"]["steps"] if "make" in step.get("run", "")]
    assert made == ["make dist"]


def test_what_builds_the_packages_is_pinned_to_the_last_one():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pinned = project["dependency-groups"]["release"]
    assert all(re.fullmatch(r"[\w-]+==[\d.]+", each) for each in pinned)
    assert set(project["build-system"]["requires"]) <= set(pinned)
    (recipe,) = re.findall(
        r"^dist:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text(), re.MULTILINE
    )
    assert "--no-deps --group release" in recipe
    assert "--no-isolation" in recipe


def test_every_python_that_is_promised_is_tested():
    text = (ROOT / "pyproject.toml").read_text()
    promised = set(re.findall(r'"Programming Language :: Python :: (3\.\d+)"', text))
    workflow = yaml.safe_load((GITHUB / "workflows" / "ci.yml").read_text())
    tested = set(workflow["jobs"]["test"]["strategy"]["matrix"]["python"])
    # The template, its tools and what tests them want 3.11; the linter runs on an older one too.
    older = {step["with"]["python-version"] for step in _set_up(workflow["jobs"]["oldest"])}
    assert promised == tested | older


def _set_up(job):
    return [step for step in job["steps"] if "setup-python" in step.get("uses", "")]
