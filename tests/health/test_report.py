"""`metaflow-lint report`: the page's numbers are those of `check`, and all of it is text."""

import base64
import hashlib
import html.parser
import json
import re
from collections import Counter

import pytest

from tests.engine.test_notebooks import CELLS, notebook
from tests.folder import FLOW, Folder
from tests.health.repositories import (
    BASELINE,
    FAILING,
    HOSTILE,
    with_history,
    write,
    write_baseline,
)

VOID = {"meta", "br"}


class Parsed(html.parser.HTMLParser):
    """A page: its elements, with their texts."""

    def __init__(self, text):
        super().__init__()
        self.open = []
        self.elements = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "in": [e["tag"] for e in self.open], "text": "", **dict(attributes)}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag):
        assert self.open.pop()["tag"] == tag

    def handle_data(self, data):
        for element in self.open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [e for e in self.elements if e["tag"] == tag and attributes.items() <= e.items()]

    def table(self, title):
        """The rows of the tables below a heading, as texts by their columns."""
        section = next(e for e in self.all("section") if e["text"].startswith(title))
        at = self.elements.index(section)
        rows, head = [], []
        for element in self.elements[at + 1 :]:
            if element["tag"] == "section":
                break
            if element["tag"] == "tr" and "thead" in element["in"]:
                head = []
            elif element["tag"] == "tr":
                rows.append([])
            elif element["tag"] in ("th", "td") and element.get("class") != "bars":
                (head if "thead" in element["in"] else rows[-1]).append(element["text"])
        return [dict(zip(head, row, strict=True)) for row in rows]


def report(folder, *words):
    result = folder.lint("report", *words)
    assert (result.status, result.err) == (0, "")
    return Parsed(result.out)


def tiles(page):
    names, values = page.all("dt"), page.all("dd")
    return {name["text"]: value["text"] for name, value in zip(names, values, strict=True)}


def findings(folder, *words):
    words = ("check", "--output-format", "json", *words)
    return json.loads(folder.lint(*words).out)


@pytest.fixture
def repository(folder):
    write(folder.path)
    return folder


def test_the_numbers_are_those_of_check(repository):
    found = findings(repository)
    page = report(repository)
    (title,) = page.all("title")
    assert title["text"] == f"{repository.path.name}: the health of the flows"
    severities = Counter(f["severity"] for f in found)
    shown = tiles(page)
    assert shown["flows without findings"] == "1 of 4"
    assert shown[f"error{'s' * (severities['error'] != 1)}"] == str(severities["error"])
    assert shown["warnings"] == str(severities["warning"])
    rules = {row["rule"]: int(row["all"]) for row in page.table("Rules")}
    assert rules == Counter(f["code"] for f in found)
    for title, key in (("Families", "family"), ("Folders", "folder"), ("Rules", "rule")):
        rows = page.table(title)
        assert sum(int(row["all"]) for row in rows) == len(found)
        assert sum(int(row["errors"]) for row in rows) == severities["error"]
        assert len({row[key] for row in rows}) == len(rows)
    assert {row["folder"] for row in page.table("Folders")} == {"flows", HOSTILE}
    assert {row["about"] for row in page.table("Families")} >= {"graph", "naming"}
    efforts = [item["text"] for item in page.all("li") if "effort" in item.get("class", "")]
    fixes = Counter((f["fix"] or {}).get("applicability", "by hand") for f in found)
    for item, kind in zip(efforts, ("safe", "unsafe", "by hand"), strict=True):
        assert re.match(rf"{fixes[kind]}{kind} \(", item)


def test_the_worst_flow_comes_first_with_its_findings(repository):
    page = report(repository)
    names = [e["text"] for e in page.all("b") if e["in"][-1] == "span"]
    assert names[0] == "Authors"
    assert {*names} == {"Authors", "PapersFlow", "Labels"}
    listed = [e["text"] for e in page.all("li") if e.get("class") == "error"]
    (fault,) = [item for item in listed if "MF802" in item]
    assert "`" not in fault
    assert "Line 16, error. Name a step of the flow. Did you mean end?" in fault
    assert not fault.endswith("?.")
    assert all(e["href"].startswith("https://") for e in page.all("a") if "skip" not in e.values())


def test_names_and_messages_are_text(repository):
    text = repository.lint("report").out
    assert "<img" not in text
    page = Parsed(text)
    assert any(HOSTILE in e["text"] for e in page.all("span", **{"class": "quiet"}))
    known = set(
        "html head meta title style body a header main section h1 h2 p ul ol li dl dt dd div span "
        "b code details summary table thead tbody tr th td svg rect line text path circle".split()
    )
    assert {e["tag"] for e in page.elements} <= known
    assert not any(name.startswith("on") for e in page.elements for name in e)


def test_a_name_that_a_terminal_would_obey_is_visible(repository):
    repository.write("a\x1b[31m\n::error::x\u202e.py", FAILING)
    text = repository.lint("report", GITHUB_ACTIONS="true").out
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "\n::" not in text
    assert r"a\x1b[31m\n::error::x" in text


