"""Notebooks: the Python of a cell, whatever IPython alone understands in it."""

import json
import time

import pytest

from lint_rules.workspace.cell_code import python_of

CELLS = {
    "line magic": "%matplotlib inline\nx = 1",
    "two": "%time x = 1\n!ls -l\ny = 2",
    "below an if": "if True:\n    %time x = 1\n    !ls\ny = 2",
    "command with continuation": "!pip install \\\n  metaflow \\\n  pandas\ny = 2",
    "help before": "?name\nx = 1",
    "much help before": "??name\nx = 1",
    "help behind": "name?\nx = 1",
    "much help behind": "name??\nx = 1",
    "help on a method": "a.b.c?\nx = 1",
    "help in a block": "if True:\n    name?\nx = 1",
    "question in a comment": "x = 1  # really?\ny = 2",
    "comment alone": "# why?\ny = 2",
    "question in a string": "x = 'what?'\ny = 2",
    "question in brackets": "x = [\n  1,  # one?\n  2]\ny = 2",
    "text of several lines": 'x = """\n%time\n!ls\nname?\n"""\ny = 2',
    "quotes in text": 'x = """ \\""" \n%time\n""" + "\'"\n!ls\ny = 2',
    "quotes in a comment": "# it's\n!ls\ny = 2",
    "percent in brackets": "x = (7\n%3)\ny = 2",
    "percent behind a backslash": "x = 7 \\\n%3\ny = 2",
    "hash in a string": "x = '#' + '?'\nname?\ny = 2",
    "command's output": "files = !ls *.py\ny = 2",
    "magic's output": "t = %timeit -o f()\ny = 2",
    "in a block": "if True:\n    files = !ls\n    x = files\ny = 2",
    "two lines of output": "a, b = !ls\ny = 2",
    "subscripted": "a['!'] = !ls\ny = 2",
    "continued output": "files = !ls \\\n  *.py\ny = 2",
    "unequal": "x = a != b\ny = x == 1\nz = 'a=!ls'\ny = 2",
    "formatted": "x = '%s' % 1\ny = f(a=1)\nz = x %y",
    "decorated": "@decorate\ndef f():\n    '''%time'''\n    return 1\ny = f()",
}


def lines_that_stay(before, after):
    return [old == new and bool(old.strip()) for old, new in zip(before, after, strict=True)]


@pytest.mark.parametrize("code", CELLS.values(), ids=CELLS)
def test_the_other_lines_of_a_cell_stay(code):
    """IPython decides what is its own syntax."""
    from IPython.core.inputtransformer2 import TransformerManager

    lines = code.split("\n")
    ours = python_of(lines)
    compile("\n".join(ours), "cell", "exec")
    theirs = TransformerManager().transform_cell(code).rstrip("\n").split("\n")
    stay = [line for line, stays in zip(lines, lines_that_stay(lines, ours), strict=True) if stays]
    assert stay == [line for line in theirs if line in lines and line.strip()]


@pytest.mark.parametrize(
    ("first", "keeps"),
    [
        ("%%time", True),
        ("%%timeit -n 1", True),
        ("%%capture output --no-stderr", True),
        ("%%prun", True),
        ("%%bash", False),
        ("%%writefile flow.py", False),
        ("%%html", False),
        ("%%sql", False),
        ("%%nobody-knows", False),
        ("%%capture\n%%time", True),
        ("%%time\n\n%%bash", False),
        ("\n%%time", True),
    ],
)
def test_cell_magics(first, keeps):
    lines = [*first.split("\n"), "x = 1", "!ls", "y = 2"]
    kept = python_of(lines)
    assert len(kept) == len(lines)
    assert kept[-3:] == (["x = 1", "pass", "y = 2"] if keeps else ["", "", ""])
    assert not any(kept[:-3])


@pytest.mark.parametrize(
    "line",
    [
        " " * 33_000 + "x?" + " " * 60_000 + "y",
        "x" + " " * 500_000 + "?",
        '"' * 500_000,
        "'\\" * 250_000,
        '"""' + '\\"""' * 100_000,
        '"""' + "\\" * 500_000 + '"""',
        "=" * 500_000,
        "= " * 250_000,
        "x =" + " " * 500_000 + "y",
        "[" * 500_000,
        "#?" * 250_000,
        "%" * 500_000,
    ],
    ids=lambda line: line[:3],
)
def test_no_line_takes_long(line):
    begun = time.process_time()
    python_of([line] * 2)
    assert time.process_time() - begun < 2


def notebook(*cells):
    made = [{"cell_type": "code", "source": source} for source in cells]
    return json.dumps({"nbformat": 4, "metadata": {}, "cells": made}, ensure_ascii=False)


BAD = 'namespace(None)\nrun = Flow("A").latest_run'


@pytest.mark.parametrize(
    ("code", "row"),
    [
        (f"%%time\n{BAD}", 3),
        (f"files = !ls\n{BAD}", 3),
        (f"{BAD}  # whose is it?", 2),
        (f"x = [\n 1,  # one?\n 2]\n{BAD}", 5),
        (f"!pip install x \\\n  y\nrun?\n{BAD}", 5),
    ],
)
def test_findings_in_cells_with_magics(folder, code, row):
    folder.write("a.ipynb", notebook("from metaflow import Flow, namespace", code))
    result = folder.lint("check", "--select", "MF602", "--output-format", "concise")
    assert result.out.startswith(f"a.ipynb:cell 2:{row}:"), result


FLOW = "from metaflow import FlowSpec\n\n\nclass A(FlowSpec):\n    pass\n"
ENCODINGS = ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["flow.py", "flow.ipynb"])
def test_a_flow_in_another_encoding_is_reported_with_it(folder, encoding, name):
    text = FLOW if name.endswith(".py") else notebook(FLOW)
    folder.write(name, text.encode(encoding))
    result = folder.lint("check", "--output-format", "concise")
    assert result.status == 1
    assert result.out.startswith(f"{name}:1:1: MF900 The file cannot be read: ")
    assert encoding[:6].upper() in result.out
    assert "UTF-8" in result.out


def test_files_with_zeros_and_without_metaflow_are_left_alone(folder):
    folder.write("data.py", "x = 1\n".encode("utf-16"))
    assert folder.lint("check").status == 0
