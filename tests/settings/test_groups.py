"""Rules are selected by their groups, and what is certain is reported first."""

import json

import pytest

from lint_rules.engine.registry import all_rules
from lint_rules.settings.groups import GROUPS, MEANINGS, Group

BROKEN = """\
from metaflow import FlowSpec, retry, step


class ArxivFlow(FlowSpec):
    @step
    def start(self):
        self.next(self.modell)

    @retry(tims=3)
    @step
    def end(self):
        pass
"""
"""Breaks the guide in its first lines, and cannot run because of a later one."""

LOCAL = '''\
from lint_rules.api import Flow, Group, Rule


class Ours(Rule):
    """
    ## What it does
    Checks for flows.
    """

    code, name, group = "TEAM001", "no-flows", {group}

    def check(self, flow: Flow):
        yield self.finding(flow, "This is a flow", "remove it")
'''


@pytest.fixture
def broken(folder):
    folder.write("pyproject.toml", "")
    folder.write("a/fine.py", BROKEN.replace("modell", "end").replace("tims", "times"))
    folder.write("b/flow.py", BROKEN)
    return folder


def codes(folder, *words):
    return {line.split()[1] for line in folder.codes(*words)}


def test_every_rule_declares_its_group():
    assert [rule.code for rule in all_rules() if "group" not in vars(rule)] == []
    assert set(GROUPS.values()) == set(MEANINGS) == set(Group)


def test_rules_on_what_metaflow_refuses_are_certain():
    graph = [rule for rule in all_rules() if rule.code.startswith("MF8")]
    assert {rule.group for rule in graph} == {Group.CORRECTNESS}


def test_a_group_selects_its_rules(broken):
    assert broken.codes("--select", "correctness") == ["b/flow.py:7 MF802", "b/flow.py:9 MF815"]
    style = codes(broken, "--select", "style")
    assert {"MF001", "MF101"} <= style
    assert not any(code.startswith("MF8") for code in style)
    everything = codes(broken, "--select", ",".join(GROUPS))
    assert everything == codes(broken, "--select", "ALL")


def test_the_more_specific_selector_wins(broken):
    assert codes(broken, "--select", "correctness", "--ignore", "MF815") == {"MF802"}
    assert codes(broken, "--select", "MF8", "--ignore", "correctness") == {"MF802", "MF815"}
    assert codes(broken, "--select", "MF802", "--ignore", "correctness") == {"MF802"}
    assert codes(broken, "--select", "correctness", "--ignore", "ALL") == {"MF802", "MF815"}
    assert codes(broken, "--select", "ALL", "--ignore", "style,suspicious") == {"MF802", "MF815"}
    assert codes(broken, "--select", "correctness", "--ignore", "correctness") == set()
    assert codes(broken, "--select", "MF001", "--extend-select", "correctness") == {
        "MF001",
        "MF802",
        "MF815",
    }


def test_settings_take_groups(broken):
    broken.write(
        "metaflow-lint.toml",
        'select = ["correctness"]\nextend-select = ["suspicious"]\n'
        'per-file-ignores = { "b/**" = ["correctness"] }\n',
    )
    assert codes(broken) == {"MF006"}
    broken.write("metaflow-lint.toml", 'ignore = ["style"]\n')
    assert codes(broken) == {"MF006", "MF802", "MF815"}


def test_what_another_file_ignores_by_its_group_is_not_reported_at_the_subclass(folder):
    base = BROKEN.replace("ArxivFlow", "Base") + "\n    @step\n    def more(self):\n        pass\n"
    folder.write("base.py", base)
    subclass = (
        "from metaflow import FlowSpec, step\nfrom base import Base\n\n\nclass Arxiv(Base):\n"
    )
    folder.write("flow.py", subclass + "    @step\n    def late(self):\n        pass\n")
    assert "flow.py:5 MF802" in folder.codes("flow.py")
    folder.write("metaflow-lint.toml", 'per-file-ignores = { "base.py" = ["correctness"] }\n')
    assert "flow.py:5 MF802" not in folder.codes("flow.py")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("corectness", "no rule has the code `CORECTNESS`. Did you mean `correctness`?"),
        ("STYLE", "no rule has the code `STYLE`. Did you mean `style`?"),
        ("pedantic", "no rule has the code `PEDANTIC`."),
    ],
)
def test_unknown_groups_are_errors(broken, words, sentence):
    result = broken.lint("check", "--select", words)
    assert (result.status, result.out) == (2, "")
    assert f"--select: {sentence}" in result.err
    broken.write("metaflow-lint.toml", f'ignore = ["{words}"]\n')
    result = broken.lint("check")
    assert result.status == 2
    assert f"metaflow-lint.toml: {sentence.replace(words.upper(), words)}" in result.err


def test_what_is_certain_comes_first(broken):
    lines = broken.codes()
    assert lines[:2] == ["b/flow.py:7 MF802", "b/flow.py:9 MF815"]
    rest = [(line.split(":")[0], int(line.split(":")[1].split()[0])) for line in lines[2:]]
    assert rest == sorted(rest)
    result = broken.lint("check", "--output-format", "grouped")
    assert [line for line in result.out.splitlines() if line.endswith(".py:")] == [
        "b/flow.py:",
        "a/fine.py:",
    ]
    assert f"2 of the group `correctness`: {MEANINGS[Group.CORRECTNESS]}" in result.out
    assert "of the group" not in broken.lint("check", "a").out


def test_programs_learn_the_group(broken):
    found = json.loads(broken.lint("check", "--output-format", "json").out)
    assert {(f["code"], f["group"]) for f in found} >= {
        ("MF802", "correctness"),
        ("MF006", "suspicious"),
        ("MF001", "style"),
    }
    (run,) = json.loads(broken.lint("check", "--output-format", "sarif").out)["runs"]
    rules = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert rules["MF802"]["properties"] == {"group": "correctness", "tags": ["correctness"]}
    levels = {result["ruleId"]: result["level"] for result in run["results"]}
    assert (levels["MF802"], levels["MF001"]) == ("error", "warning")
    listed = json.loads(broken.lint("rules", "--output-format", "json").out)
    assert {rule["group"] for rule in listed} == set(GROUPS)


def test_a_group_is_listed(folder):
    result = folder.lint("rule", "correctness")
    assert result.status == 0
    assert "  MF802  on   unknown-step " in result.out
    assert "MF001" not in result.out
    assert "Did you mean `correctness`?" in folder.lint("rule", "correctnes").err


def test_rules_of_others_are_in_a_group(broken):
    broken.write("metaflow-lint.toml", 'local-rules = ["rule.py"]\n')
    broken.write("rule.py", LOCAL.format(group="Group.CORRECTNESS"))
    assert "TEAM001" in codes(broken, "--select", "correctness")
    broken.write("rule.py", LOCAL.format(group="'correct'"))
    result = broken.lint("check")
    assert result.status == 2
    assert "the `group` of Ours must be one of `Group.CORRECTNESS`, " in result.err