def test_the_page_loads_and_runs_nothing(repository):
    text = repository.lint("report").out
    page = Parsed(text)
    (policy,) = [e["content"] for e in page.all("meta") if "http-equiv" in e]
    (style,) = page.all("style")
    digest = base64.b64encode(hashlib.sha256(style["text"].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy
    assert not any("src" in e or "style" in e for e in page.elements)
    assert "url(" not in style["text"]


def test_the_baseline_is_counted_apart(repository):
    before = findings(repository)
    repository.lint("check", "flows/habits.py", "--write-baseline")
    left = findings(repository)
    assert 0 < len(left) < len(before)
    page = report(repository)
    shown = tiles(page)
    assert shown["silenced by the baseline"] == str(len(before) - len(left))
    rules = page.table("Rules")
    assert sum(int(row["silenced"]) for row in rows_of(rules)) == len(before) - len(left)
    assert sum(int(row["all"]) for row in rows_of(rules)) == len(before)
    assert "in the baseline" in repository.lint("report").out
    (history,) = [e["text"] for e in page.all("section") if e["text"].startswith("The baseline")]
    assert "No tag of git has a baseline" in history
    repository.write("flows/habits.py", FLOW)
    result = repository.lint("report").out
    assert re.search(r"\d+ entries of it match nothing any more", result)


def rows_of(table):
    assert table
    return table


@pytest.mark.process
def test_the_baseline_over_the_tags(folder):
    with_history(folder.path)
    page = report(folder)
    points = page.table("The baseline")
    assert [(row["tag"], row["findings"]) for row in points] == [
        ("now", "12"),
        ("v0.5", "25"),
        ("v0.4", "53"),
        ("v0.3", "50"),
        ("v0.2", "65"),
    ]
    assert points[-1]["date"] == "14 November 2023"
    (history,) = [e["text"] for e in page.all("section") if e["text"].startswith("The baseline")]
    assert "It went from 65 findings at v0.2 to 12 now, 82 % fewer." in history
    assert "1 entry of it matches nothing any more" in history


@pytest.mark.process
def test_several_repositories(tmp_path):
    with_history(tmp_path / "shop")
    write(tmp_path / "depot")
    (tmp_path / "other" / "shop").mkdir(parents=True)
    (tmp_path / "other" / "shop" / "pyproject.toml").write_text("")
    (tmp_path / "other" / "shop" / "flow.py").write_text(FLOW)
    folder = Folder(tmp_path / "depot")
    page = report(folder, ".", "../shop", "../other/shop")
    rows = {row["repository"]: row for row in page.table("Repositories")}
    assert rows.keys() == {"depot", "shop", "other/shop"} or rows.keys() == {
        "depot",
        "shop",
        "tmp/shop",
    }
    assert rows["depot"]["clean flows"] == "1 of 4"
    clean = next(row for name, row in rows.items() if name.endswith("/shop"))
    assert (clean["clean flows"], clean["all"]) == ("1 of 1", "0")
    titles = [e["text"] for e in page.all("h2")]
    assert "The baseline of shop" in titles
    assert "The baseline of depot" not in titles
    assert "depot/flows" in {row["folder"] for row in page.table("Folders")}
    assert page.all("h1")[0]["text"] == "The health of 3 repositories"


@pytest.mark.process
def test_a_repository_inside_another_one_has_its_own_baseline(folder):
    write(folder.path)
    with_history(folder.path / "vendored" / "shop")
    page = report(folder)
    assert [e["text"] for e in page.all("h2") if "baseline" in e["text"]] == [
        "The baseline of shop"
    ]


def test_a_notebook_and_code_without_a_flow(repository):
    repository.write("results.ipynb", notebook(*CELLS))
    page = report(repository)
    assert any("Cell 6, line 2, " in e["text"] for e in page.all("p"))
    assert any(e["text"] == "code outside of flows" for e in page.all("b"))


def test_a_repository_without_findings(folder):
    folder.write("flow.py", FLOW)
    page = report(folder)
    assert tiles(page) == {"flows without findings": "1 of 1", "errors": "0", "warnings": "0"}
    assert "All checks passed." in page.all("main")[0]["text"]


def test_the_page_is_written_to_a_file(repository):
    result = repository.lint("report", "--output-file", "health.html")
    assert (result.status, result.out, result.err) == (0, "", "")
    Parsed((repository.path / "health.html").read_text())


def test_rules_are_selected_as_for_check(repository):
    page = report(repository, "--select", "MF802", "flows")
    assert [row["rule"] for row in page.table("Rules")] == ["MF802"]
    assert tiles(page)["flows without findings"] == "2 of 3"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("-",), "report: it reads files and folders, not standard input."),
        (("notes.txt", "--isolated"), "no file in notes.txt uses Metaflow"),
        (("nothing.py",), "nothing.py"),
        (("--select", "MF12345"), "no rule has the code `MF12345`"),
    ],
)
def test_what_cannot_be_reported_on_is_an_error(repository, words, sentence):
    result = repository.lint("report", *words)
    assert (result.status, result.out) == (2, "")
    assert sentence in result.err


def test_a_broken_baseline_is_an_error(repository):
    repository.write(BASELINE, "{}")
    result = repository.lint("report")
    assert (result.status, result.out) == (2, "")
    assert "this is no baseline" in result.err


def test_a_file_that_cannot_be_read_is_named_and_the_rest_is_shown(repository):
    repository.write("flows/odd.py", "from metaflow import FlowSpec\nclass (:\n")
    page = report(repository)
    assert any(row["rule"] == "MF900" for row in page.table("Rules"))


def test_a_former_baseline_that_is_odd_is_left_out(repository):
    from lint_rules.health.history import size_of

    write_baseline(repository.path, MF401=3, MF302=4)
    assert size_of((repository.path / BASELINE).read_bytes()) == 7
    for content in (
        b"",
        b"[]",
        b'{"findings": 1}',
        b'{"findings": {"a": [{"count": true}]}}',
        b'{"findings": {"a": [{"count": -1}]}}',
        b'{"findings": {"a": 1}}',
        b"[" * 99_999,
    ):
        assert size_of(content) is None
