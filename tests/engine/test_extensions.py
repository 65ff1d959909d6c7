"""Rules of a repository's own and of other packages; configuration that extends another."""

import json
import subprocess
import sys
import zipfile

import jsonschema
import pytest

from lint_rules.settings.options import Settings, options
from lint_rules.settings.schema import schema
from tests.folder import FLOW

BAD_NAME = FLOW.replace("ArxivTopics", "ArxivTopicsFlow")


def scaffold(folder) -> None:
    result = folder.lint("new-rule", "TEAM001", "flow-docstring")
    assert result.status == 0, result.err
    assert 'local-rules = ["lint"]' in result.out
    folder.write(
        "pyproject.toml",
        '[tool.metaflow-lint]\nlocal-rules = ["lint"]\nextend-select = ["TEAM001"]\n'
        'exclude = ["lint/"]\n',
    )


@pytest.mark.process
def test_new_rule_works_at_once(folder):
    scaffold(folder)
    folder.write("flow.py", FLOW)
    assert folder.codes() == ["flow.py:5 TEAM001"]
    (finding,) = json.loads(folder.lint("check", "--output-format", "json").out)
    assert finding["url"] is None
    tested = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "lint"],
        cwd=folder.path,
        capture_output=True,
        text=True,
    )
    assert tested.returncode == 0, tested.stdout


def test_new_rule_overwrites_nothing(folder):
    scaffold(folder)
    result = folder.lint("new-rule", "TEAM001", "flow-docstring")
    assert result.status == 2
    assert "already exists; nothing was written" in result.err


@pytest.mark.parametrize("words", [("MF999", "a"), ("team1", "a"), ("TEAM1", "No Good")])
def test_new_rule_refuses_impossible_names(folder, words):
    assert folder.lint("new-rule", *words).status == 2
    assert not (folder.path / "lint").exists()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("import nowhere_to_be_found\n", "No module named 'nowhere_to_be_found'"),
        ("x = 1\n", "holds no rule"),
        ("from lint_rules.api import Rule\nclass A(Rule): name = 'a'\n", "needs a `code`"),
        (
            "from lint_rules.api import Rule, Flow\nclass A(Rule):\n    code, name = 'MF001', 'a'\n"
            "    def check(self, flow: Flow): yield\n",
            "`MF` is taken",
        ),
        (
            "from lint_rules.api import Rule\nclass A(Rule):\n    code, name = 'X1', 'a'\n"
            "    def check(self, flow): yield\n",
            "annotated with Module, Flow, Step or Project",
        ),
    ],
)
def test_a_rule_that_cannot_be_loaded_is_an_error(folder, text, sentence):
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nlocal-rules = ["own.py"]\n')
    folder.write("own.py", text)
    folder.write("flow.py", FLOW)
    result = folder.lint("check", "flow.py")
    assert result.status == 2
    assert "own.py" in result.err
    assert sentence in result.err


def test_a_rule_that_raises_is_an_error_that_names_it(folder):
    scaffold(folder)
    file = folder.path / "lint/team001_flow_docstring.py"
    file.write_text(file.read_text().replace("if flow.", "1 / 0\n        if flow."))
    folder.write("flow.py", FLOW)
    result = folder.lint("check")
    assert result.status == 2
    assert "TEAM001 (flow-docstring) failed: ZeroDivisionError" in result.err
    assert "flow.py" in result.err


def test_rules_of_other_packages(folder, process_folder):
    """A package as pip installs it: a module, and the metadata that names its entry point."""
    scaffold(folder)
    (folder.path / "pyproject.toml").unlink()
    site = folder.path / "site-packages"
    site.mkdir()
    (folder.path / "lint/team001_flow_docstring.py").rename(site / "team_rules.py")
    metadata = "site-packages/team_rules-1.dist-info"
    folder.write(f"{metadata}/METADATA", "Metadata-Version: 2.1\nName: team-rules\nVersion: 1\n")
    folder.write(f"{metadata}/entry_points.txt", "[metaflow_lint.rules]\nteam = team_rules\n")
    folder.write("flow.py", FLOW)
    path = {"PYTHONPATH": str(site)}
    result = process_folder.lint("check", "--select", "TEAM", "flow.py", **path)
    assert "TEAM001" in result.out
    assert "TEAM001" in process_folder.lint("rules", **path).out
    assert process_folder.lint("rule", "TEAM001", **path).status == 0
    folder.write(f"{metadata}/entry_points.txt", "[metaflow_lint.rules]\nteam = team_rulez\n")
    result = process_folder.lint("check", **path)
    assert result.status == 2
    assert "`team = team_rulez`" in result.err


