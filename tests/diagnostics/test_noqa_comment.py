"""`# noqa` as Ruff reads it, and warnings about comments that only look like one."""

import subprocess
import sys
import time

import pytest

from lint_rules.diagnostics.noqa_comment import read_comment
from tests.folder import FLOW

ON_A_LINE = """\
# noqa|#noqa|# NOQA|# NoQA|#  noqa|##noqa: F401|# noqa:|# noqa : |# noqa:: F401|# noqa: F401
# noqa:F401|#noqa:F401|# noqa F401|#noqa F401|# noqa E501|#noqa E501 W1|# noqa : F401
# NOQA : F401|# NOQA : E501|# noqa  :  F401|# noqa: F401 E501|#noqa:F401 E501|# noqa: E501,F401
# noqa: E501 , F401|# noqa:E501F401|# noqa: f401|# noqa: F401 because|# noqa: F401because
# noqa: F401, because|# noqa: because F401|# noqa: because|# noqa because|# noqa because E501
# noqa-F401|# noqa - F401|# noqa - E501|# noqa. F401|# noqa; F401|# noqa[F401]|# noqa(F401)
# noqa=F401|# noqa, F401|# noqas|# no-qa|# no qa: F401|# noga|# foo noqa: F401
# foo # noqa: F401|# type: ignore # noqa: F401|# type: ignore[x]  # noqa|# noqa:F401,
# noqa:,F401|# noqa: F401,,E501|# noqa:\tF401|# noqa: E501\tF401|# noqa: F4|# noqa: F
# noqa: ALL|# noqa: F401-x|# noqa: F401: why|# noqa: F401 # why|# noqa# F401|# noqa:F401#x
# noqa: unused-import|# noqa: E501 F401because|# noqa: E501, # F401|# noqa: E501 because F401
# noqa: E501, because F401|# noqa: E501F401, F841|# noqa: E501because, F401
# noqa: F401, E501because|# noqa: E501 # noqa: F401|# noqa because # noqa: E501
# noqa: # noqa: F401|# see noqa: x # noqa: F401|# ruff: noqa|# flake8: noqa|# ruff: noqa: F401"""
FOR_A_FILE = """\
# ruff: noqa|# ruff: noqa: F401|# ruff: noqa: E501|# flake8: noqa|# flake8: noqa: F401
# flake8: NOQA: F401|# ruff:noqa|# ruff: NOQA|# ruff: noqa F401|# ruff: noqa E501|# ruff : noqa
# flake8:noqa F401|#ruff: noqa|# ruff: noqa because|# ruff: noqa: because|# ruff: noqa:
# ruff: noqa: F401 because|# ruff: noqa; F401|# ruff: noqa-F401|# see ruff: noqa
# see # ruff: noqa|# RUFF: noqa|# ruff:  noqa  :  F401|# ruff: noqa: f401|# ruff: noqa,F401
# ruff: noqas|# noqa|# noqa: F401"""


def forms(text: str) -> list[str]:
    return [form for line in text.split("\n") for form in line.split("|")]


def silenced_by_ruff(folder, texts: list[str]) -> list[bool]:
    for number, text in enumerate(texts):
        (folder / f"f{number:03}.py").write_text(text)
    words = ("check", "--isolated", "--no-cache", "--select", "F401", "--output-format", "concise")
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *words, "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    return [f"f{number:03}.py:" not in done.stdout for number in range(len(texts))]


@pytest.mark.process
def test_comments_on_a_line_are_read_as_by_ruff(tmp_path):
    comments = forms(ON_A_LINE)
    ours = []
    for comment in comments:
        found, _ = read_comment(comment, is_alone=False)
        names = [code for _, code in found.codes] if found else None
        ours.append(names == [] or "F401" in (names or ()))
    theirs = silenced_by_ruff(tmp_path, [f"import os  {comment}\n" for comment in comments])
    assert dict(zip(comments, ours, strict=True)) == dict(zip(comments, theirs, strict=True))


@pytest.mark.process
def test_comments_for_a_file_are_read_as_by_ruff(tmp_path):
    comments = forms(FOR_A_FILE)
    ours = []
    for comment in comments:
        found, _ = read_comment(comment, is_alone=True)
        names = [code for _, code in found.codes] if found and found.tool else None
        ours.append(names == [] or "F401" in (names or ()))
    theirs = silenced_by_ruff(tmp_path, [f"{comment}\nimport os\n" for comment in comments])
    assert dict(zip(comments, ours, strict=True)) == dict(zip(comments, theirs, strict=True))


