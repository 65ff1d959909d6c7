"""An existing repository: `--add-noqa`, the baseline, `# noqa` that outlives its reason."""

import json

import pytest

from tests.folder import FLOW

MESSY = '''\
import pandas as pd
from metaflow import (
    FlowSpec,
    step,
)


class TopicsFlow(FlowSpec):
    text = """
    several lines
    """

    @step  # the first
    def start(self):
        self.papers = pd.read_csv(\\
            "papers.csv")
        self.next(self.end)

    @step
    def end(self): print(self.papers)
'''


def test_add_noqa_makes_the_next_run_clean(folder):
    file = folder.write("flow.py", MESSY)
    before = len(folder.codes("--select", "ALL"))
    assert before > 5
    result = folder.lint("check", "--select", "ALL", "--add-noqa=not yet", ".")
    assert result.status == 0
    assert result.out.startswith(f"Added `# noqa` for {before} findings (MF001: 1, MF002: 1, ")
    assert folder.codes("--select", "ALL") == []
    assert "not yet" in file.read_text()
    compile(file.read_text(), "flow.py", "exec")
    assert folder.lint("check", "--select", "ALL", "--add-noqa", ".").out.endswith(
        "for 0 findings.\n"
    )


def test_add_noqa_extends_what_is_there(folder):
    text = FLOW.replace("ArxivTopics", "TopicFlow")
    file = folder.write("flow.py", text.replace("(FlowSpec):", "(FlowSpec):  # noqa: E501  why"))
    folder.lint("check", "--add-noqa")
    assert "class TopicFlow(FlowSpec):  # noqa: E501, MF00" in file.read_text()
    assert folder.codes() == []


def test_unused_noqa_is_found_and_removed(folder):
    lines = FLOW.splitlines(keepends=True)
    marked = [
        lines[0].replace("\n", "  # noqa: MF101\n"),
        *lines[1:4],
        lines[4].replace("\n", "  # noqa: MF001, E501, MF777  because\n"),
        *lines[5:-2],
        "# a reason  # noqa: MF304\n",
        *lines[-2:],
    ]
    file = folder.write("flow.py", "".join(marked))
    assert folder.codes() == ["flow.py:1 MF901", "flow.py:5 MF901", "flow.py:24 MF901"]
    assert folder.codes("--ignore", "MF304") == ["flow.py:1 MF901", "flow.py:5 MF901"]
    assert folder.lint("check", "--fix").status == 0
    expected = [*lines[:4], lines[4].replace("\n", "  # noqa: E501  because\n"), *lines[5:-2]]
    assert file.read_text() == "".join([*expected, "# a reason\n", *lines[-2:]])


def test_a_directive_on_its_own_line_goes_with_its_line(folder):
    file = folder.write("flow.py", "# metaflow-lint: noqa: MF001\n" + FLOW)
    assert folder.codes() == ["flow.py:1 MF901"]
    folder.lint("check", "--fix")
    assert file.read_text() == FLOW


def test_blanket_noqa_is_left_alone(folder):
    folder.write("flow.py", FLOW.replace("(FlowSpec):", "(FlowSpec):  # noqa"))
    assert folder.codes() == []


BASELINE = "metaflow-baseline.json"


@pytest.fixture
def adopted(folder):
    """A repository whose findings are in its baseline."""
    folder.write("flows/flow.py", MESSY)
    folder.write("pyproject.toml", f'[tool.metaflow-lint]\nbaseline = "{BASELINE}"\n')
    result = folder.lint("check", "--write-baseline")
    assert result.status == 0
    assert f"to {folder.path / BASELINE}: 10 new (MF001: 1, MF002: 1" in result.out
    return folder


def test_baseline_hides_what_was_there(adopted):
    assert (adopted.path / "flows/flow.py").read_text() == MESSY
    assert adopted.lint("check").out == "All checks passed!\n"
    assert adopted.lint("check", "flows/flow.py").status == 0


def test_baseline_holds_when_lines_move(adopted):
    adopted.write("flows/flow.py", "# A comment.\n\n" + MESSY)
    assert adopted.codes() == []


