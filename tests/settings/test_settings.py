"""Where settings come from, and the messages when they cannot be used."""

import pytest

from tests.folder import FLOW

BAD_NAME = FLOW.replace("ArxivTopics", "ArxivTopicsFlow")
OTHER_BAD_NAME = FLOW.replace("ArxivTopics", "ArxivPapersFlow")


def configure(folder, text: str, name: str = "pyproject.toml") -> None:
    head = "[tool.metaflow-lint]\n" if name.endswith("pyproject.toml") else ""
    folder.write(name, head + text)


def test_select_ignore_and_extend(folder):
    folder.write("flow.py", BAD_NAME)
    configure(folder, 'ignore = ["MF001"]')
    assert folder.codes() == []
    configure(folder, 'select = ["MF1"]\nextend-select = ["MF001"]')
    assert folder.codes() == ["flow.py:5 MF001"]


def test_the_command_line_goes_first(folder):
    folder.write("flow.py", BAD_NAME)
    configure(folder, 'select = ["MF1"]')
    assert folder.codes("--select", "MF0") == ["flow.py:5 MF001"]


def test_isolated_reads_no_configuration(folder):
    folder.write("flow.py", BAD_NAME)
    configure(folder, "nonsense = 1")
    assert folder.codes("--isolated") == ["flow.py:5 MF001"]


def test_the_nearest_configuration_holds(folder):
    folder.write("a/flow.py", BAD_NAME)
    folder.write("b/flow.py", BAD_NAME)
    configure(folder, 'ignore = ["MF001"]')
    configure(folder, "", "b/pyproject.toml")
    folder.write("a/pyproject.toml", "[project]\n")
    assert folder.codes() == ["b/flow.py:5 MF001"]


def test_own_file_goes_before_pyproject(folder):
    folder.write("flow.py", BAD_NAME)
    configure(folder, "")
    configure(folder, 'ignore = ["MF001"]', "metaflow-lint.toml")
    assert folder.codes() == []


def test_exclude(folder):
    folder.write("flow.py", BAD_NAME)
    folder.write("old/flow.py", OTHER_BAD_NAME)
    configure(folder, 'exclude = ["old/"]')
    assert folder.codes() == ["flow.py:5 MF001"]
    assert folder.codes("old/flow.py") == ["old/flow.py:5 MF001"]
    configure(folder, 'exclude = ["old/*.py"]')
    assert folder.codes("--force-exclude", "old/flow.py", "flow.py") == ["flow.py:5 MF001"]


def test_force_exclude_looks_at_the_folders_above(folder):
    folder.write("old/flow.py", OTHER_BAD_NAME)
    configure(folder, 'exclude = ["old/"]')
    assert folder.codes("--force-exclude", "old/flow.py") == []


def test_per_file_ignores(folder):
    folder.write("flow.py", BAD_NAME)
    folder.write("old/flow.py", OTHER_BAD_NAME)
    configure(folder, 'per-file-ignores = { "old/**" = ["MF0"] }')
    assert folder.codes() == ["flow.py:5 MF001"]


def test_project_lets_the_fix_know_its_name(folder):
    import json

    folder.write("flow.py", FLOW.replace('@project(name="arxiv_topics")\n', ""))
    configure(folder, 'project = "arxiv_topics"')
    result = folder.lint("check", "--select", "MF101", "--output-format", "json")
    (finding,) = json.loads(result.out)
    assert '@project(name="arxiv_topics")' in finding["fix"]["edits"][-1]["content"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("selekt = []", "has no setting `selekt`. Did you mean `select`?"),
        ('select = "MF1"', "`select` must be a list of strings, and is 'MF1'"),
        ("project = 1", "`project` must be a string, and is 1"),
        ('per-file-ignores = ["x"]', "`per-file-ignores` must be a table"),
        ('per-file-ignores = { "x" = "MF1" }', "`per-file-ignores`, `x` must be a list"),
        ('select = ["MF1O1"]', "no rule has the code `MF1O1`. Did you mean `MF101`?"),
        ('per-file-ignores = { "x" = ["MFF"] }', "no rule has the code `MFF`"),
        ("select = [", "this is no valid TOML"),
        ('extend = "a\\u0000b"', "`extend` must be a path, and is "),
        ("select = " + "[" * 10_000, "this is no valid TOML"),
    ],
)
def test_unusable_settings_name_the_place(folder, text, sentence):
    folder.write("flow.py", FLOW)
    configure(folder, text)
    result = folder.lint("check")
    assert result.status == 2
    assert str(folder.path / "pyproject.toml") in result.err
    assert sentence in result.err
    assert result.out == ""


def test_broken_pyproject_of_somebody_else_is_named_too(folder):
    folder.write("flow.py", FLOW)
    folder.write("pyproject.toml", b"\xff")
    result = folder.lint("check")
    assert result.status == 2
    assert "no valid TOML" in result.err
