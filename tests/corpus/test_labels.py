"""The labels of public flows, their scorer, and the command that clones the flows."""

from __future__ import annotations

import csv
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from lint_rules.engine.registry import all_rules
from tests.corpus.labels import __main__ as command
from tests.corpus.labels import checkout, data
from tests.corpus.labels.data import LabelledFile, Labels
from tests.corpus.labels.score import SLACK, Score, compare, table

FLOW = """\
from metaflow import FlowSpec, step


class Rides(FlowSpec):
    @step
    def start(self):
        self.rides = 1
        self.next(self.end)

    @step
    def end(self):
        print(self.rides)


if __name__ == "__main__":
    Rides()
"""


def test_labels_are_of_listed_files_and_known_rules() -> None:
    listed = {(file.repository, file.path) for file in data.files()}
    codes = {rule.code for rule in all_rules()}
    with (data.HERE / "labels.tsv").open(newline="", encoding="utf-8") as lines:
        rows = list(csv.reader(lines, delimiter="\t"))[1:]
    assert rows == sorted(rows, key=lambda r: (r[0], r[1], int(r[2]), r[3]))
    for repository, path, line, rule, verdict in rows:
        assert (repository, path) in listed
        assert rule in codes
        assert int(line) > 0
        assert verdict in ("wrong", "ambiguous")
    assert {(repository, path) for repository, path, *_ in rows} == listed


def test_sets_share_no_repository() -> None:
    sets = Counter(repository for _, repository in {(f.set, f.repository) for f in data.files()})
    assert set(sets.values()) == {1}
    assert Counter(file.set for file in data.files()) == {"first": 25, "second": 24}


def test_findings_belong_to_the_nearest_label() -> None:
    compared = compare([10, 11, 30, 31], Labels(wrong={11, 13, 29}, ambiguous={31}))
    assert (compared.true, compared.missed, compared.false) == ({11, 30}, {13}, {10})


def test_findings_far_from_a_label_are_false() -> None:
    assert compare([5], Labels(wrong={5 + SLACK})).score == Score(true=1)
    assert compare([5], Labels(wrong={6 + SLACK})).score == Score(missed=1, false=1)


def test_ambiguous_labels_count_neither_way() -> None:
    assert compare([5], Labels(ambiguous={5, 9})).score == Score()
    assert compare([5], Labels(wrong={5}, ambiguous={5})).score == Score(true=1)


def test_table() -> None:
    lines = list(table({"MF002": Score(true=3, missed=1), "MF001": Score(false=1, true=1)}))
    assert lines[2:] == [
        "| MF001 | 1 | 1 | 0 | 1 | 0.500 | 1.000 |",
        "| MF002 | 4 | 3 | 1 | 0 | 1.000 | 0.750 |",
        "| all | 5 | 4 | 1 | 1 | 0.800 | 0.800 |",
    ]
    assert list(table({"MF001": Score()}))[2] == "| MF001 | 0 | 0 | 0 | 0 | – | – |"


@pytest.fixture
def labelled(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> LabelledFile:
    """A flow with two labels, one of which no rule reports, in a repository of its own."""
    origin = tmp_path / "origin" / "acme" / "rides"
    origin.mkdir(parents=True)
    (origin / "flow.py").write_text(FLOW)
    for words in (
        ("init", "--quiet"),
        ("add", "."),
        ("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "-m", "c"),
        ("config", "uploadpack.allowAnySHA1InWant", "true"),
    ):
        subprocess.run(["git", *words], cwd=origin, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=origin, check=True, capture_output=True, text=True
    )
    file = LabelledFile("first", "acme/rides", head.stdout.strip(), "flow.py")
    places = {("acme/rides", "flow.py", rule): Labels(wrong={7}) for rule in ("MF401", "MF402")}
    for module in (command, checkout):
        monkeypatch.setattr(module, "files", lambda: [file])
    monkeypatch.setattr(command, "labels", lambda: places)
    return file


@pytest.mark.process
def test_clone_and_score(
    labelled: LabelledFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder, source = tmp_path / "checkouts", (tmp_path / "origin").as_uri()
    assert checkout.main([str(folder)], source=source) == 0
    assert labelled.below(folder).read_text() == FLOW
    # What is there is not fetched again.
    assert checkout.main([str(folder)], source="nowhere") == 0
    capsys.readouterr()

    assert command.main([str(folder)]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert f"MF402 missed: {labelled.below(folder)}:7" in shown
    assert "| MF401 | 1 | 1 | 0 | 0 | 1.000 | 1.000 |" in shown
    assert "| all | 2 | 1 | 1 | 0 | 1.000 | 0.500 |" in shown


@pytest.mark.process
def test_repository_that_is_gone(
    labelled: LabelledFile, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "checkouts"
    assert checkout.main([str(folder)], source=(tmp_path / "gone").as_uri()) == 1
    shown = capsys.readouterr().out
    assert f"acme/rides: git could not fetch {labelled.commit}" in shown
    assert "0 of 1 repositories" in shown
    assert not list(folder.iterdir())


def test_folder_without_checkouts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        command.main([str(tmp_path)])
    assert stopped.value.code == 2
    assert "tests.corpus.labels.checkout" in capsys.readouterr().err
