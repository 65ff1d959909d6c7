"""Baselines that are none, of whatever kind: a sentence and status 2."""

import json
import os

import pytest

from lint_rules.diagnostics import baselines
from lint_rules.diagnostics.baseline import VERSION
from tests.folder import FLOW

ENTRY = {"code": "MF001", "scope": "ArxivFlow", "symbol": "", "count": 1}
OLD = {"code": "MF001", "line": "class ArxivFlow(FlowSpec):", "count": 1}


def baseline(*entries, file="flow.py"):
    return json.dumps({"version": VERSION, "findings": {file: entries}})


ODD = {
    "number for a line": baseline({**OLD, "line": 1}, ENTRY),
    "number for a scope": baseline({**ENTRY, "scope": 1}, ENTRY),
    "list for a symbol": baseline({**ENTRY, "symbol": []}),
    "no symbol": baseline({"code": "MF001", "scope": "ArxivFlow", "count": 1}),
    "null for a code": baseline({**ENTRY, "code": None}, ENTRY),
    "list for a line": baseline({**OLD, "line": []}),
    "text for a count": baseline({**ENTRY, "count": "1"}),
    "true for a count": baseline({**ENTRY, "count": True}),
    "negative count": baseline({**ENTRY, "count": -1}),
    "half a count": baseline({**ENTRY, "count": 0.5}),
    "endless count": baseline(ENTRY).replace('"count": 1', '"count": 1e999'),
    "huge count": baseline(ENTRY).replace('"count": 1', '"count": ' + "9" * 5000),
    "text for an entry": baseline("MF001"),
    "text for entries": json.dumps({"version": VERSION, "findings": {"flow.py": "MF001"}}),
    "list for findings": json.dumps({"version": VERSION, "findings": []}),
    "numbers for subclasses": baseline({**ENTRY, "heirs": [1]}),
    "number for subclasses": baseline({**ENTRY, "heirs": 1}),
    "null character": baseline(ENTRY, file="a\0b").replace("MF001", "a\\u0000"),
    "nothing": "",
    "text": '"baseline"',
    "depth": '{"version":' * 50_000,
    "another encoding": baseline(ENTRY).encode("utf-16"),
}


@pytest.mark.parametrize("content", ODD.values(), ids=ODD)
@pytest.mark.parametrize("option", [(), ("--write-baseline",)], ids=["read", "written"])
def test_an_odd_baseline(folder, content, option):
    folder.write("flow.py", "import metaflow\n")
    folder.write("known.json", content)
    result = folder.lint("check", "--baseline", "known.json", *option)
    assert (result.status, result.out) == (2, "")
    assert "known.json: this is no baseline. Delete it, and write a new one" in result.err
    assert "--write-baseline" in result.err


@pytest.mark.parametrize(
    ("name", "why"), [("pipe.json", "this is no file"), (".", "this is no file")]
)
def test_a_pipe_or_folder_for_a_baseline(folder, name, why):
    folder.write("flow.py", FLOW)
    os.mkfifo(folder.path / "pipe.json")
    result = folder.lint("check", "--baseline", name)
    assert result.status == 2
    assert f"cannot read the baseline: {why}" in result.err


@pytest.mark.parametrize("name", ["a" * 5000, "../" * 50 + "etc", "/", "", "."])
def test_files_of_a_baseline_that_cannot_be(folder, name):
    folder.write("flow.py", FLOW)
    folder.write("known.json", baseline(ENTRY, file=name))
    assert folder.lint("check", "--baseline", "known.json").status == 0


@pytest.fixture
def packages(folder):
    """Two packages with settings of their own, and one baseline."""
    for name in "ab":
        text = FLOW.replace("ArxivTopics", f"Topics{name.upper()}X").replace(": list[str]", "")
        folder.write(f"{name}/flow.py", text)
        folder.write(f"{name}/metaflow-lint.toml", 'baseline = "../known.json"\n')
    return folder


def test_one_baseline_of_several_settings_keeps_the_findings_of_all(packages):
    assert packages.lint("check", "--write-baseline", "--select", "ALL").status == 0
    known = json.loads((packages.path / "known.json").read_text())["findings"]
    assert set(known) == {"a/flow.py", "b/flow.py"}
    assert packages.lint("check", "--select", "ALL").status == 0
    page = packages.lint("report").out
    count = sum(finding["count"] for findings in known.values() for finding in findings)
    assert f"It holds {count} findings." in page


def test_baselines_that_are_large_together_are_refused(packages, monkeypatch):
    packages.lint("check", "--write-baseline", "--select", "ALL")
    for name in "ab":
        (packages.path / name / "own.json").symlink_to("../known.json")
        packages.write(f"{name}/metaflow-lint.toml", 'baseline = "own.json"\n')
    size = (packages.path / "known.json").stat().st_size
    monkeypatch.setattr(baselines, "_MOST_BYTES", size * 2)
    # For `a/own.json`, the entry `a/flow.py` is `a/a/flow.py`. That is gone: the file was renamed.
    assert packages.lint("check").status == 0
    monkeypatch.setattr(baselines, "_MOST_BYTES", size * 2 - 1)
    result = packages.lint("check")
    assert result.status == 2
    assert "own.json: all baselines of a run together have more than" in result.err