@pytest.mark.parametrize("form", ["egg-info", "archive"])
def test_rules_of_packages_in_other_forms(folder, process_folder, form):
    scaffold(folder)
    (folder.path / "pyproject.toml").unlink()
    rule = (folder.path / "lint/team001_flow_docstring.py").read_text()
    suffix = "egg-info" if form == "egg-info" else "dist-info"
    files = {
        "team_rules.py": rule,
        f"team_rules-1.{suffix}/METADATA": "Metadata-Version: 2.1\nName: team-rules\nVersion: 1\n",
        f"team_rules-1.{suffix}/entry_points.txt": "[metaflow_lint.rules]\nteam = team_rules\n",
    }
    if form == "archive":
        with zipfile.ZipFile(folder.path / "team.zip", "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        for name, text in files.items():
            folder.write(f"installed/{name}", text)
    where = folder.path / ("team.zip" if form == "archive" else "installed")
    assert "TEAM001" in process_folder.lint("rules", PYTHONPATH=str(where)).out


def test_extend(folder):
    folder.write("shared/base.toml", 'ignore = ["MF001"]\nexclude = ["old/"]\n')
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nextend = "shared/base.toml"\n')
    folder.write("flow.py", BAD_NAME)
    folder.write("old/flow.py", BAD_NAME)
    assert folder.codes() == []
    more = 'extend-select = ["MF001"]\n'
    folder.write("pyproject.toml", f'[tool.metaflow-lint]\nextend = "shared/base.toml"\n{more}')
    assert folder.codes() == ["flow.py:5 MF001"]


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (None, "which does not exist"),
        ('extend = "../pyproject.toml"\n', "goes in a circle"),
        ("nonsense = 1\n", "has no setting `nonsense`"),
    ],
)
def test_extend_that_cannot_be_followed(folder, base, sentence):
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nextend = "a/base.toml"\n')
    if base:
        folder.write("a/base.toml", base)
    result = folder.lint("check")
    assert result.status == 2
    assert sentence in result.err


def test_config_holds_for_all_files(folder):
    folder.write("strict.toml", 'ignore = ["MF001"]\n')
    folder.write("a/pyproject.toml", '[tool.metaflow-lint]\nselect = ["MF0"]\n')
    folder.write("a/flow.py", BAD_NAME)
    assert folder.codes() == ["a/flow.py:5 MF001"]
    assert folder.codes("--config", "strict.toml") == []
    result = folder.lint("check", "--config", "none.toml")
    assert result.status == 2
    assert "none.toml does not exist" in result.err


def test_show_files_and_settings(folder):
    folder.write("flow.py", FLOW)
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nproject = "arxiv"\nselect = ["MF1"]\n')
    assert folder.lint("check", "--show-files").out == "flow.py\n"
    shown = folder.lint("check", "--show-settings").out
    assert "project = 'arxiv'" in shown
    assert "# Rules: MF101, " in shown


def test_stdin_filename_decides_on_settings(folder):
    folder.write("a/pyproject.toml", '[tool.metaflow-lint]\nignore = ["MF001"]\n')
    assert folder.lint("check", "-", stdin=BAD_NAME).status == 1
    named = folder.lint("check", "--stdin-filename", "a/flow.py", "-", stdin=BAD_NAME)
    assert named.status == 0


def test_schema_knows_every_setting():
    known = schema()
    jsonschema.Draft7Validator.check_schema(known)
    assert set(known["properties"]) == set(options())
    jsonschema.validate({"select": ["MF1"], "per-file-ignores": {"a": ["MF1"]}}, known)
    for wrong in ({"selekt": []}, {"select": "MF1"}, {"max-step-statements": "7"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, known)
    for name, option in options().items():
        default = getattr(Settings(), option.name)
        shown = list(default) if isinstance(default, tuple) else default
        assert known["properties"][name].get("default") == shown


EARLIER = """\
from lint_rules.api import Flow, Replace, Rule, Safety


class Earlier(Rule):
    code, name, fix_safety = "TEAM001", "earlier-names", Safety.SAFE

    def check(self, flow: Flow):
        for step in flow.steps:
            for part in (step, step.function, *step.transitions, *step.artifacts):
                assert part.place
        for subclass in flow.heirs:
            assert subclass.place == subclass.location
        for transition in flow.steps[0].transitions:
            (target,) = transition.call.positional
            edits = [Replace(target.place, "self.last")]
            if target.name != "self.last":
                yield self.finding(target, "x", "y", self.fix("z", edits))
"""


def test_rules_may_use_earlier_names(folder):
    folder.write("pyproject.toml", '[tool.metaflow-lint]\nlocal-rules = ["own.py"]\n')
    folder.write("own.py", EARLIER)
    more = "\n\nclass More(ArxivTopics):\n    @step\n    def last(self):\n        pass\n"
    folder.write("flow.py", FLOW + more)
    result = folder.lint("check", "--select", "TEAM001", "--fix", "flow.py")
    assert result.err == ""
    assert "self.next(self.last)" in (folder.path / "flow.py").read_text()
