"""What the READMEs of four projects describe, with nothing but Python, pip, git and make.

It takes minutes and installs what each project needs, so `make test` leaves it out:
`make full-template`.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .baking import BakedProject, bake_into, commit_all, copy_template

pytestmark = pytest.mark.full_template

ROOT = Path(sys.executable).parent

PROJECTS = {
    "the default one": {},
    "Step Functions, uv, GitLab": {
        "scheduler": "step-functions",
        "environment": "uv",
        "ci": "gitlab",
        "license": "Apache-2.0",
    },
    "bare, on Azure, uv": {
        "scheduler": "none",
        "datastore": "azure",
        "environment": "uv",
        "ci": "none",
        "example_flows": "no",
        "license": "Proprietary",
    },
    "bare, on Google, pip": {
        "datastore": "gs",
        "ci": "none",
        "example_flows": "no",
        "license": "BSD-3-Clause",
    },
}
# One is in a folder with an unusual name; one has only the uv that pip installs.
PLACES = {"bare, on Google, pip": "Größe 🐧 'a'"}
# How Metaflow asks for the packages of a datastore.
DEPENDENCIES = {
    "s3": "aws.aws_client import get_aws_client; import boto3",
    "azure": "azure.azure_utils import check_azure_deps; check_azure_deps(lambda: 0)()",
    "gs": "gcp.gs_utils import check_gs_deps; check_gs_deps(lambda: 0)()",
}
WITHOUT_UV = {"bare, on Azure, uv"}


def uv_settings() -> dict[str, str]:
    """Tell uv, which does not read pip's settings, which registry pip uses here."""
    settings = {}
    for name, meaning in (("index-url", "UV_DEFAULT_INDEX"), ("cert", "SSL_CERT_FILE")):
        asked = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
        output = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        value = os.environ.get(f"PIP_{name.replace('-', '_').upper()}") or output
        if value:
            settings[meaning] = value
    return settings


# What a container does with `--environment=uv`: it has the code package, `requests` and uv.
ELSEWHERE = """
source .envrc
here=$PWD
.venv/bin/python flows/FLOW/flow.py --environment=uv package save ../package.tgz
mkdir ../container
cd ../container
tar xf ../package.tgz
export PYTHONPATH=$PWD/.mf_code METAFLOW_EXTRACTED_ROOT=$PWD PATH=$PATH:$here/.venv/bin
DISABLE_TRACING=True "$here/.venv/bin/python" -m metaflow.plugins.uv.bootstrap local
test -x .venv/bin/python && test ! -e .venv/bin/pytest
uv run --no-sync python flow.py run
"""


@pytest.fixture(params=PROJECTS)
def project(request: pytest.FixtureRequest, tmp_path: Path) -> BakedProject:
    """A project as somebody bakes it who has never installed any of the tools."""
    place = tmp_path / PLACES.get(request.param, "place")
    template = copy_template(place / "template")
    commit_all(template)
    baked = bake_into(place / "projects", template=template, **PROJECTS[request.param])
    environment = {
        name: value for name, value in baked.environment.items() if not name.startswith("METAFLOW")
    }
    folders = environment["PATH"].split(os.pathsep)
    path = [folder for folder in folders if not folder or Path(folder) != ROOT]
    # Nothing of what tests run with, but uv for those who have it.
    tools = tmp_path / "tools"
    tools.mkdir()
    if request.param not in WITHOUT_UV:
        tools.joinpath("uv").symlink_to(ROOT / "uv")
    environment |= {
        "PATH": os.pathsep.join([str(tools), *path]),
        "PYTHON": str(Path(sys.base_prefix, "bin", "python3")),
        "METAFLOW_USER": "alice",
        "PRE_COMMIT_HOME": str(tmp_path / "pre-commit"),
    }
    return BakedProject(baked.path, environment | uv_settings(), baked.output)


def shell(project: BakedProject, script: str) -> str:
    """Run lines of the README, which stop at the first that fails."""
    return project.run("bash", "-euo", "pipefail", "-c", script).stdout


def test_all_that_the_readme_describes(project: BakedProject, request: pytest.FixtureRequest):
    bare = not project.file("flows/penguin_measurements").exists()
    with_uv = '"environment": "uv"' in project.read(".cookiecutter.json")
    store = json.loads(project.read(".cookiecutter.json"))["datastore"]
    flow = "prime_numbers" if bare else "penguin_measurements"
    shell(project, "git init --quiet; make setup; make test; git add .; make lint")
    shell(project, "git commit --quiet --message 'Start from the template'")
    assert ("uv.lock" in shell(project, "git ls-files").split()) is with_uv
    if bare:
        shell(project, f"make flow name={flow}; make map; make test; git add .; make lint")
        shell(project, f"git commit --quiet --message 'Add {flow}'")
    formatted = shell(project, ".venv/bin/pre-commit run ruff-format --all-files")
    assert "Passed" in formatted

    activate = "source .venv/bin/activate; source .envrc"
    assert "Done!" in shell(project, f"{activate}; python flows/{flow}/flow.py run")
    if with_uv:
        output = shell(project, f"{activate}; python flows/{flow}/flow.py --environment=uv run")
        assert "Done!" in output
        shell(project, "$(command -v uv || echo .venv/bin/uv) sync --inexact --extra remote")
        assert "Done!" in shell(project, ELSEWHERE.replace("FLOW", flow))
    else:
        shell(project, ".venv/bin/pip install --quiet -e '.[remote]'")
    shell(project, f".venv/bin/python -c 'from metaflow.plugins.{DEPENDENCIES[store]}'")
    shell(project, "make setup; make test; make lint")
    assert shell(project, "git status --porcelain") == ""
    assert shutil.which("metaflow", path=project.environment["PATH"]) is None
