"""Whose settings count: those of a file that somebody names, or else those of the repository."""

import pytest

from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")
RULE = """\
from pathlib import Path

Path({mark!r}).write_text("run")
raise ValueError("run")
"""

OURS = """\
from lint_rules.api import Flow, Rule


class Ours(Rule):
    code, name = "TEAM001", "ours"

    def check(self, flow: Flow):
        return iter(())
"""


@pytest.fixture
def checkout(folder):
    """A stranger's repository with a local rule and a baseline, in a folder beside a company's."""
    theirs = type(folder)(folder.path / "checkout")
    theirs.write(".git/HEAD", "")
    theirs.write("flow.py", BAD)
    theirs.write("rules/rule.py", RULE.format(mark=str(folder.path / "was-run")))
    known = '{"version": 1, "findings": {"flow.py": [{"code": "MF001", "line": "%s", "count": 9}]}}'
    theirs.write("baseline.json", known % "class ArxivFlow(FlowSpec):")
    return theirs


def codes(checkout, *words):
    return [code.split()[1] for code in checkout.codes(*words)]


@pytest.mark.parametrize("command", ["check", "graph"])
@pytest.mark.parametrize("company_has_rules", [True, False])
def test_local_rules_of_a_named_file_are_its_own(folder, checkout, command, company_has_rules):
    folder.write("company/lint.toml", 'local-rules = ["rules"]\n')
    if company_has_rules:
        folder.write("company/rules/rule.py", OURS)
    result = checkout.lint(command, "--config", "../company/lint.toml", ".")
    assert not (folder.path / "was-run").exists()
    if not company_has_rules:
        assert result.status == 2
        assert f"names {folder.path}/company/rules, which does not exist" in result.err


@pytest.mark.parametrize("through", ["lint.toml", "extending.toml"])
def test_the_baseline_of_a_named_file_is_its_own(folder, checkout, through):
    folder.write("company/lint.toml", 'baseline = "baseline.json"\n')
    folder.write("company/extending.toml", 'extend = "lint.toml"\n')
    folder.write("company/baseline.json", '{"version": 1, "findings": {}}')
    assert codes(checkout, "--config", f"../company/{through}") == ["MF001"]


def test_isolated_takes_nothing_of_the_checkout(folder, checkout):
    checkout.write("metaflow-lint.toml", 'baseline = "baseline.json"\nlocal-rules = ["rules"]\n')
    assert codes(checkout, "--isolated") == ["MF001"]
    assert not (folder.path / "was-run").exists()


def test_the_checkouts_own_settings_count_without_them(folder, checkout):
    checkout.write("metaflow-lint.toml", 'baseline = "baseline.json"\n')
    assert codes(checkout) == []
    checkout.write("metaflow-lint.toml", 'local-rules = ["rules"]\n')
    assert "ValueError: run" in checkout.lint("check").err
    assert (folder.path / "was-run").exists()


def test_paths_are_relative_to_the_file_that_they_are_written_in(folder):
    folder.write(".git/HEAD", "")
    folder.write("settings/base.toml", 'baseline = "known.json"\n')
    folder.write("settings/known.json", '{"version": 3}')
    folder.write("metaflow-lint.toml", 'extend = "settings/base.toml"\n')
    folder.write("flow.py", BAD)
    assert "settings/known.json: this baseline has version 3" in folder.lint("check").err
    folder.write("sub/flow.py", BAD)
    result = type(folder)(folder.path / "sub").lint("check")
    assert "settings/known.json: this baseline has version 3" in result.err


@pytest.mark.parametrize(
    "setting",
    [
        'extend = "../company/lint.toml"',
        'extend = "link.toml"',
        'extend = "sub/leading.toml"',
        'baseline = "../company/known.json"',
        'local-rules = ["../company"]',
        'project-root = ".."',
        'extend = "~/lint.toml"',
    ],
)
def test_settings_of_a_checkout_do_not_lead_out_of_it(folder, checkout, setting):
    folder.write("company/lint.toml", "")
    checkout.write("metaflow-lint.toml", setting)
    checkout.write("sub/leading.toml", 'baseline = "../../company/known.json"')
    (checkout.path / "link.toml").symlink_to("../company/lint.toml")
    result = checkout.lint("check", HOME=str(folder.path))
    assert result.status == 2
    assert "out of the repository" in result.err


@pytest.mark.parametrize("more", ["", 'repository-settings = ["project"]'])
def test_a_repository_does_not_move_what_patterns_match(folder, checkout, more):
    folder.write("company.toml", f'select = ["MF001"]\nexclude = ["/legacy/"]\n{more}')
    checkout.write("legacy/flow.py", BAD)
    checkout.write("sub/legacy/flow.py", BAD)
    words = ("--config", "../company.toml")
    before = checkout.codes(*words)
    assert [line.split(":")[0] for line in before] == ["flow.py", "sub/legacy/flow.py"]
    checkout.write("sub/pyproject.toml", '[tool.metaflow-lint]\nproject = "papers"\n')
    assert checkout.codes(*words) == before
