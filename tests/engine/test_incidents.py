"""A rule that fails on a file: the run goes on, and says so in the end."""

import json
from pathlib import Path

import pytest

from lint_rules.cli import main

FLOW = """from metaflow import FlowSpec, step


class {name}(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
RULE = """from lint_rules.api import Flow, Finding, Rule


class Team(Rule):
    \"\"\"A rule that fails.\"\"\"

    code, name = "TEAM001", "fails-on-some"

    def check(self, flow: Flow):
        yield self.finding(flow, f"sees {{flow.name}}", "nothing")
        if flow.name == "BadFlow":
            {failure}
"""
PROJECT_RULE = """from lint_rules.api import Project, Rule


class Team(Rule):
    \"\"\"A rule that fails.\"\"\"

    code, name = "TEAM001", "fails-always"

    def check(self, project: Project):
        yield from (1 / 0 for _ in range(1))
"""


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "pyproject.toml").write_text('[tool.metaflow-lint]\nlocal-rules = ["own.py"]\n')
    (tmp_path / "a_flow.py").write_text(FLOW.format(name="BadFlow"))
    (tmp_path / "b_flow.py").write_text(FLOW.format(name="GoodFlow"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lint(capsys, *arguments):
    """The exit status, the diagnostics as (path, code), and what stands on standard error."""
    status = main(["check", "--no-cache", "--output-format", "json", *arguments])
    captured = capsys.readouterr()
    found = json.loads(captured.out)
    return status, [(Path(d["filename"]).name, d["code"]) for d in found], captured.err


@pytest.mark.parametrize(
    ("failure", "message"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("raise RecursionError('too deep')", "RecursionError: too deep"),
        ("raise MemoryError", "MemoryError"),
        ("raise OSError('gone')", "OSError: gone"),
    ],
)
def test_other_files_and_rules_are_reported(folder, capsys, failure, message):
    (folder / "own.py").write_text(RULE.format(failure=failure))
    status, found, error = lint(capsys, "--select", "TEAM001,MF302")
    assert status == 2
    assert ("b_flow.py", "TEAM001") in found
    assert {path for path, code in found if code == "MF302"} == {"a_flow.py", "b_flow.py"}
    assert f"a_flow.py: the rule TEAM001 (fails-on-some) failed: {message}." in error
    assert "Traceback" not in error


def test_a_rule_on_projects_fails_alone(folder, capsys):
    (folder / "own.py").write_text(PROJECT_RULE)
    status, found, error = lint(capsys, "--select", "TEAM001,MF302")
    assert status == 2
    assert {path for path, _ in found} == {"a_flow.py", "b_flow.py"}
    assert error.count("the rule TEAM001 (fails-always) failed: ZeroDivisionError") == 1


def test_a_budget_that_is_used_up_is_a_note(folder, capsys):
    failure = "from lint_rules.budget import Budget; Budget(0).require(1, 'work')"
    (folder / "own.py").write_text(RULE.format(failure=failure))
    status, found, error = lint(capsys, "--select", "TEAM001")
    assert status == 1
    assert ("b_flow.py", "TEAM001") in found
    assert "a_flow.py: the rule TEAM001 (fails-on-some) did not finish" in error
    assert "`work` is too complex" in error


def test_a_keyboard_interrupt_is_not_taken_for_a_failure(folder, capsys):
    (folder / "own.py").write_text(RULE.format(failure="raise KeyboardInterrupt"))
    assert main(["check", "--no-cache", "--select", "TEAM001"]) == 2
    error = capsys.readouterr().err
    assert "interrupted" in error
    assert "failed" not in error


def test_a_run_in_which_a_rule_failed_is_not_kept(folder, capsys):
    (folder / "own.py").write_text(RULE.format(failure="1 / 0"))
    for _ in range(2):
        assert main(["check", "--select", "TEAM001"]) == 2
        assert "ZeroDivisionError" in capsys.readouterr().err
