"""`metaflow-lint rule`, `rules`, `--version`, and calls that cannot be understood."""

import json

from lint_rules import __version__
from lint_rules.cli.app import main
from lint_rules.engine.registry import all_rules


def test_rule_prints_its_page(folder):
    by_code, by_name = folder.lint("rule", "MF101"), folder.lint("rule", "missing-project")
    assert by_code.status == 0
    assert by_code.out == by_name.out
    assert by_code.out.startswith("# missing-project (MF101)\n")
    for heading in ("## What it does", "## Why is this bad?", "## Example", "Use instead:"):
        assert heading in by_code.out


def test_every_page_prints(capsys):
    for rule in all_rules():
        assert main(["rule", rule.code.lower()]) == 0
        assert capsys.readouterr().out.startswith(f"# {rule.name} ")


def test_unknown_rule_offers_the_nearest(folder):
    result = folder.lint("rule", "missing-projekt")
    assert result.status == 2
    assert "Did you mean `missing-project`?" in result.err


def test_rules_lists_all(folder):
    lines = folder.lint("rules").out.splitlines()
    listed = [line.split()[0] for line in lines if line.startswith("  ")]
    assert listed == [rule.code for rule in all_rules()]


def test_rules_as_json(folder):
    listed = json.loads(folder.lint("rules", "--output-format", "json").out)
    assert [rule["code"] for rule in listed] == [rule.code for rule in all_rules()]
    (project,) = [rule for rule in listed if rule["code"] == "MF101"]
    assert project["name"] == "missing-project"
    assert project["summary"].startswith("Checks that every flow has `@project`")
    assert project["default"] is True
    assert project["fix"] == "unsafe"
    assert project["url"].endswith("docs/rules/missing-project.md")


def test_version(folder):
    assert folder.lint("--version").out == f"metaflow-lint {__version__}\n"


def test_no_command_is_a_usage_error(folder):
    result = folder.lint()
    assert result.status == 2
    assert "COMMAND" in result.err
