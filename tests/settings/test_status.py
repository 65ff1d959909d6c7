"""Rules in preview, deprecated, renamed and removed ones."""

import json

import pytest

from lint_rules.reference import pages
from lint_rules.rules import removed
from lint_rules.settings.status import Removed
from tests.in_process import run

RULES = '''\
from lint_rules.api import Flow, Group, Rule, Status


class Base(Rule):
    """
    ## What it does
    Checks for flows.
    """

    code, name, default = "TEAM900", "base", False

    def check(self, flow: Flow):
        yield self.finding(flow, f"{self.code} reports `{flow.name}`", "remove it")


class Stable(Base):
    code, name, default = "TEAM001", "stable", True


class New(Base):
    code, name, status, since = "TEAM002", "new", Status.PREVIEW, "0.2"
    default = True


class Old(Base):
    code, name, status, since = "TEAM003", "old", Status.DEPRECATED, "0.3"
    default, instead = True, "TEAM001 reports the same."


class Renamed(Base):
    code, name, default = "TEAM104", "renamed", True
    former_codes = "TEAM004", "TEAM005"
'''
ALL = {"TEAM001", "TEAM002", "TEAM003", "TEAM104", "TEAM900"}

FLOW = """\
from metaflow import FlowSpec, step


class Topics(FlowSpec):
    @step
    def start(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


@pytest.fixture
def team(folder):
    folder.write("lint/rules.py", RULES)
    folder.write("flow.py", FLOW)
    return Team(folder)


class Team:
    """A folder with rules of every status."""

    def __init__(self, folder) -> None:
        self.folder = folder

    def check(self, settings, *words):
        """The codes that are found with some settings, and what is said on standard error."""
        self.folder.write("metaflow-lint.toml", f'local-rules = ["lint"]\n{settings}\n')
        result = self.folder.lint("check", "--output-format", "json", "flow.py", *words)
        if result.status == 2:
            return None, result.err
        return {found["code"] for found in json.loads(result.out)}, result.err


@pytest.mark.parametrize("selector", ['"TEAM"', '"TEAM0", "TEAM1"', '"ALL"', '"style"'])
@pytest.mark.parametrize("is_on", [False, True])
def test_preview_decides_what_prefixes_and_groups_select(team, selector, is_on):
    settings = f'select = [{selector}]\nignore = ["MF", "TEAM900"]\n'
    found, err = team.check(settings + f"preview = {str(is_on).lower()}")
    assert found == {"TEAM001", "TEAM104", "TEAM002" if is_on else "TEAM003"}
    assert err == ""
    option = "--no-preview" if is_on else "--preview"
    found, _ = team.check(settings + f"preview = {str(is_on).lower()}", option)
    assert found == {"TEAM001", "TEAM104", "TEAM003" if is_on else "TEAM002"}


@pytest.mark.parametrize("selector", ["TEAM002", "TEAM0"])
def test_a_rule_in_preview_is_on_by_default_only_with_preview(team, selector):
    assert "TEAM002" not in team.check("")[0]
    assert "TEAM002" in team.check("preview = true")[0]
    assert "TEAM002" not in team.check(f'preview = true\nignore = ["{selector}"]')[0]


@pytest.mark.parametrize("name", ["select", "extend-select"])
def test_who_selects_a_rule_in_preview_learns_how(team, name):
    found, err = team.check(f'{name} = ["TEAM002"]')
    assert "TEAM002" not in found
    assert err.count("`TEAM002` selects nothing, because it is in preview") == 1
    assert "`--preview`" in err
    found, err = team.check(f'{name} = ["TEAM002"]', "--preview")
    assert ("TEAM002" in found, err) == (True, "")


def test_who_selects_a_deprecated_rule_learns_what_to_do(team):
    found, err = team.check('select = ["TEAM003"]')
    assert found == {"TEAM003"}
    assert "`TEAM003` (old) is deprecated" in err
    assert "TEAM001 reports the same." in err
    found, err = team.check('select = ["TEAM003"]\npreview = true')
    assert found is None
    assert "TEAM001 reports the same. It does not run with `preview`." in err
    assert team.check('ignore = ["TEAM003"]')[1] == ""


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ('select = ["TEAM004"]', {"TEAM104"}),
        ('select = ["TEAM001"]\nextend-select = ["TEAM004"]', {"TEAM001", "TEAM104"}),
        ('select = ["TEAM001", "TEAM1"]\nignore = ["TEAM004"]', {"TEAM001"}),
        ('select = ["TEAM1"]\nper-file-ignores = { "flow.py" = ["TEAM004"] }', set()),
        ('select = ["TEAM1"]\nseverity = { TEAM004 = "error" }', {"TEAM104"}),
    ],
)
def test_a_former_code_stands_for_that_of_now(team, settings, found):
    assert team.check(settings)[0] == found
    err = team.check(settings)[1]
    assert err.count("`TEAM004` is now `TEAM104`. Write the new code.") == 1
    assert "metaflow-lint.toml: " in err


def test_the_command_line_takes_a_former_code(team):
    found, err = team.check("", "--select", "team005")
    assert found == {"TEAM104"}
    assert "--select: `TEAM005` is now `TEAM104`" in err


def test_a_former_code_sets_the_severity(team):
    team.check('select = ["TEAM1"]\nseverity = { TEAM004 = "error" }')
    (found,) = json.loads(team.folder.lint("check", "flow.py", "--output-format", "json").out)
    assert found["severity"] == "error"


@pytest.mark.parametrize(
    "comment", ["class Topics(FlowSpec):  # noqa: TEAM004", "# metaflow-lint: noqa: TEAM004"]
)
def test_a_comment_may_name_a_former_code(team, comment):
    line = "class Topics(FlowSpec):"
    text = comment if line in comment else f"{comment}\n{line}"
    team.folder.write("flow.py", FLOW.replace(line, text))
    found, err = team.check('select = ["TEAM1", "MF901"]')
    assert found == set()
    assert "`TEAM004` is now `TEAM104`" in err
    # Where it suppresses nothing, it is reported as any other code.
    team.folder.write("flow.py", FLOW.replace("pass", "pass  # noqa: TEAM005"))
    assert team.check('select = ["TEAM1", "MF901"]')[0] == {"TEAM104", "MF901"}
    assert team.check('select = ["MF901"]')[0] == set()


def test_a_comment_beside_a_base_flow_may_name_a_former_code(team):
    line = "class Topics(FlowSpec):"
    team.folder.write("base.py", FLOW.replace(line, f"{line}  # noqa: TEAM004"))
    team.folder.write("flow.py", "from base import Topics\n\n\nclass Later(Topics):\n    pass\n")
    found, _ = team.check('select = ["TEAM1"]')
    assert found == {"TEAM104"}
    assert team.check('select = ["TEAM1"]', "base.py")[0] == {"TEAM104"}


def test_a_baseline_may_name_a_former_code(team):
    words = ("--baseline", "known.json")
    team.folder.write("metaflow-lint.toml", 'local-rules = ["lint"]\nselect = ["TEAM1"]\n')
    team.folder.lint("check", "flow.py", *words, "--write-baseline")
    known = team.folder.path / "known.json"
    known.write_text(known.read_text().replace("TEAM104", "TEAM004"))
    found, err = team.check('select = ["TEAM1"]', *words)
    assert found == set()
    assert "known.json: `TEAM004` is now `TEAM104`. Update it with `--write-baseline`." in err
    assert "no longer" not in err
    team.folder.lint("check", "flow.py", *words, "--write-baseline")
    assert "TEAM104" in known.read_text()
    assert "TEAM004" not in known.read_text()
    assert team.check('select = ["TEAM1"]', *words) == (set(), "")


def test_the_cache_keeps_the_warnings(team):
    team.check('select = ["TEAM004"]')
    words = ("--cache-dir", ".cache")
    results = [run(team.folder.path, "check", "flow.py", *words) for _ in range(2)]
    assert [result.err.count("is now `TEAM104`") for result in results] == [1, 1]
    team.check('select = ["TEAM0"]')
    for option, code in (("--preview", "TEAM002"), ("--no-preview", "TEAM003")):
        assert code in run(team.folder.path, "check", "flow.py", *words, option).out


@pytest.fixture
def gone(monkeypatch):
    rule = Removed("too-long-flow", "0.4", "MF301 reports steps that do too much.")
    monkeypatch.setitem(removed.REMOVED, "MF099", rule)


@pytest.mark.usefixtures("gone")
def test_a_removed_rule_cannot_be_selected(team):
    sentence = (
        "`MF099` (too-long-flow) was removed in version 0.4. MF301 reports steps that do too much."
    )
    for name in ("select", "extend-select"):
        found, err = team.check(f'{name} = ["MF099"]')
        assert found is None
        assert f"metaflow-lint.toml: {sentence}" in err
    for settings in (
        'ignore = ["MF099"]',
        'per-file-ignores = { "x.py" = ["MF099"] }',
        'severity = { MF099 = "info" }',
    ):
        found, err = team.check(settings)
        assert "TEAM001" in found
        assert err.count(sentence) == 1
    result = team.folder.lint("rule", "MF099")
    assert (result.status, result.out) == (2, "")
    assert sentence in result.err
    assert "| MF099 | too-long-flow | 0.4 | MF301 reports" in pages.index_page()


def test_sarif_names_former_codes(team):
    team.check('select = ["TEAM1", "TEAM001"]')
    report = json.loads(team.folder.lint("check", "flow.py", "--output-format", "sarif").out)
    rules = {rule["id"]: rule for rule in report["runs"][0]["tool"]["driver"]["rules"]}
    assert rules["TEAM104"]["deprecatedIds"] == ["TEAM004", "TEAM005"]
    assert "deprecatedIds" not in rules["TEAM001"]


def test_rules_say_their_status(team):
    team.check("")
    listed = json.loads(team.folder.lint("rules", "--output-format", "json").out)
    found = {rule["code"]: rule for rule in listed}
    assert {code: found[code]["status"] for code in ALL} == {
        **dict.fromkeys(ALL, "stable"),
        "TEAM002": "preview",
        "TEAM003": "deprecated",
    }
    assert (found["TEAM003"]["since"], found["TEAM001"]["since"]) == ("0.3", None)
    assert found["TEAM003"]["instead"] == "TEAM001 reports the same."
    assert found["TEAM104"]["former_codes"] == ["TEAM004", "TEAM005"]
    lines = team.folder.lint("rules").out.splitlines()
    assert any("TEAM002" in line and line.endswith("preview") for line in lines)
    assert any("TEAM003" in line and line.endswith("deprecated") for line in lines)


def test_pages_say_the_status(team):
    team.check("")
    out = {code: team.folder.lint("rule", code).out for code in ALL}
    assert "in [preview](../stability.md#the-life-of-a-rule) since version 0.2" in out["TEAM002"]
    assert "is [deprecated]" in out["TEAM003"]
    assert "Its code was `TEAM004`, `TEAM005` before." in out["TEAM104"]
    assert "preview" not in out["TEAM001"]
    result = team.folder.lint("rule", "team005")
    assert result.out == out["TEAM104"]
    assert "`TEAM005` is now `TEAM104`" in result.err


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("Status.PREVIEW", "'new'", "`status` must be one of `Status.STABLE`"),
        ("default, instead", "default, more", "Old is deprecated and needs `instead`"),
        ('"TEAM005"', '"MF001"', "Renamed cannot have had the code MF001"),
        ('"TEAM005"', '"team 5"', "Renamed cannot have had the code team 5"),
        ('"TEAM005"', '"TEAM001"', "had the code TEAM001, which is taken"),
    ],
)
def test_a_rule_with_an_impossible_life_is_an_error(team, old, new, sentence):
    team.folder.write("lint/rules.py", RULES.replace(old, new))
    found, err = team.check("")
    assert found is None
    assert sentence in err
