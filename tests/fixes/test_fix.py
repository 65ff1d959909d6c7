"""`--fix`, `--unsafe-fixes`, `--diff`: what is changed, what is kept, how it ends."""

import stat
import subprocess
import sys

import pytest

from lint_rules.diagnostics.diagnostic import TextEdit
from lint_rules.fixes.edits import apply, compatible
from tests.folder import FLOW

UNTYPED = FLOW.replace("type=bool, ", "")
MENDED = UNTYPED.replace("is_production)", "is_production, type=bool)")


def test_fix_fixes_and_says_so(folder):
    file = folder.write("flow.py", UNTYPED)
    result = folder.lint("check", "--fix")
    assert (result.status, result.out) == (0, "Fixed 1 finding. All checks passed!\n")
    assert file.read_text() == MENDED
    assert folder.lint("check", "--fix").out == "All checks passed!\n"


def test_what_cannot_be_fixed_remains(folder):
    folder.write("flow.py", UNTYPED.replace("ArxivTopics", "ArxivTopicsFlow"))
    result = folder.lint("check", "--fix", "--output-format", "concise")
    assert result.status == 1
    assert "MF001" in result.out
    assert "Found 2 findings (1 fixed, 1 remaining)." in result.out


def test_unsafe_fixes_only_when_asked_for(folder):
    text = FLOW.replace("default=lambda _: not current.is_production", "default=False")
    file = folder.write("flow.py", text)
    result = folder.lint("check", "--fix")
    assert result.status == 1
    assert "1 fixable with `--fix --unsafe-fixes`." in result.out
    assert file.read_text() == text
    assert folder.lint("check", "--fix", "--unsafe-fixes").status == 0
    assert "default=lambda _: not current.is_production" in file.read_text()


def test_diff_changes_nothing(folder):
    file = folder.write("flow.py", UNTYPED)
    result = folder.lint("check", "--diff")
    assert result.status == 1
    assert "+    test_mode = Parameter(" in result.out
    assert result.err == "Would fix 1 finding.\n"
    assert file.read_text() == UNTYPED
    folder.write("flow.py", FLOW)
    result = folder.lint("check", "--diff")
    assert (result.status, result.out) == (0, "")


def test_diff_has_the_lines_that_python_sees(folder):
    """A form feed ends none, and a last line without a newline is not a change."""
    folder.write("flow.py", UNTYPED.replace("class", "\fclass").rstrip("\n"))
    changed = folder.lint("check", "--diff").out.splitlines()[3:]
    assert sum(line.startswith(("-", "+")) for line in changed) == 2


def test_standard_input_comes_out_fixed(folder):
    result = folder.lint("check", "--fix", "-", stdin=UNTYPED)
    assert (result.status, result.out) == (0, MENDED)
    assert "All checks passed" in result.err


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("head", [b"", b"\xef\xbb\xbf", b"# coding: latin-1\n# \xe9\n"])
def test_newlines_encoding_mode_and_link_are_kept(folder, newline, head):
    text = FLOW.split("    test_mode")[0] + FLOW.split("current.is_production)\n")[1]
    head = head.replace(b"\n", newline.encode())
    content = head + text.replace("self.test_mode", "True").replace("\n", newline).encode()
    file = folder.write("real.py", content)
    file.chmod(0o750)
    (folder.path / "flow.py").symlink_to("real.py")
    result = folder.lint("check", "--fix", "--select", "MF201", "flow.py")
    assert result.status == 0, result.out + result.err
    after = file.read_bytes()
    assert after.startswith(head)
    assert b"test_mode = Parameter(" in after
    assert after.count(newline.encode()) == after.count(b"\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o750
    assert (folder.path / "flow.py").is_symlink()
    assert {entry.name for entry in folder.path.iterdir()} == {"flow.py", "real.py"}


def test_fixes_that_meet_wait_for_the_next_pass():
    first, second = TextEdit(0, 4, "A"), TextEdit(2, 6, "B")
    assert compatible([{"": [first]}, {"": [second]}]) == ({"": [first]}, [{"": [first]}])


def test_a_fix_is_made_whole_or_not_at_all():
    fixes = [{"a": [TextEdit(0, 1, "x")]}, {"a": [TextEdit(0, 1, "y")], "b": [TextEdit(5, 6, "z")]}]
    assert compatible(fixes) == (fixes[0], fixes[:1])


def test_the_same_insertion_is_made_once():
    insertion = TextEdit(3, 3, "x")
    changes, made = compatible([{"": [insertion]}, {"": [insertion, TextEdit(4, 5, "y")]}])
    assert apply("abcdef", changes[""]) == "abcxdyf"
    assert len(made) == 2


def test_insertions_at_one_point_come_in_their_order():
    insertions = TextEdit(1, 1, "b", (1, "b")), TextEdit(1, 1, "a", (0, "z"))
    changes, _ = compatible({"": [insertion]} for insertion in insertions)
    assert apply("__", changes[""]) == "_ab_"


@pytest.mark.process
def test_read_only_file_is_left_and_named(folder):
    file = folder.write("flow.py", UNTYPED)
    file.chmod(0o444)
    folder.path.chmod(0o555)
    # Root may write anything, so the run gives that up once everything is imported.
    program = (
        "import os, sys\n"
        "import lint_rules.workspace.atomic_write\n"
        "from lint_rules.cli.app import main\n"
        "main(['check', '--diff', 'flow.py'])\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "sys.exit(main(['check', '--fix', 'flow.py']))"
    )
    for parent in folder.path.parents[:3]:
        parent.chmod(parent.stat().st_mode | 0o055)
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder.path, capture_output=True, text=True
    )
    folder.path.chmod(0o755)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Permission denied" in done.stderr
    assert file.read_text() == UNTYPED
