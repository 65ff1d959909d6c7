"""`metaflow-lint check`: what it is given, what it answers, how it ends."""

import json
from pathlib import Path

import pytest

from tests.folder import FLOW

BAD_NAME = FLOW.replace("ArxivTopics", "ArxivTopicsFlow")


def test_clean_file_passes(process_folder):
    process_folder.write("flow.py", FLOW)
    result = process_folder.lint("check")
    assert (result.status, result.out, result.err) == (0, "All checks passed!\n", "")


def test_full_report_shows_source_mark_and_remedy(folder):
    folder.write("flow.py", BAD_NAME)
    result = folder.lint("check", "flow.py")
    assert result.status == 1
    assert result.out == (
        "MF001 The name of the flow `ArxivTopicsFlow` ends in `Flow`\n"
        " --> flow.py:5:7\n"
        "  |\n"
        '4 | @project(name="arxiv_topics")\n'
        "5 | class ArxivTopicsFlow(FlowSpec):\n"
        "  |       ^^^^^^^^^^^^^^^\n"
        "  |\n"
        "help: rename the class to `ArxivTopics`\n"
        "\n"
        "The reasons: https://github.com/org/template/tree/main/docs/rules\n"
        "Found 1 finding.\n"
    )


def test_marks_stand_below_wide_characters_and_tabs(folder):
    folder.write(
        "flow.py",
        'from metaflow import FlowSpec, step\nif "長い":\n\tclass Überflow(FlowSpec):\n'
        '\t\t@step\n\t\tdef start(self): "s"\n',
    )
    out = folder.lint("check", "--select", "MF101").out.splitlines()
    assert out[4] == "3 |     class Überflow(FlowSpec):"
    assert out[5] == "  |           ^^^^^^^^"


def test_json_has_ruffs_shape(folder):
    folder.write("a/flow.py", FLOW.replace("type=bool, ", ""))
    result = folder.lint("check", "--output-format", "json")
    assert result.status == 1
    (finding,) = json.loads(result.out)
    assert finding == {
        "cell": None,
        "code": "MF204",
        "end_location": {"column": 14, "row": 8},
        "filename": str(folder.path / "a/flow.py"),
        "fix": {
            "applicability": "safe",
            "edits": [
                {
                    "content": ", type=bool",
                    "end_location": {"column": 83, "row": 8},
                    "location": {"column": 83, "row": 8},
                }
            ],
            "message": "Add `type=bool`",
        },
        "group": "correctness",
        "help": finding["help"],
        "location": {"column": 5, "row": 8},
        "message": finding["message"],
        "name": "untyped-deploy-time-default",
        "noqa_row": 8,
        "related": [],
        "severity": "error",
        "url": finding["url"],
    }


def test_json_of_nothing_is_an_empty_list(folder):
    folder.write("flow.py", FLOW)
    assert json.loads(folder.lint("check", "--output-format", "json").out) == []


def test_standard_input(folder):
    result = folder.lint("check", "-", "--output-format", "concise", stdin=BAD_NAME)
    assert result.status == 1
    assert result.out.startswith("-:5:7: MF001 ")


def test_nothing_to_check_says_so(folder):
    result = folder.lint("check")
    assert result.status == 0
    assert "there are no Python files here" in result.err
    assert "All checks passed" not in result.out


def test_no_metaflow_says_so(folder):
    folder.write("a.py", "x = 1\n")
    result = folder.lint("check")
    assert result.status == 0
    assert result.out == "All checks passed! (1 file, none of which uses Metaflow)\n"


def test_files_folders_and_twice(folder):
    folder.write("a/one.py", BAD_NAME)
    folder.write("b/two.py", BAD_NAME)
    folder.write("three.py", BAD_NAME)
    assert folder.codes("a", "three.py", "three.py", "./a/one.py") == [
        "a/one.py:5 MF001",
        "three.py:5 MF001",
    ]


def test_unknown_path_is_an_error(folder):
    folder.write("flows.py", FLOW)
    result = folder.lint("check", "flow.py")
    assert result.status == 2
    assert result.err == (
        "error: flow.py: there is no such file or folder. Did you mean `flows.py`?\n"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--select", "MF1O1"), "--select: no rule has the code `MF1O1`. Did you mean `MF101`?"),
        (("--ignore", "X"), "--ignore: no rule has the code `X`."),
        (("--extend-select", "MF3,MF9999"), "--extend-select: no rule has the code `MF9999`."),
    ],
)
def test_unknown_codes_are_errors(folder, words, sentence):
    folder.write("flow.py", FLOW)
    result = folder.lint("check", *words)
    assert result.status == 2
    assert sentence in result.err
    assert result.out == ""


