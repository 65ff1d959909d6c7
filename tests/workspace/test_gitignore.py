"""Patterns of `.gitignore`: as git matches them, and without a pattern that takes long."""

import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from lint_rules.workspace.gitignore import Patterns
from lint_rules.workspace.wildmatch import PatternError

PLAIN = ("a", "b", "ab", ".py", "é", " ", "-", "]", "!", "#", "/", "/", "*", "**", "?")
ESCAPED = ("\\*", "\\?", "\\[", "\\ ", "\\")
SETS = ("[ab]", "[!a]", "[^b]", "[a-c]", "[c-a]", "[]a]", "[a-]", "[[:alpha:]]", "[\\]]", "[b/c]")
BROKEN = ("[", "[a", "[[:a]", "[[:no:]]")
PIECES = st.sampled_from([*PLAIN, *ESCAPED, *SETS, *BROKEN])
LINES = st.lists(st.lists(PIECES, min_size=1, max_size=6).map("".join), min_size=1, max_size=4)
NAMES = st.text("ab.py*é[ ", min_size=1, max_size=4).filter(lambda name: name.strip("."))
PATHS = st.lists(NAMES, min_size=1, max_size=4).map("/".join)


@pytest.fixture(scope="module")
def repository(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("ignored")
    subprocess.run(["git", "init", "--quiet", folder], check=True)
    return folder


def git_ignores(repository: Path, lines: list[str], paths: list[str]) -> list[bool]:
    (repository / ".gitignore").write_bytes("".join(f"{line}\n" for line in lines).encode())
    done = subprocess.run(
        ["git", "check-ignore", "--no-index", "--verbose", "--non-matching", "-z", "--stdin"],
        cwd=repository,
        input="".join(f"{path}\0" for path in paths).encode(),
        capture_output=True,
        check=False,
    )
    fields = done.stdout.decode().split("\0")
    rules, paths_of_git = fields[2:-1:4], fields[3:-1:4]
    assert paths_of_git == paths, done.stderr
    return [bool(rule) and not rule.startswith("!") for rule in rules]


def _is_plain(line: str) -> bool:
    """Not what git 2.39 reads in another way than gitignore(5) has it: `a**/b`, and `**\\/`."""
    head, stars, rest = line.partition("**")
    if not stars or "/" not in line:
        return True
    return (not head.strip("!") or head.endswith("/")) and "\\/" not in rest and "**" not in rest


@pytest.mark.process
@settings(max_examples=60, deadline=None)
@example(["a/**/b"], ["a/b", "a/x/y/b", "a/xb", "a"])
@example(["/a", "!a/b"], ["a/b", "a", "b/a"])
@example(["a/**", "!a/b/"], ["a/b/c", "a/b"])
@example(["*.py", "!/b.py"], ["b.py", "a/b.py"])
@example(["[z-a]"], ["z", "a", "b"])
@example(["a  ", "b\\ "], ["a", "b", "b "])
@example(["**", "!**/"], ["a", "a/b"])
@example(["a[/]b"], ["a/b"])
@given(LINES, st.lists(PATHS, min_size=1, max_size=5))
def test_patterns_match_as_in_git(repository, lines, paths):
    assume(all(map(_is_plain, lines)))
    patterns = Patterns(lines)
    ours = [patterns.excludes(path, is_folder=False) for path in paths]
    assert ours == git_ignores(repository, lines, paths)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 40 + "*b", "a" * 240),
        ("*a" * 4000 + "*b", "a" * 8000),
        ("*[ab]" * 40 + "*c", "a" * 240),
        ("*?" * 20_000 + "*c", "a" * 40_000),
        ("**/a/" * 40 + "b", "a/" * 2000 + "c"),
        ("**/*a*a/" * 200 + "b", "aaaa/" * 800 + "c"),
        ("**/" * 30_000 + "b", "a/" * 500 + "c"),
        ("[" * 100_000, "a"),
        ("[a-" * 30_000, "a"),
        ("[[:" * 30_000, "a"),
        ("\\" * 100_001, "a"),
        (" " * 100_000 + "a", "a"),
        ("*" * 100_000 + "/b", "a" * 4000),
    ],
    ids=lambda text: text[:12],
)
def test_no_pattern_takes_long(pattern, path):
    begun = time.process_time()
    Patterns([pattern]).excludes(path, is_folder=False)
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a[", "a `[` is not closed"),
        ("[a\\", "a `[` is not closed"),
        ("[[:letter:]]", "there is no class `[:letter:]`"),
        ("a\\", "nothing follows the backslash"),
        ("a//b", "no name between two slashes"),
        ("/", "there is no name in it"),
    ],
)
def test_a_pattern_that_matches_nothing(line, why):
    assert Patterns([line, "b"]).verdict("b", is_folder=False) is True
    with pytest.raises(PatternError, match="matches nothing") as error:
        Patterns([line], strict=True)
    assert why in str(error.value)
