"""A stranger's repository is linted without running it, reading beyond it, or obeying it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from lint_rules.reports import FORMATS
from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")
ESCAPES = "\x1b[31m\x07\x9b2J\u202e\r::error::x"
"""Colour, a bell, an eight-bit escape sequence, text turned round, a command to GitHub's runner."""
RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture
def repository(folder):
    """A repository in a folder that holds a secret beside it."""
    folder.write("secret.py", BAD.replace("ArxivFlow", "SecretFlow"))
    folder.write("secret.toml", 'password = "hunter2"\n')
    folder.write("theirs/.git/HEAD", "")
    return folder


def lint(folder, *words, **environment):
    return type(folder)(folder.path / "theirs").lint("check", *words, **environment)


@pytest.mark.process
def test_nothing_of_the_repository_is_run(repository):
    mark = repository.path / "was-run"
    run = f"open({str(mark)!r}, 'w').close()\n"
    for name in ("flow.py", "conftest.py", "setup.py", "sitecustomize.py", "libcst.py", "json.py"):
        repository.write(f"theirs/{name}", run + BAD)
    repository.write("theirs/own/__init__.py", run)
    repository.write("theirs/lint_rules/__init__.py", run)
    # The command, as `python -m` would put the folder of the run before everything else.
    command = shutil.which("metaflow-lint", path=str(Path(sys.executable).parent))
    done = subprocess.run(
        [command, "check", "--select", "ALL", "--fix", "--unsafe-fixes", "."],
        cwd=repository.path / "theirs",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert not mark.exists()


def test_local_rules_are_run_unless_isolated(repository):
    """The one exception, which `docs/safety.md` explains."""
    mark = repository.path / "was-run"
    repository.write("theirs/pyproject.toml", '[tool.metaflow-lint]\nlocal-rules = ["lint.py"]\n')
    repository.write("theirs/lint.py", f"open({str(mark)!r}, 'w').close()\n")
    repository.write("theirs/flow.py", FLOW)
    for words in (["--isolated"], ["--config", "../ours.toml"]):
        repository.write("ours.toml", 'select = ["MF1"]\n')
        assert lint(repository, *words).status == 0
        assert not mark.exists()
    assert lint(repository).status == 2
    assert mark.exists()


@pytest.mark.parametrize(
    "setting",
    [
        'extend = "../secret.toml"',
        'extend = "~/secret.toml"',
        'baseline = "../secret.toml"',
        'local-rules = ["../secret.py"]',
        'project-root = ".."',
        'extend = "link.toml"',
    ],
)
def test_settings_lead_nowhere_else(repository, setting):
    repository.write("theirs/pyproject.toml", f"[tool.metaflow-lint]\n{setting}\n")
    repository.write("theirs/flow.py", FLOW)
    (repository.path / "theirs/link.toml").symlink_to("../secret.toml")
    result = lint(repository, HOME=str(repository.path))
    assert result.status == 2
    assert "out of the repository" in result.err
    assert "hunter2" not in result.err
    assert "password" not in result.err


def test_a_configuration_may_not_be_a_link_out_of_the_repository(repository):
    repository.write("theirs/flow.py", FLOW)
    (repository.path / "theirs/metaflow-lint.toml").symlink_to("../secret.toml")
    result = lint(repository)
    assert result.status == 2
    assert "out of the repository" in result.err
    assert "password" not in result.err


def test_links_out_of_the_repository_are_left_alone(repository):
    repository.write("theirs/flow.py", FLOW)
    (repository.path / "theirs/link.py").symlink_to("../secret.py")
    (repository.path / "theirs/folder").symlink_to("..")
    result = lint(repository, "--select", "ALL", "--ignore", "MF3", "--fix")
    assert result.status == 0
    assert "link.py: not read: it leads out of the repository." in result.err
    assert "SecretFlow" not in result.out
    # A hook names the files that a change brings along, links too.
    named = lint(repository, "link.py", "--select", "ALL")
    assert (named.status, "SecretFlow" in named.out) == (2, False)


def test_links_within_the_repository_are_followed(repository):
    repository.write("theirs/shared/base.py", BAD)
    (repository.path / "theirs/flow.py").symlink_to("shared/base.py")
    result = lint(repository, "--output-format", "concise", "flow.py")
    assert result.out.startswith("flow.py:5:7: MF001")
    # A link and its file are one.
    both = lint(repository, "--output-format", "concise", "flow.py", "shared")
    assert both.out.startswith("shared/base.py:5:7: MF001")
    assert both.out.count("MF001") == 1


@pytest.mark.parametrize("module", ["..secret", "link"])
def test_imports_lead_nowhere_else(repository, module):
    """A base flow beyond the repository is as unknown as one of an installed package."""
    secret = "import metaflow\n\n\nclass Base(metaflow.FlowSpec):\n    pass\n"
    repository.write("secret.py", secret)
    (repository.path / "theirs/link.py").symlink_to("../secret.py")
    flow = FLOW.replace("(FlowSpec)", "(Base)").replace('@project(name="arxiv_topics")\n', "")
    repository.write("theirs/flow.py", f"from {module} import Base\n{flow}")
    assert "MF101" not in lint(repository, "--select", "MF1").out
    # It is the place that hides it: within the repository the base is known.
    (repository.path / "theirs/link.py").unlink()
    repository.write("theirs/link.py", secret)
    assert ("MF101" in lint(repository, "--select", "MF1").out) == (module == "link")


@pytest.fixture
def nasty(folder):
    """Files with names and sources that a terminal would obey."""
    name = f"a{ESCAPES}.py".replace("/", "")
    folder.write(name, BAD.replace('"""Fetch the papers."""', f'x = "{ESCAPES}"  # {ESCAPES}'))
    folder.write("undecodable.py", f"# coding: {ESCAPES}\nimport metaflow\n".encode())
    folder.write("broken.py", f"import metaflow\nx = '{ESCAPES}\n")
    (folder.path / os.fsdecode(b"bytes\xff\x1b.py")).write_text(BAD)
    return folder


@pytest.mark.parametrize("output_format", FORMATS)
def test_no_report_holds_a_raw_escape(nasty, output_format):
    result = nasty.lint("check", "--select", "ALL", "--output-format", output_format)
    assert result.status == 1, result.err
    assert not RAW.search(result.out.replace("\r\n", ""))
    assert not RAW.search(result.err)


@pytest.mark.parametrize(
    "words",
    [
        ["--statistics"],
        ["--diff", "--unsafe-fixes"],
        ["--show-files"],
        ["--show-settings"],
        ["--add-noqa"],
        [f"nowhere{ESCAPES}.py"],
        [f"--{ESCAPES}"],
        ["--config", f"nowhere{ESCAPES}.toml"],
        ["--select", ESCAPES],
        ["--baseline", f"b{ESCAPES}.json", "--write-baseline"],
        ["--fix"],
    ],
    ids=lambda words: words[0].split("\x1b")[0],
)
def test_no_message_holds_a_raw_escape(nasty, words):
    result = nasty.lint("check", "--select", "MF4", *words)
    assert not RAW.search(result.out), result.out
    assert not RAW.search(result.err), result.err


def test_errors_of_rules_hold_no_raw_escape(nasty):
    nasty.write("pyproject.toml", '[tool.metaflow-lint]\nlocal-rules = ["rule.py"]\n')
    nasty.write("rule.py", f"raise ValueError({ESCAPES!r})\n")
    result = nasty.lint("check")
    assert result.status == 2
    assert "ValueError" in result.err
    assert not RAW.search(result.err)


def test_stale_entries_of_a_baseline_hold_no_raw_escape(nasty):
    nasty.lint("check", "--baseline", "known.json", "--write-baseline")
    for file in nasty.path.glob("*.py"):
        file.write_text("import metaflow\n")
    result = nasty.lint("check", "--baseline", "known.json")
    assert "no longer exist" in result.err
    assert not RAW.search(result.err)


def test_programs_read_what_they_are_given(nasty):
    """Each format is read back by a parser of its own, and means the same file."""
    (name,) = (f.name for f in nasty.path.iterdir() if f.name.startswith("a\x1b"))
    found = json.loads(nasty.lint("check", "--output-format", "json").out)
    assert f"{nasty.path}/{name}" in {entry["filename"] for entry in found}
    sarif = json.loads(nasty.lint("check", "--output-format", "sarif").out)
    assert sarif["runs"][0]["results"]
    gitlab = json.loads(nasty.lint("check", "--output-format", "gitlab").out)
    assert name in {entry["location"]["path"] for entry in gitlab}
    suites = ElementTree.fromstring(nasty.lint("check", "--output-format", "junit").out)
    assert int(suites.get("failures", "0")) == len(found)
    for line in nasty.lint("check", "--output-format", "github").out.splitlines():
        assert line.startswith(
            ("::error title=metaflow-lint (MF", "::warning title=metaflow-lint (MF")
        )