def test_selection(folder):
    folder.write("flow.py", BAD_NAME.replace('"""Fetch the papers."""', ""))
    assert folder.codes("--select", "MF3") == ["flow.py:11 MF302"]
    assert folder.codes("--ignore", "MF302") == ["flow.py:5 MF001"]
    assert folder.codes("--select", "ALL", "--ignore", "MF,MF9") == []
    assert folder.codes("--select", "MF302", "--ignore", "MF3") == ["flow.py:11 MF302"]
    assert folder.codes("--select", "MF3", "--extend-select", "MF001") == [
        "flow.py:5 MF001",
        "flow.py:11 MF302",
    ]


def test_syntax_error_is_always_reported(folder):
    folder.write("flow.py", "import metaflow\nclass (\n")
    assert folder.codes("--select", "MF101", "--ignore", "MF9") == ["flow.py:2 MF900"]


def test_undecodable_file_is_reported(folder):
    folder.write("flow.py", b"# -*- coding: klingon -*-\nimport metaflow\n")
    folder.write("other.py", b"import metaflow\n# \xff\n")
    assert folder.codes() == ["flow.py:1 MF900", "other.py:1 MF900"]


def test_broken_file_that_is_no_business_of_ours_is_left_alone(folder):
    folder.write("template.py", "class {{ name }}:\n")
    assert folder.codes() == []


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("# noqa: MF001", False),
        ("# noqa", False),
        ("# NOQA:MF001", False),
        ("# noqa: E501, MF001  because", False),
        ("# noqa: MF101", True),
        ("# type: ignore  # noqa: MF001", False),
        ("# no qa: MF001", True),
    ],
)
def test_noqa_on_the_line(folder, comment, left):
    folder.write("flow.py", BAD_NAME.replace("(FlowSpec):", f"(FlowSpec):  {comment}"))
    assert folder.codes("--ignore", "MF901") == (["flow.py:5 MF001"] if left else [])


def test_noqa_for_the_file(folder):
    folder.write("flow.py", "# metaflow-lint: noqa: MF001\n" + BAD_NAME)
    assert folder.codes() == []
    folder.write("flow.py", "# metaflow-lint: noqa\n" + BAD_NAME)
    assert folder.codes() == []
    folder.write("flow.py", "# ruff: noqa\n" + BAD_NAME)
    assert folder.codes() == ["flow.py:6 MF001"]


def test_strings_are_no_directives(folder):
    folder.write("flow.py", '"""\n# metaflow-lint: noqa\n"""\n' + BAD_NAME)
    assert folder.codes() == ["flow.py:8 MF001"]


def test_noqa_after_a_multiline_string_covers_all_of_it(folder):
    text = FLOW.replace('"test-mode", type=bool', '"""test-\nmode"""').replace("\nmode", "mode")
    head, tail = text.split("is_production)\n")
    assert "MF204" in folder_codes(folder, f"{head}is_production)\n{tail}")
    long = head.replace("Parameter(", 'Parameter(help="""a\nb""", name=')
    assert "MF204" not in folder_codes(folder, f"{long}is_production)  # noqa: MF204\n{tail}")


def folder_codes(folder, text: str) -> str:
    folder.write("flow.py", text)
    return " ".join(folder.codes())


def test_colour_only_on_terminals_and_as_wished(folder):
    folder.write("flow.py", BAD_NAME)
    assert "\033[" not in folder.lint("check").out
    assert "\033[" in folder.lint("check", FORCE_COLOR="1").out
    assert "\033[" not in folder.lint("check", FORCE_COLOR="1", NO_COLOR="1").out


def test_control_characters_never_reach_the_terminal(folder):
    folder.write("a\033[31m.py", BAD_NAME.replace("(FlowSpec):", "(FlowSpec):  # \033]0;x\007"))
    result = folder.lint("check")
    assert result.status == 1
    assert "\033" not in result.out
    assert "\007" not in result.out


@pytest.mark.process
def test_libcst_is_not_imported_when_no_file_can_hold_a_flow(folder):
    import subprocess
    import sys

    folder.write("a.py", "x = 1\n")
    program = (
        "import sys; from lint_rules.cli.app import main; status = main(['check', '.']);"
        "print(status, 'libcst' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder.path, capture_output=True, text=True
    )
    assert done.stdout.endswith("0 False\n"), done.stderr
    folder.write("b.py", FLOW)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder.path, capture_output=True, text=True
    )
    assert done.stdout.endswith("0 True\n"), done.stderr


@pytest.mark.process
def test_closed_pipe_is_quiet(folder):
    import subprocess
    import sys

    for number in range(200):
        folder.write(f"flow{number}.py", BAD_NAME)
    done = subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m lint_rules check | head -n 1"],
        cwd=folder.path,
        capture_output=True,
        text=True,
    )
    assert done.stderr == ""


def test_unreadable_file_is_named(folder):
    file = folder.write("flow.py", FLOW)
    file.unlink()
    file.symlink_to(Path("nowhere.py"))
    result = folder.lint("check", "flow.py")
    assert result.status == 2
    assert "flow.py" in result.err