def test_baseline_holds_in_another_layout(adopted):
    """Black, annotations and a base class change the text of each line that it knows."""
    text = MESSY.replace('read_csv(\\\n            "papers.csv")', "read_csv('papers.csv')")
    text = text.replace("self.papers = pd", "self.papers: object = pd").replace(
        "(self):", "(self) -> None:"
    )
    text = text.replace(
        "import (\n    FlowSpec,\n    step,\n)", "import FlowSpec, step\nfrom owned import Owned"
    )
    text = text.replace("(FlowSpec)", "(\n    Owned,\n    FlowSpec,\n)").replace(
        "start(self)", "start(\n        self,\n    )"
    )
    adopted.write("flows/owned.py", "class Owned:\n    owner = 'data'\n")
    adopted.write("flows/flow.py", text)
    assert not {*text.splitlines()} >= {"class TopicsFlow(FlowSpec):", "    def start(self):"}
    assert adopted.codes("--ignore", "MF304,MF107") == []


@pytest.mark.parametrize("paths", [(), ("flows/topics.py",)], ids=["all", "as from pre-commit"])
def test_baseline_follows_a_file_that_is_renamed(adopted, paths):
    (adopted.path / "flows/flow.py").rename(adopted.path / "flows/topics.py")
    result = adopted.lint("check", *paths)
    assert (result.status, result.err) == (0, "")
    assert "0 new, 0 gone" in adopted.lint("check", "--write-baseline").out
    assert list(json.loads((adopted.path / BASELINE).read_text())["findings"]) == [
        "flows/topics.py"
    ]
    assert adopted.codes() == []


def test_baseline_knows_a_renamed_file_once(adopted):
    (adopted.path / "flows/flow.py").rename(adopted.path / "flows/topics.py")
    adopted.write("flows/copy.py", MESSY)
    assert len(adopted.codes("--select", "MF001")) == 1


def test_baseline_does_not_follow_a_flow_to_a_second_file(adopted):
    """The first file is there: the second one is a copy."""
    adopted.write("flows/topics.py", MESSY)
    assert [line.partition(":")[0] for line in adopted.codes("--select", "MF001")] == [
        "flows/topics.py"
    ]


def test_baseline_shows_a_second_one_like_a_known_one(adopted):
    write = "        self.next(self.end)\n"
    read = "        S3().get('x')\n"
    text = MESSY.replace("    step,\n", "    S3,\n    step,\n").replace(write, read + write)
    adopted.write("flows/flow.py", text)
    adopted.lint("check", "--write-baseline")
    adopted.write("flows/flow.py", text.replace(read, read + read))
    assert adopted.codes() == ["flows/flow.py:19 MF507"]


def test_baseline_shows_what_is_new(adopted):
    adopted.write("flows/flow.py", MESSY + "\n\ndef helper():\n    pass\n")
    assert adopted.codes() == ["flows/flow.py:23 MF003"]


def test_baseline_reports_what_is_gone(adopted):
    adopted.write("flows/flow.py", MESSY.replace("TopicsFlow", "ArxivTopics"))
    result = adopted.lint("check")
    assert "flows/flow.py: MF001 in `TopicsFlow`" in result.err
    assert "update it with `--write-baseline`" in result.err
    adopted.lint("check", "--write-baseline")
    assert adopted.lint("check").err == ""


def test_baseline_of_a_part_keeps_the_rest(adopted):
    adopted.write("other.py", MESSY)
    adopted.lint("check", "--write-baseline", "other.py")
    known = json.loads((adopted.path / BASELINE).read_text())["findings"]
    assert sorted(known) == ["flows/flow.py", "other.py"]


def test_baseline_keeps_what_other_rules_found(adopted):
    """Mending one family of rules after another, and renewing the baseline in between."""
    fixed = MESSY.replace("def start(self):", 'def start(self):\n        """Read."""')
    fixed = fixed.replace("def end(self):", 'def end(self):\n        """Show."""\n       ')
    adopted.write("flows/flow.py", fixed)
    result = adopted.lint("check", "--select", "MF3")
    assert "has 2 findings that no longer exist" in result.err
    assert "MF001" not in result.err
    adopted.lint("check", "--select", "MF3", "--write-baseline")
    known = json.loads((adopted.path / BASELINE).read_text())["findings"]["flows/flow.py"]
    assert "MF001" in {each["code"] for each in known}
    assert "MF302" not in {each["code"] for each in known}
    assert adopted.codes() == []