BAD = FLOW.replace("ArxivTopics", "ArxivFlow")
TOLD = [
    ("# noqa-MF001", "`# noqa-MF001` suppresses nothing: put a colon before the codes"),
    ("# noqa, MF001", "put a colon before the codes"),
    ("# noqa: mf001", "name rules by their codes: `# noqa: MF101, MF201`"),
    ("# noqa:", "name rules by their codes"),
    ("# noqa: MF001because", "put a blank or a comma behind each code"),
    ("# noqa: flow-name-suffix", "name rules by their codes"),
    ("# noqa: MF", "name rules by their codes"),
    ("# metaflow-lint: noqa", "what holds for a file stands on a line of its own"),
    ("# Metaflow-Lint: noqa", "write `metaflow-lint` in small letters"),
]


@pytest.mark.parametrize(("comment", "sentence"), TOLD)
def test_what_looks_like_a_suppression_and_is_none_is_reported(folder, comment, sentence):
    folder.write("flow.py", BAD.replace("(FlowSpec):", f"(FlowSpec):  {comment}"))
    for words in (("check",), ("check", "--diff")):
        result = folder.lint(*words, "--output-format", "concise")
        assert "warning: flow.py:5: `#" in result.err
        assert sentence in result.err
        assert result.err.count("warning") == 1
    assert folder.codes() == ["flow.py:5 MF001"]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa: f401",
        "# noqa: DAR",
        "# noqa:WPS , ANN",
        "# noqa: E501because",
        "# noqa MF001",
        "# noqa: MF001",
        "# ruff: noqa",
        "# no qa",
    ],
)
def test_what_is_another_tools_or_one_is_not_reported(folder, comment):
    folder.write("flow.py", BAD.replace("(FlowSpec):", f"(FlowSpec):  {comment}"))
    assert folder.lint("check").err == ""


def test_a_codes_without_a_colon_is_not_the_whole_file(folder):
    folder.write("flow.py", "# metaflow-lint: noqa MF101\n" + BAD)
    result = folder.lint("check", "--ignore", "MF901", "--output-format", "concise")
    assert result.out.startswith("flow.py:6:7: MF001")
    assert "names rules without a colon: write `# metaflow-lint: noqa: MF101`" in result.err
    folder.write("flow.py", "# metaflow-lint: noqa MF001\n" + BAD)
    assert folder.codes() == []


def test_a_comment_in_a_cell_is_reported_with_its_cell(folder):
    import json

    cells = ["x = 1", "from metaflow import Flow\nrun = Flow('A').latest_run  # noqa:mf602"]
    made = [{"cell_type": "code", "source": source} for source in cells]
    folder.write("a.ipynb", json.dumps({"cells": made}))
    assert "a.ipynb:cell 2:2: `# noqa:mf602` suppresses nothing" in folder.lint("check").err


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "  # noqa: MF001  not yet"),
        ("  # noqa: E501", "  # noqa: E501, MF001  not yet"),
        ("  # noqa: E501  why", "  # noqa: E501, MF001  why; not yet"),
        ("  # noqa: E501  not yet", "  # noqa: E501, MF001  not yet"),
        ("  # noqa: E501 # type: ignore", "  # noqa: E501, MF001  not yet # type: ignore"),
        ("  # type: ignore  # noqa: E501", "  # type: ignore  # noqa: E501, MF001  not yet"),
        ("  # noqa: mf001", "  # noqa: MF001  not yet  # noqa: mf001"),
        ("  # just so", "  # just so  # noqa: MF001  not yet"),
    ],
)
def test_add_noqa_keeps_reasons(folder, before, after):
    file = folder.write("flow.py", BAD.replace("(FlowSpec):", f"(FlowSpec):{before}"))
    folder.lint("check", "--add-noqa=not yet")
    assert f"class ArxivFlow(FlowSpec):{after}\n" in file.read_text()
    assert folder.codes() == []


LONG = (
    "# noqa:" + "A" * 90_000,
    "# noqa:" + "A1" * 45_000 + "x",
    "# noqa:" + "A1,a" * 20_000,
    "# noqa" + " " * 90_000,
    "#" * 90_000,
    "#" + " " * 90_000,
    "#" + "a" * 90_000,
    "# a:" * 20_000,
)


@pytest.mark.parametrize("comment", LONG, ids=lambda comment: comment[:9])
def test_no_comment_takes_long(comment):
    begun = time.process_time()
    read_comment(comment, is_alone=True)
    assert time.process_time() - begun < 1
