"""What options of `check` do."""

import json

import pytest

from tests.folder import FLOW

BAD = FLOW.replace("ArxivTopics", "ArxivFlow")
UNSAFE = FLOW.replace("default=lambda _: not current.is_production", "default=False")
UNTYPED = FLOW.replace("    papers: list[str]\n\n", "").replace(
    "fetch(limit=10 if self.test_mode else None)", "[]"
)


@pytest.mark.parametrize("output_format", ["full", "concise", "grouped"])
def test_unsafe_fixes_alone_are_shown_and_not_made(folder, output_format):
    file = folder.write("flow.py", UNSAFE)
    words = ("check", "--output-format", output_format)
    plain, more = folder.lint(*words), folder.lint(*words, "--unsafe-fixes")
    assert file.read_text() == UNSAFE
    assert (plain.status, more.status) == (1, 1)
    assert "MF202 [*]" not in plain.out
    assert "1 fixable with `--fix --unsafe-fixes`." in plain.out
    assert "MF202 [*]" in more.out
    assert "[*] 1 fixable with `--fix`." in more.out
    assert folder.lint(*words, "--fix").status == 1
    assert file.read_text() == UNSAFE
    assert folder.lint(*words, "--fix", "--unsafe-fixes").status == 0
    assert file.read_text() == FLOW


def test_unsafe_fixes_alone_leave_standard_input_to_the_report(folder):
    result = folder.lint("check", "--unsafe-fixes", "-", stdin=UNSAFE)
    assert "MF202" in result.out


def test_safe_and_unsafe_fixes_are_counted_apart(folder):
    folder.write("flow.py", UNTYPED.replace("lambda _: not current.is_production", "False"))
    result = folder.lint("check", "--select", "MF202,MF401")
    assert "[*] 1 fixable with `--fix`, 1 more with `--fix --unsafe-fixes`." in result.out


def test_statistics_are_json_where_that_is_asked_for(folder):
    folder.write("flow.py", UNTYPED.replace("ArxivTopics", "ArxivFlow"))
    result = folder.lint("check", "--ignore", "MF2", "--statistics", "--output-format", "json")
    assert result.status == 1
    assert json.loads(result.out) == [
        {"code": "MF001", "name": "flow-name-suffix", "count": 1, "fixable": False}
        | {"fixable_count": 0},
        {"code": "MF401", "name": "unannotated-artifact", "count": 1, "fixable": True}
        | {"fixable_count": 1},
    ]
    folder.write("flow.py", FLOW)
    assert json.loads(folder.lint("check", "--statistics", "--output-format", "json").out) == []


@pytest.mark.parametrize("output_format", ["github", "gitlab", "sarif", "junit"])
@pytest.mark.parametrize("text", [FLOW, BAD])
def test_statistics_have_no_other_format(folder, output_format, text):
    folder.write("flow.py", text)
    result = folder.lint("check", "--statistics", "--output-format", output_format)
    assert (result.status, result.out) == (2, "")
    assert f"--statistics: there are none in the format {output_format}." in result.err


def test_quiet_prints_findings_and_nothing_else(folder):
    folder.write("flow.py", BAD.replace("(FlowSpec):", "(FlowSpec):  # noqa: mf001"))
    words = ("check", "--quiet", "--output-format", "concise")
    result = folder.lint(*words)
    assert (result.status, result.err) == (1, "")
    assert [line.split(":")[0] for line in result.out.splitlines()] == ["flow.py"]
    for more in (("--diff",), ("--add-noqa",), (), ("--baseline", "b", "--write-baseline")):
        result = folder.lint(*words, *more)
        assert (result.status, result.out, result.err) == (0, "", "")
    assert folder.lint(*words, "nothing.py").err.startswith("error: ")
    (folder.path / "empty").mkdir()
    assert folder.lint(*words, "empty").err == ""


