"""Text of somebody else's runs nothing: as a variable of Make, an answer, the name of a branch."""

import json
import re
from pathlib import Path

import pytest

from .baking import BakedProject
from .deploying import SERVICE, Stage
from .stand_ins import Argo, Buckets

VALUES = [
    "$(shell touch PWN)",
    "$(touch PWN)",
    "$$(touch PWN)",
    "`touch PWN`",
    '"; touch PWN; "',
    "'; touch PWN; '",
    "$(eval $(shell touch PWN))",
    "a\n\ttouch PWN\n",
    "--help",
    "# $(info x) $(error y)",
]

# Stands in for the environment's Python: keeps its arguments.
PYTHON = """#!/bin/sh
printf '%s\\0' "$@" >> ASKED
"""


@pytest.fixture(params=["pip", "uv"])
def with_stand_in(bake, request: pytest.FixtureRequest) -> BakedProject:
    """A project whose environment is made, of nothing but a Python that keeps what it is asked."""
    project = bake(environment=request.param)
    python = project.file(".venv/bin/python")
    python.parent.mkdir(parents=True)
    python.write_text(PYTHON)
    python.chmod(0o755)
    project.file(".venv/.done").touch()
    return project


def variables(project: BakedProject) -> list[str]:
    """Return the variables that the Makefile uses, and one that it does not."""
    text = project.read("Makefile")
    assigned = re.findall(r"^(?:override )?(\w+) *[:?]?=", text, re.MULTILINE)
    assert {"name", "on", "reads", "PYTHON", "BIN", "INSTALL"} <= set(assigned)
    return [*assigned, "anything"]


@pytest.mark.parametrize("value", VALUES)
def test_a_variable_of_make_is_text(with_stand_in: BakedProject, value: str):
    project = with_stand_in
    flow = ["tools/new_flow.py", f"--on={value}", f"--reads={value}", "--", value]
    given = [f"{name}={value}" for name in variables(project)]
    project.run("make", "flow", *given)
    in_environment = dict.fromkeys(("name", "on", "reads"), value)
    project.run("make", "flow", **in_environment)
    assert project.read("ASKED") == "".join(f"{each}\0" for each in flow * 2)
    # This makes the environment anew, with a Python that there is not.
    project.file(".venv/.done").unlink()
    assert project.run("make", "setup", *given, check=False).returncode != 0
    project.run("make", "help", *given)
    assert project.files("PWN") == []


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        (".cookiecutter.json", {"author": "<< x >>"}, "contains << in author, which would run"),
        (".cookiecutter.json", {"<% x": ""}, "contains <% in "),
        (".cookiecutter.json", {"a": [{"b": "<# x"}]}, "contains <# in b, which would run"),
        (".cruft.json", {"context": {"cookiecutter": {"__x": "<< x >>"}}}, "contains << in __x"),
        (".cruft.json", {"template": "<< x >>"}, "contains << in template"),
        (
            ".cruft.json",
            {"context": {"cookiecutter": {"_jinja2_env_vars": {"block_start_string": "{%"}}}},
            "changes the template's delimiters",
        ),
        (
            ".cruft.json",
            {"context": {"cookiecutter": {"_jinja2_env_vars": {"line_statement_prefix": "#"}}}},
            "changes the template's delimiters",
        ),
        (".cruft.json", {"_jinja2_env_vars": ["x"]}, "changes the template's delimiters"),
    ],
)
def test_answers_that_would_run_at_an_update_are_refused(
    project: BakedProject, file: str, content: dict, sentence: str
):
    code = "cycler.__init__.__globals__.os.system('touch PWN')"
    project.file(file).write_text(json.dumps(content).replace("x >>", f"{code} >>"))
    result = project.python("tools/template.py", "update", check=False)
    assert result.returncode == 1
    assert result.stderr.startswith(f"{file} ")
    assert sentence in result.stderr
    assert project.files("PWN") == []
    assert project.file(".cruft.json").exists() is (file == ".cruft.json")


BRANCHES = ["$(touch PWN)", "`touch PWN`", "a\n::error::b", "a: &b", "[a](b)", "a'b", 'a"b', "-x y"]


def test_names_of_branches_and_commits_run_nothing(
    project: BakedProject, buckets: Buckets, argo: Argo
):
    stage = Stage(project, buckets, argo, buckets.settings | SERVICE | argo.settings)
    stage.commit()
    ask = (
        "import sys; from deploy.__main__ import main\n"
        "for each in sys.argv[1:]:\n"
        "    print(main(['create', '--dry-run', f'--branch={each}']))\n"
        "    print(main(['rollback', '--dry-run', '--production', '--', each]))\n"
    )
    result = project.python("-c", ask, *BRANCHES, **stage.settings)
    assert result.stdout.split() == ["2"] * 2 * len(BRANCHES)
    lines = result.stderr.splitlines()
    assert len(lines) == 2 * len(BRANCHES)
    assert {line.partition(": ")[0] for line in lines} == {"Nothing was done"}
    assert all(re.search("Try --branch [a-z0-9_]+$", line) for line in lines[::2])
    assert not list(Path(project.path).rglob("PWN"))