FAMILY = {
    "src/arxiv_topics/__init__.py": "",
    "src/arxiv_topics/base.py": """\
from metaflow import FlowSpec, Parameter, project


@project(name="arxiv_topics", branch="main")
class ArxivBase(FlowSpec):
    limit = Parameter("limit", default=1)
    test_mode = Parameter("test-mode", default=False)
""",
    "flows/topics/flow.py": """\
from arxiv_topics.base import ArxivBase
from metaflow import step


class ArxivTopics(ArxivBase):
    @step
    def start(self):
        print(self.limit, self.test_mode)
""",
}
PARTS = (["."], ["flows"], ["src", "flows/topics"])


@pytest.fixture
def family(folder):
    """Two flows of a base with two mistakes, and a third that says another project."""
    for name, text in FAMILY.items():
        folder.write(name, text)
    topics = FAMILY["flows/topics/flow.py"]
    folder.write("flows/authors/flow.py", topics.replace("ArxivTopics", "ArxivAuthors"))
    fields = topics.replace("class", '@project(name="fields")\nclass').replace("Topics", "Fields")
    folder.write("flows/fields/flow.py", fields.replace("import step", "import project, step"))
    rules = 'select = ["MF102", "MF104", "MF202"]'
    folder.write("pyproject.toml", f'[tool.metaflow-lint]\nbaseline = "{BASELINE}"\n{rules}\n')
    return folder


@pytest.mark.parametrize("written", PARTS[:2])
@pytest.mark.parametrize("part", PARTS)
def test_baseline_knows_what_is_inherited_whichever_files_are_given(family, written, part):
    family.lint("check", "--write-baseline", *written)
    result = family.lint("check", *part)
    assert (result.out, result.err) == ("All checks passed!\n", "")
    before = (family.path / BASELINE).read_text()
    family.lint("check", "--write-baseline", *part)
    assert (family.path / BASELINE).read_text() == before
    assert '"src/arxiv_topics/base.py"' in before


def test_baseline_shows_a_new_mistake_in_a_base(family):
    base = FAMILY["src/arxiv_topics/base.py"]
    family.write("src/arxiv_topics/base.py", base.replace(', branch="main"', ""))
    family.lint("check", "--write-baseline")
    family.write("src/arxiv_topics/base.py", base)
    assert family.codes() == ["src/arxiv_topics/base.py:4 MF104"]
    assert family.codes("flows/topics", "flows/authors") == [
        "flows/authors/flow.py:5 MF104",
        "flows/topics/flow.py:5 MF104",
    ]


def test_baseline_forgets_what_is_fixed_in_a_base(family):
    family.lint("check", "--write-baseline")
    base = FAMILY["src/arxiv_topics/base.py"].replace(', branch="main"', "")
    family.write("src/arxiv_topics/base.py", base)
    # One of three subclasses does not show that none of them has it any more.
    for part in (["src"], ["flows"], ["src", "flows/topics"]):
        assert "MF104" not in family.lint("check", *part).err
    assert "MF104" in family.lint("check").err
    (family.path / "flows/fields/flow.py").unlink()
    (family.path / "flows/topics/flow.py").unlink()
    assert "MF104" in family.lint("check", "src", "flows/authors").err


OLD = {
    "version": 1,
    "findings": {
        "flows/flow.py": [
            {"code": "MF001", "line": "class TopicsFlow(FlowSpec):", "count": 1},
            {"code": "MF302", "line": "def start(self):", "count": 1},
            {"code": "MF302", "line": "def stop(self):", "count": 1},
        ],
        "other.py": [{"code": "MF001", "line": "class OtherFlow(FlowSpec):", "count": 1}],
    },
}
"""A baseline as versions before symbols wrote it."""