@pytest.fixture
def folders(folder):
    folder.write("metaflow-lint.toml", 'exclude = ["old/"]\nextend-exclude = ["older/"]\n')
    for name in ("a", "b", "old", "older", "a/old"):
        title = name.title().replace("/", "")
        folder.write(f"{name}/flow.py", BAD.replace("Arxiv", f"{title}Arxiv"))
    return folder


@pytest.mark.parametrize(
    ("words", "files"),
    [
        ((), "a/flow.py b/flow.py"),
        (("--exclude", "a"), "b/flow.py old/flow.py older/flow.py"),
        (("--exclude", "/a/flow.py"), "a/old/flow.py b/flow.py old/flow.py older/flow.py"),
        (("--exclude", "a,b", "--exclude", "old"), "older/flow.py"),
        (("--extend-exclude", "a"), "b/flow.py"),
        (("--extend-exclude", "a/flow.py,b"), ""),
        (("--isolated", "--exclude", "*.py"), ""),
        (("--extend-exclude", "b", "--force-exclude", "b/flow.py", "a/flow.py"), "a/flow.py"),
        (("--extend-exclude", "b", "b/flow.py"), "b/flow.py"),
    ],
    ids=str,
)
def test_exclude(folders, words, files):
    assert folders.lint("check", "--show-files", *words).out.split() == files.split()


def test_patterns_of_the_command_line_start_from_the_current_folder(folders):
    inner = type(folders)(folders.path / "a")
    assert inner.lint("check", "--show-files", "--exclude", "/flow.py").out == "old/flow.py\n"
    assert inner.lint("check", "--show-files", "--exclude", "/a/flow.py").out.split() == [
        "flow.py",
        "old/flow.py",
    ]


def test_a_pattern_of_the_command_line_that_matches_nothing(folders):
    result = folders.lint("check", "--exclude", "a[")
    assert result.status == 2
    assert "`a[`: this matches nothing: a `[` is not closed" in result.err


def test_other_patterns_are_other_results_for_the_cache(folders):
    from tests.in_process import run

    for pattern, count in (("a", 3), ("b", 4), ("a", 3)):
        words = ("check", "--exclude", pattern, "--output-format", "concise")
        assert run(folders.path, *words).out.count("MF001") == count


def test_settings_of_a_path(folder):
    folder.write("metaflow-lint.toml", 'project = "outer"\n')
    folder.write("sub/metaflow-lint.toml", 'project = "inner"\nselect = ["MF1"]\n')
    folder.write("sub/flow.py", FLOW)
    assert "project = 'outer'" in folder.lint("check", "--show-settings").out
    for path in ("sub", "sub/flow.py"):
        out = folder.lint("check", "--show-settings", path).out
        assert out.startswith(f"# From {folder.path / 'sub/metaflow-lint.toml'}\n")
        assert "project = 'inner'" in out
        assert "# Rules: MF101, MF102" in out
    both = folder.lint("check", "--show-settings", ".", "sub", "sub/flow.py").out
    assert both.count("# From") == 2
    assert folder.lint("check", "--show-settings", "nothing").status == 2


def test_a_file_is_reported_once_whatever_it_is_called(folder):
    folder.write("folder/flow.py", BAD)
    (folder.path / "link").symlink_to("folder")
    (folder.path / "link.py").symlink_to("folder/flow.py")
    names = ["folder/flow.py", "./folder/flow.py", "folder/../folder/flow.py", "link/flow.py"]
    assert folder.codes(*names, "link.py", ".", "folder") == ["folder/flow.py:5 MF001"]


DEEP = FLOW.replace("fetch(", f"[a {'for a in b ' * 900}] or fetch(")


def test_a_file_that_nests_too_deeply_ends_in_a_sentence(folder):
    folder.write("flow.py", DEEP)
    for words in (("check",), ("check", "--fix"), ("graph",)):
        result = folder.lint(*words)
        assert result.err.startswith("error: ") if result.status == 2 else not result.err
