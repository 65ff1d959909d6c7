"""The repository's own workflows: hardened, and made of targets that there are."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


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
