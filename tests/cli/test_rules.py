"""`rule` and `rules`: families, and rules of one's own."""

import json

import pytest

RULE = '''\
from lint_rules.api import Flow, Rule


class Ours(Rule):
    """
    ## What it does
    Checks for nothing.
    """

    code, name = "TEAM001", "no-weekends"

    def check(self, flow: Flow):
        return iter(())
'''


@pytest.fixture
def team(folder):
    folder.write("lint/rule.py", RULE)
    folder.write("metaflow-lint.toml", 'local-rules = ["lint"]\n')
    return folder


@pytest.mark.parametrize("word", ["TEAM001", "team001", "no-weekends"])
def test_local_rules_are_explained(team, word):
    result = team.lint("rule", word)
    assert (result.status, result.out.split("\n")[0]) == (0, "# no-weekends (TEAM001)")


def test_local_rules_are_listed(team):
    out = team.lint("rules").out
    assert "\nTEAM  rules of other packages, or of your own\n  TEAM001  on   no-weekends" in out
    listed = json.loads(team.lint("rules", "--output-format", "json").out)
    assert "TEAM001" in {rule["code"] for rule in listed}


@pytest.mark.parametrize("words", [("rule", "TEAM001"), ("rules",)])
def test_isolated_runs_no_local_rule(team, words):
    team.write("lint/rule.py", "raise ValueError\n")
    assert "TEAM001" not in team.lint(*words, "--isolated").out
    assert team.lint(*words).status == 2


@pytest.mark.parametrize("word", ["MF4", "mf4", "MF40"])
def test_a_family_is_listed(folder, word):
    result = folder.lint("rule", word)
    assert result.status == 0
    lines = result.out.splitlines()
    assert lines[0] == "MF4  artifacts"
    assert all(line.startswith(f"  {word.upper()}") for line in lines[1:])
    assert len(lines) > 5


def test_all_rules_are_listed_by_family(folder):
    out = folder.lint("rules").out
    blocks = [block.splitlines() for block in out.split("\n\n")]
    titles = [block[0].split("  ", 1) for block in blocks]
    assert [code for code, _ in titles][:3] == ["MF0", "MF1", "MF2"]
    for (code, title), (_, *rules) in zip(titles, blocks, strict=True):
        assert title
        assert all(rule.startswith(f"  {code}") for rule in rules)
    listed = json.loads(folder.lint("rules", "--output-format", "json").out)
    assert {rule["family"] for rule in listed} == {title for _, title in titles}


@pytest.mark.parametrize("word", ["MF1O1", "X", "", "mising-project"])
def test_an_unknown_rule(folder, word):
    result = folder.lint("rule", word)
    assert (result.status, result.out) == (2, "")
    assert "`metaflow-lint rules` lists all rules." in result.err
