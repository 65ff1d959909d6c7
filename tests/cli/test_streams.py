"""What reaches a stream: any encoding does, one line stays one line, and no runner is commanded."""

import json
import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from lint_rules.cli.exit_status import guarded
from lint_rules.cli.streams import log
from lint_rules.reports import FORMATS
from tests.folder import FLOW
from tests.in_process import run

BAD = FLOW.replace("ArxivTopics", "Arxiv日éFlow")
BREAKS = ["\n", "\r", "\r\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]

COMMAND = re.compile(r"::(error|warning|notice) title=metaflow-lint \(MF")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "latin-1"])
@pytest.mark.parametrize("output_format", FORMATS)
def test_reports_in_any_encoding(folder, encoding, output_format):
    folder.write("é日.py", BAD)
    words = ("check", "--no-cache", "--select", "ALL", "--output-format", output_format)
    result = run(folder.path, *words, encoding=encoding)
    assert result.status == 1
    assert "MF001" in result.out
    if output_format in ("json", "sarif", "gitlab"):
        assert "Arxiv日éFlow" in json.dumps(json.loads(result.out), ensure_ascii=False)
    if output_format == "junit":
        text = ElementTree.tostring(ElementTree.fromstring(result.out), "unicode")
        assert "Arxiv日éFlow" in text


@pytest.mark.parametrize("words", [("rule", "MF101"), ("rules",), ("check", "--diff")])
def test_commands_in_ascii(folder, words):
    folder.write("é.py", BAD)
    assert run(folder.path, *words, encoding="ascii").status < 2


def test_errors_in_ascii(folder):
    result = run(folder.path, "check", "日\udce9.py", encoding="ascii")
    assert (result.status, result.out) == (2, "")
    assert "\\u65e5\\udce9.py: there is no such file or folder." in result.err


@pytest.mark.parametrize("mark", BREAKS, ids=ascii)
def test_one_line_stays_one_line(folder, mark):
    name = f"x{mark}::stop-commands::tok{mark}.py"
    (folder.path / name).symlink_to(name)
    for result in (
        folder.lint("check"),
        folder.lint("check", name),
        folder.lint("check", "--select", f"A{mark}::stop-commands::x"),
        folder.lint("check", "--config", f"a{mark}::stop-commands::x"),
        folder.lint("check", "--output-format", f"a{mark}::stop-commands::x"),
        folder.lint("rule", f"a{mark}::stop-commands::x"),
        folder.lint("new-rule", f"a{mark}::stop-commands::x", "b"),
        folder.lint("graph", f"a{mark}::stop-commands::x"),
        folder.lint("graph", "--check", f"a{mark}::stop-commands::x"),
    ):
        assert result.status == 2
        assert not any(line.lstrip().startswith("::") for line in result.err.splitlines())


@pytest.mark.parametrize(
    "setting",
    [
        '"a\\n::stop-commands::x" = 1',
        'extend = "a\\u2028::stop-commands::x"',
        'select = ["A\\u0085::stop-commands::x"]',
        'project = "a\\n::stop-commands::x"',
        '[per-file-ignores]\n"a\\n::stop-commands::x" = 1',
    ],
)
def test_settings_are_quoted_in_one_line(folder, setting):
    folder.write("flow.py", FLOW)
    folder.write("metaflow-lint.toml", setting)
    result = folder.lint("check")
    assert result.status == 2
    assert len(result.err.splitlines()) == 1


HOSTILE = ("::stop-commands::tok.py", "  ::error::x.py", "a##[stop-commands]tok.py")


def is_command(line: str) -> bool:
    """Whether the runner of GitHub Actions takes a line for a command."""
    return line.lstrip().startswith("::") or "##[" in line


@pytest.mark.parametrize("output_format", FORMATS)
def test_no_file_name_is_a_command_to_a_runner(folder, output_format):
    for name in HOSTILE:
        folder.write(name, BAD.replace('arxiv_topics")', '##[add-mask]x")'))
        folder.write(f"bad/{name}", "import metaflow\n(")
    words = ("check", "--select", "ALL", "--output-format", output_format)
    outputs = [
        folder.lint(*words, GITHUB_ACTIONS="true"),
        folder.lint("check", "--show-files", GITHUB_ACTIONS="true"),
        folder.lint("check", "--diff", "--select", "ALL", GITHUB_ACTIONS="true"),
        folder.lint("check", "--baseline", "b.json", "--write-baseline", GITHUB_ACTIONS="true"),
    ]
    for name in HOSTILE:
        (folder.path / name).unlink()
    outputs.append(folder.lint("check", "--baseline", "b.json", GITHUB_ACTIONS="true"))
    assert "no longer exist" in outputs[-1].err
    for result in outputs:
        for line in (*result.out.splitlines(), *result.err.splitlines()):
            assert not is_command(line) or COMMAND.match(line), line


def test_messages_of_sarif_hold_no_link(folder):
    event = '@trigger(event="[Click](https://evil.example)")\n'
    text = FLOW.replace("@project(", f"{event}@project(").replace("project,", "project, trigger,")
    folder.write("flow.py", text)
    result = folder.lint("check", "--select", "ALL", "--output-format", "sarif")
    (run,) = json.loads(result.out)["runs"]
    messages = [found["message"]["text"] for found in run["results"]]
    quoting = [text for text in messages if "Click" in text]
    assert quoting
    assert all("\\[Click\\](https://evil.example)" in text for text in quoting)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (RecursionError(), "something nests too deeply to be read"),
        (MemoryError(), "not enough memory"),
        (KeyboardInterrupt(), "interrupted"),
        (OSError(40, "Too many levels", "loop"), "loop: Too many levels."),
        (OSError(40, "Too many levels", b"loop"), "loop: Too many levels."),
        (OSError("only a text"), "standard output: only a text."),
        (FileNotFoundError(2, "No such file or directory"), "the current folder: No such file"),
        (ValueError("a\nb"), "ValueError: a\\nb (lint_rules/cli/exit_status.py:"),
    ],
)
def test_whatever_is_raised_is_a_sentence(capsys, error, sentence):
    def command() -> int:
        raise error

    assert guarded(command) == 2
    errors = capsys.readouterr().err
    assert sentence in errors
    assert errors.count("\n") == 1


def test_entries_are_lists_below_a_message(capsys):
    log("warning", "two:", ["a\nb", "::error::c"])
    assert capsys.readouterr().err == "warning: two:\n  - a\\nb\n  - ::error::c\n"


CODE = "import sys; open({mark!r}, 'w').close(); sys.exit(9)\n"


@pytest.mark.parametrize("pythonpath", [None, "", os.pathsep])
@pytest.mark.process
def test_modules_of_the_checkout_are_not_imported(folder, pythonpath):
    """With `python -m`, and with an empty part in `PYTHONPATH`."""
    mark = folder.path / "was-run"
    for name in ("typing", "argparse", "json", "libcst", "pathlib", "gc", "re", "tomllib"):
        folder.write(f"{name}.py", CODE.format(mark=str(mark)))
    folder.write("flow.py", FLOW)
    environment = {**os.environ, **({} if pythonpath is None else {"PYTHONPATH": pythonpath})}
    done = subprocess.run(
        [sys.executable, *"-m lint_rules check --no-cache --ignore MF007 flow.py".split()],
        cwd=folder.path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not mark.exists()
    assert (done.returncode, done.stdout) == (0, "All checks passed!\n"), done.stderr
