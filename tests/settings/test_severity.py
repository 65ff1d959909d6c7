"""How bad findings are, for people, for programs and for the exit status."""

import json
from xml.etree import ElementTree

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.settings.groups import Group
from lint_rules.settings.severity import Severity
from tests.folder import FLOW

BROKEN = FLOW.replace("self.next(self.end)", "self.next(self.ende)").replace(
    "ArxivTopics", "ArxivFlow"
)
"""MF802, which Metaflow refuses, MF001, a habit, and with `--select ALL` advice such as MF307."""


@pytest.fixture
def broken(folder):
    folder.write("flow.py", f"import json\n{BROKEN}".replace("print(len", "json.dumps(len"))
    return folder


def severities(folder, *words):
    """The severity of each code in the JSON report."""
    report = folder.lint("check", "--output-format", "json", *words).out
    return {found["code"]: found["severity"] for found in json.loads(report)}


def test_a_rule_has_a_severity_by_its_group_and_whether_it_is_on():
    for rule in all_rules():
        if rule.group is Group.CORRECTNESS:
            assert rule.severity() is Severity.ERROR
        else:
            assert rule.severity() is (Severity.WARNING if rule.default else Severity.INFO)


def test_programs_learn_the_severity(broken):
    wanted = {"MF001": "warning", "MF307": "info", "MF802": "error"}
    words = ("--select", ",".join(wanted))
    assert severities(broken, *words) == wanted

    def report(output_format):
        return broken.lint("check", *words, "--output-format", output_format).out

    (run,) = json.loads(report("sarif"))["runs"]
    assert {r["ruleId"]: r["level"] for r in run["results"]} == {
        "MF001": "warning",
        "MF307": "note",
        "MF802": "error",
    }
    assert {r["check_name"]: r["severity"] for r in json.loads(report("gitlab"))} == {
        "flow-name-suffix": "major",
        "module-level-stdlib-import": "info",
        "unknown-step": "critical",
    }
    commands = [line.partition(" ")[0] for line in report("github").splitlines()]
    assert sorted(commands) == ["::error", "::notice", "::warning"]
    kinds = [
        failure.get("type") for failure in ElementTree.fromstring(report("junit")).iter("failure")
    ]
    assert sorted(kinds) == ["error", "info", "warning"]


def test_people_learn_it_too(broken):
    words = ("check", "--select", "MF001,MF307,MF802")
    assert "By severity: 1 error, 1 warning, 1 note.\n" in broken.lint(*words).out
    coloured = broken.lint(*words, "--output-format", "concise", FORCE_COLOR="1").out
    assert "\033[1;31mMF802" in coloured
    assert "\033[1;33mMF001" in coloured
    assert "\033[1;34mMF307" in coloured
    assert "By severity" not in broken.lint("check", "--select", "MF001").out


def test_settings_change_it(broken):
    broken.write(
        "metaflow-lint.toml",
        'severity = { MF0 = "error", MF001 = "info", correctness = "warning" }',
    )
    assert severities(broken, "--select", "MF001,MF802") == {"MF001": "info", "MF802": "warning"}


def test_files_have_the_severities_of_their_own_settings(broken):
    broken.write("sub/metaflow-lint.toml", 'severity = { MF001 = "error" }\n')
    broken.write("sub/flow.py", BROKEN)
    report = broken.lint("check", "--output-format", "json", "--select", "MF001").out
    found = {f["filename"].rpartition("/")[2]: f["severity"] for f in json.loads(report)}
    by_folder = {f["filename"].split("/")[-2]: f["severity"] for f in json.loads(report)}
    assert found.keys() == {"flow.py"}
    assert by_folder["sub"] == "error"
    assert {*by_folder.values()} == {"error", "warning"}


@pytest.mark.parametrize(
    ("select", "limit", "status"),
    [
        ("MF001", "info", 1),
        ("MF001", "warning", 1),
        ("MF001", "error", 0),
        ("MF307", "warning", 0),
        ("MF307", "info", 1),
        ("MF802", "error", 1),
    ],
)
def test_the_exit_status_follows_it(broken, select, limit, status):
    words = ("check", "--select", select)
    assert broken.lint(*words).status == 1
    result = broken.lint(*words, "--fail-on", limit)
    assert (result.status, select in result.out) == (status, True)
    broken.write("metaflow-lint.toml", f'fail-on = "{limit}"')
    assert broken.lint(*words).status == status
    assert broken.lint(*words, "--fail-on", "info").status == 1


@pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ('severity = { MF001 = "fatal" }', "must be `error`, `warning` or `info`, and is 'fatal'"),
        ('severity = { MX1 = "info" }', "no rule has the code `MX1`"),
        ('severity = "info"', "`severity` must be a table"),
        ('fail-on = "never"', "must be `error`, `warning` or `info`, and is 'never'"),
    ],
)
def test_other_settings_are_errors(broken, setting, sentence):
    broken.write("metaflow-lint.toml", setting)
    result = broken.lint("check")
    assert result.status == 2
    assert sentence in result.err
