"""The CI's credentials: in a private folder while it deploys, and nowhere before and after."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .baking import BakedProject
from .stand_ins import Identity

# Stands in for `python -m deploy`: prints what it is given, and waits if the test asks for it.
DEPLOY = """
import json, os, stat, sys, time
from pathlib import Path

def mode(path):
    return stat.S_IMODE(os.stat(path).st_mode)

files = {
    "config": Path(os.environ["METAFLOW_HOME"], "config.json"),
    "kubeconfig": Path(os.environ["KUBECONFIG"]),
    "token": Path(os.environ["AWS_WEB_IDENTITY_TOKEN_FILE"]),
}
print(json.dumps({
    "arguments": sys.argv[1:],
    "environment": dict(os.environ),
    "folders": sorted({str(path.parent) for path in files.values()}),
    "modes": [mode(path) for path in files.values()] + [mode(files["config"].parent)],
    "texts": {name: path.read_text() for name, path in files.items()},
}), flush=True)
time.sleep(60 if "wait" in sys.argv else 0)
sys.exit(7)
"""

GIVEN = {"DEPLOY_CONFIG": '{"A": "b\\n%s"}', "KUBECONFIG_TEXT": "a: b\nc: d\n"}
GITLAB = GIVEN | {"AWS_TOKEN": "a.b.c"}


def with_stand_in(project: BakedProject) -> BakedProject:
    project.file("deploy/__main__.py").write_text(DEPLOY)
    return project


@pytest.fixture
def on_gitlab(bake) -> BakedProject:
    return with_stand_in(bake(ci="gitlab"))


def deploy(project: BakedProject, place: Path, *arguments: str, **variables: str):
    """Run the CI's command with a folder for temporary files."""
    place.mkdir(exist_ok=True)
    command = ("tools/ci_deploy.py", *arguments)
    return project.python(*command, check=False, anew=True, TMPDIR=str(place), **variables)


def test_the_files_are_private_and_gone_afterwards(on_gitlab: BakedProject, tmp_path: Path):
    place = tmp_path / "temporary"
    result = deploy(on_gitlab, place, "create", "--branch", "$(id) `x`; \n'", **GITLAB)
    assert result.returncode == 7, result.stderr
    output = json.loads(result.stdout)
    assert output["arguments"] == ["create", "--branch", "$(id) `x`; \n'"]
    assert output["texts"] == {
        "config": GIVEN["DEPLOY_CONFIG"],
        "kubeconfig": GIVEN["KUBECONFIG_TEXT"],
        "token": "a.b.c",
    }
    assert output["modes"] == [0o600, 0o600, 0o600, 0o700]
    (folder,) = output["folders"]
    assert Path(folder).parent == place
    assert not set(GITLAB) & set(output["environment"])
    assert list(place.iterdir()) == []


def test_the_runners_temporary_folder_is_used(on_gitlab: BakedProject, tmp_path: Path):
    """It is emptied also after a job that was killed."""
    place = tmp_path / "runner"
    place.mkdir()
    result = deploy(on_gitlab, tmp_path / "other", "create", RUNNER_TEMP=str(place), **GITLAB)
    (folder,) = json.loads(result.stdout)["folders"]
    assert Path(folder).parent == place
    assert list(place.iterdir()) == []


def test_github_gives_its_token_to_nobody_else(bake, tmp_path: Path):
    project = with_stand_in(bake())
    with Identity() as identity:
        github = {
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN": "hunter2-hunter2",
            "ACTIONS_ID_TOKEN_REQUEST_URL": f"{identity.address}/token?v=1",
        }
        result = deploy(project, tmp_path / "temporary", "create", **GIVEN, **github)
    output = json.loads(result.stdout)
    assert identity.asked == [("/token?v=1&audience=sts.amazonaws.com", "bearer hunter2-hunter2")]
    assert "tools/ci_deploy.py create" in identity.processes
    assert "hunter2" not in identity.processes + result.stdout + result.stderr
    assert output["texts"]["token"] == "a.b.c"
    assert not {*GIVEN, *github} & set(output["environment"])
    # The server is gone.
    result = deploy(project, tmp_path / "temporary", "create", **GIVEN, **github)
    assert result.returncode == 2
    assert result.stderr.startswith("GitHub gives no identity token: ")
    assert "Traceback" not in result.stderr
    assert "hunter2" not in result.stderr
    assert list(tmp_path.joinpath("temporary").iterdir()) == []


@pytest.mark.parametrize("name", GITLAB)
def test_what_is_not_set_is_named(on_gitlab: BakedProject, tmp_path: Path, name: str):
    result = deploy(on_gitlab, tmp_path / "temporary", "create", **(GITLAB | {name: ""}))
    assert result.returncode == 2
    assert result.stderr == f"{name} is not set: see docs/deployment.md\n"
    assert list(tmp_path.joinpath("temporary").iterdir()) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_job_that_is_cancelled_leaves_nothing(
    on_gitlab: BakedProject, tmp_path: Path, number: signal.Signals
):
    place = tmp_path / "temporary"
    place.mkdir()
    command = [sys.executable, "tools/ci_deploy.py", "wait"]
    environment = on_gitlab.environment | GITLAB | {"TMPDIR": str(place)}
    with subprocess.Popen(
        command, cwd=on_gitlab.path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as job:
        assert job.stdout.readline()
        assert len(list(place.iterdir())) == 1
        began = time.monotonic()
        job.send_signal(number)
        assert job.wait() != 0
        assert time.monotonic() - began < 30  # what it had started has ended, too
    assert list(place.iterdir()) == []