def test_a_baseline_of_lines_is_read_and_written_anew(adopted):
    other = adopted.write("other.py", MESSY.replace("TopicsFlow", "OtherFlow"))
    adopted.write(BASELINE, json.dumps(OLD))
    assert "flows/flow.py:8 MF001" not in adopted.codes("flows")
    assert [code for code in adopted.codes("flows") if "MF302" in code] == [
        "flows/flow.py:20 MF302"
    ]
    result = adopted.lint("check", "--write-baseline", "flows")
    assert "1 gone (MF302: 1)" in result.out
    assert "8 new (MF002: 1, " in result.out
    assert "Its entries now name the flow, the step and the symbol" in result.out
    known = json.loads((adopted.path / BASELINE).read_text())
    assert known["version"] == 2
    assert all("line" not in entry for entry in known["findings"]["flows/flow.py"])
    # What was not checked keeps its form until it is.
    assert known["findings"]["other.py"] == OLD["findings"]["other.py"]
    assert adopted.codes("flows") == []
    assert "other.py:8 MF001" not in adopted.codes()
    other.unlink()
    assert "Its entries now name" in adopted.lint("check", "--write-baseline").out
    assert adopted.lint("check", "--write-baseline").out.endswith("0 new, 0 gone.\n")
    assert '"line"' not in (adopted.path / BASELINE).read_text()


def test_a_missing_baseline_is_an_error(adopted):
    (adopted.path / BASELINE).unlink()
    result = adopted.lint("check")
    assert (result.status, result.out) == (2, "")
    assert (
        f"{BASELINE}: this baseline does not exist. Write it with `--write-baseline`" in result.err
    )
    result = adopted.lint("check", "--baseline", "missing.json", "flows")
    assert (result.status, result.out) == (2, "")
    fixed = adopted.lint("check", "--fix")
    assert fixed.status == 2
    assert (adopted.path / "flows/flow.py").read_text() == MESSY


@pytest.fixture
def monorepo(folder):
    """Two packages with baselines of their own, one with settings only, and one without any."""
    folder.write(".git/HEAD", "")
    for name in ("one", "two"):
        folder.write(f"{name}/pyproject.toml", f'[tool.metaflow-lint]\nbaseline = "{BASELINE}"\n')
    folder.write("three/pyproject.toml", "[tool.metaflow-lint]\nignore = ['MF001']\n")
    for name in ("one/src", "two", "three", "four"):
        folder.write(f"{name}/flow.py", MESSY)
    folder.write("pyproject.toml", f'[tool.metaflow-lint]\nbaseline = "{BASELINE}"\n')
    return folder


def test_each_file_uses_the_nearest_baseline(monorepo):
    result = monorepo.lint("check", "--write-baseline")
    assert result.status == 0
    written = {file: monorepo.path / file / BASELINE for file in ("", "one", "two")}
    files = {n: sorted(json.loads(p.read_text())["findings"]) for n, p in written.items()}
    assert files == {
        "": ["four/flow.py", "three/flow.py"],
        "one": ["src/flow.py"],
        "two": ["flow.py"],
    }
    before = {path: path.read_bytes() for path in written.values()}
    for place in ("", "one", "one/src", "two", "three", "four"):
        here = type(monorepo)(monorepo.path / place)
        assert here.codes() == []
        assert here.lint("check", "--write-baseline").err == ""
        assert {path: path.read_bytes() for path in written.values()} == before
    # As pre-commit calls it: from the root, with the names of files.
    assert monorepo.codes("one/src/flow.py", "two/flow.py", "three/flow.py") == []
    monorepo.write("two/flow.py", MESSY + "\n\ndef helper():\n    pass\n")
    assert monorepo.codes() == ["two/flow.py:23 MF003"]


def test_a_missing_baseline_of_one_package_is_an_error(monorepo):
    monorepo.lint("check", "--write-baseline")
    (monorepo.path / "two" / BASELINE).unlink()
    assert f"two/{BASELINE}: this baseline does not exist" in monorepo.lint("check").err
    assert monorepo.lint("check", "one").status == 0


