"""Which files a run looks at."""

import pytest

from tests.folder import FLOW

BAD_NAME = FLOW.replace("ArxivTopics", "ArxivTopicsFlow")
OTHER_BAD_NAME = FLOW.replace("ArxivTopics", "ArxivPapersFlow")


def test_gitignore_is_respected_at_every_level(folder):
    folder.write(".gitignore", "out/\n*_copy.py\n")
    folder.write("out/flow.py", BAD_NAME)
    folder.write("flow_copy.py", BAD_NAME)
    folder.write("a/.gitignore", "!keep_copy.py\nlocal.py\n")
    folder.write("a/keep_copy.py", OTHER_BAD_NAME)
    folder.write("a/local.py", BAD_NAME)
    folder.write("local.py", BAD_NAME)
    assert folder.codes() == ["a/keep_copy.py:5 MF001", "local.py:5 MF001"]


def test_gitignore_above_the_folder_given_is_respected(folder):
    (folder.path / ".git").mkdir()
    folder.write(".gitignore", "a/generated/\n")
    folder.write("a/generated/flow.py", BAD_NAME)
    folder.write("a/flow.py", BAD_NAME)
    assert folder.codes("a") == ["a/flow.py:5 MF001"]


def test_a_named_folder_is_taken_though_git_ignores_it(folder):
    (folder.path / ".git").mkdir()
    folder.write(".gitignore", "out/\n")
    folder.write("out/.gitignore", "tmp.py\n")
    folder.write("out/flow.py", BAD_NAME)
    folder.write("out/tmp.py", BAD_NAME)
    assert folder.codes("out") == ["out/flow.py:5 MF001"]


def test_a_named_file_is_taken_though_git_ignores_it(folder):
    folder.write(".gitignore", "flow.py\n")
    folder.write("flow.py", BAD_NAME)
    assert folder.codes("flow.py") == ["flow.py:5 MF001"]


def test_environments_and_caches_are_left_out(folder):
    for name in (".venv/flow.py", "node_modules/flow.py", "x/__pycache__/flow.py"):
        folder.write(name, BAD_NAME)
    folder.write("x/flow.py", BAD_NAME)
    assert folder.codes() == ["x/flow.py:5 MF001"]


def test_odd_names(folder):
    folder.write("a b/é.py", OTHER_BAD_NAME)
    folder.write("<<x>>/flow.py", BAD_NAME)
    assert folder.codes() == ["<<x>>/flow.py:5 MF001", "a b/é.py:5 MF001"]


def test_a_line_of_gitignore_that_is_no_pattern_matches_nothing(folder):
    """As for git; found by fuzzing."""
    folder.write(".gitignore", "flow\\\nout/\n\x0bflow.py\n")
    folder.write("out/flow.py", BAD_NAME)
    folder.write("flow.py", BAD_NAME)
    assert folder.codes() == ["flow.py:5 MF001"]


@pytest.mark.parametrize("setting", ['exclude = ["flow\\\\"]', 'per-file-ignores = {"a\\\\" = []}'])
def test_a_pattern_of_a_setting_that_is_none_is_named(folder, setting):
    folder.write("metaflow-lint.toml", setting)
    folder.write("flow.py", BAD_NAME)
    result = folder.lint("check")
    assert result.status == 2
    assert "metaflow-lint.toml:1: `" in result.err
    assert "this matches nothing: nothing follows the backslash" in result.err