def test_findings_of_files_without_a_baseline_are_named(monorepo):
    monorepo.write("pyproject.toml", "")
    result = monorepo.lint("check", "--write-baseline")
    assert result.status == 0
    assert "19 findings of files without a baseline were not written" in result.err
    assert "four/flow.py" in result.err


def test_a_base_flow_without_a_baseline_is_known_to_its_subclasses(family):
    """The base is in a package without settings, beside two packages with a baseline each."""
    family.write("pyproject.toml", "")
    rules = f'baseline = "{BASELINE}"\nselect = ["MF104", "MF202"]\n'
    family.write(".git/HEAD", "")
    for name in ("topics", "authors"):
        family.write(f"flows/{name}/metaflow-lint.toml", rules)
    family.lint("check", "--write-baseline", "flows/topics", "flows/authors")
    known = json.loads((family.path / "flows/topics" / BASELINE).read_text())
    assert list(known["findings"]) == ["../../src/arxiv_topics/base.py"]
    for part in (["flows/topics"], ["flows/topics", "flows/authors"]):
        result = family.lint("check", *part)
        assert (result.out, result.err) == ("All checks passed!\n", "")
    assert [code for code in family.codes() if "MF104" in code and "base.py" in code] == []


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"version": 3}',
        '{"version": 1, "findings": [1]}',
        '{"version": 1, "findings": {"a": [{"code": "b", "line": "c", "count": 1e999}]}}',
        "[" * 100_000,
    ],
    ids=["a list", "half a file", "a later version", "no findings", "too many", "depth"],
)
def test_unusable_baseline_is_an_error(adopted, content):
    adopted.write(BASELINE, content)
    result = adopted.lint("check")
    assert result.status == 2
    assert BASELINE in result.err
    assert "--write-baseline" in result.err


def test_write_baseline_needs_a_place(folder):
    folder.write("flow.py", FLOW)
    result = folder.lint("check", "--write-baseline")
    assert result.status == 2
    assert "--baseline FILE" in result.err


def texts(folder):
    return {path: path.read_bytes() for path in folder.path.rglob("*.*") if path.is_file()}


OLDER = "MF0,MF3"
"""The rules of a version before an upgrade."""


@pytest.mark.parametrize("first", ["--write-baseline", "--add-noqa=later"])
@pytest.mark.parametrize("second", ["--write-baseline", "--add-noqa=later"])
def test_known_findings_converge_after_an_upgrade(adopted, first, second):
    """New rules come with a new version: each command adds what is new, once."""
    (adopted.path / BASELINE).write_text('{\n "version": 2,\n "findings": {}\n}\n')
    assert adopted.lint("check", "--select", OLDER, first).status == 0
    assert adopted.codes("--select", OLDER) == []
    new = adopted.codes("--select", "ALL")
    assert new
    told = adopted.lint("check", "--select", "ALL", second).out
    counts = {code: sum(code in line for line in new) for code in ("MF101", "MF402")}
    assert all(f"{code}: {count}" in told for code, count in counts.items())
    assert "MF001" not in told
    result = adopted.lint("check", "--select", "ALL")
    assert (result.out, result.err) == ("All checks passed!\n", "")
    before = texts(adopted)
    for again in ("--write-baseline", "--add-noqa=later"):
        assert "0 findings." in (out := adopted.lint("check", "--select", "ALL", again).out) or (
            "0 new, 0 gone." in out
        )
        assert texts(adopted) == before


def test_add_noqa_leaves_what_the_baseline_knows(adopted):
    before = texts(adopted)
    assert adopted.lint("check", "--add-noqa", ".").out == "Added `# noqa` for 0 findings.\n"
    assert texts(adopted) == before


@pytest.mark.parametrize("parts", PARTS)
def test_add_noqa_converges_on_inherited_findings(family, parts):
    family.write("pyproject.toml", '[tool.metaflow-lint]\nextend-select = ["MF104"]\n')
    family.lint("check", "--add-noqa", *parts)
    assert family.codes(*parts) == []
    before = texts(family)
    assert family.lint("check", "--add-noqa", *parts).out.endswith("for 0 findings.\n")
    assert texts(family) == before
