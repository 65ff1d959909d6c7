"""Mistakes that a flow inherits from another file: a table of them, and where they are reported."""

import json

import pytest

BASE = """\
from metaflow import FlowSpec, Parameter, S3, current, project, schedule, step, trigger
from arxiv_topics.events import namespaced_trigger


def not_production(context):
    return not current.is_production


{decorators}
class ArxivBase(FlowSpec):
    {parameters}

    {methods}
"""

SUBCLASS = """\
from arxiv_topics.base import ArxivBase
from metaflow import step


class ArxivTopics(ArxivBase):
    @step
    def start(self):
        self.papers = self.limit()
        self.next(self.end)

    @step
    def end(self):
        print(self.papers)


if __name__ == "__main__":
    ArxivTopics()
"""

LIMIT = "def limit(self):\n        return 10 if self.test_mode else None"
PROJECT = '@project(name="arxiv_topics")'
TEST_MODE = 'test_mode = Parameter("test-mode", type=bool, default=not_production)'

MISTAKES = {
    "MF103": {"decorators": '@project(name="Arxiv-Topics")'},
    "MF104": {"decorators": '@project(name="arxiv_topics", branch="main")'},
    "MF105": {"methods": "def limit(self):\n        S3(s3root=URL).put('papers', '')\n"},
    "MF106": {"decorators": "", "methods": "def limit(self):\n        current.branch_name\n"},
    "MF108": {"decorators": f"@schedule(daily=True)\n{PROJECT}"},
    "MF202": {"parameters": 'test_mode = Parameter("test-mode", default=False)'},
    "MF203": {"parameters": 'testing = Parameter("testing", type=bool, default=not_production)'},
    "MF204": {"parameters": 'test_mode = Parameter("test-mode", default=not_production)'},
    "MF205": {"methods": "def limit(self):\n        return 10"},
    "MF407": {"parameters": f'{TEST_MODE}\n    api_key = Parameter("key", default="a1")'},
    "MF408": {"methods": "def limit(self):\n        self.test_mode = False"},
    "MF413": {"methods": "most = 3\n\n    def limit(self):\n        self.most = 2"},
    "MF418": {
        "methods": f"{LIMIT}\n\n    @step\n    def tell(self):\n        return\n"
        "        self.next(self.end)"
    },
    "MF421": {"methods": "def limit(self):\n        return input()"},
    "MF428": {"methods": f"{LIMIT}\n\n    class Paper:\n        pass"},
    "MF701": {"decorators": f'@trigger(event="papers")\n{PROJECT}'},
    "MF704": {"decorators": f"@namespaced_trigger()\n{PROJECT}"},
    "MF705": {"decorators": f'@namespaced_trigger(event="a", config_name="c")\n{PROJECT}'},
    "MF802": {
        "methods": f"{LIMIT}\n\n    @step\n    def tell(self):\n        self.next(self.told)"
    },
}


def base(decorators=PROJECT, parameters=TEST_MODE, methods=LIMIT):
    return BASE.format(decorators=decorators, parameters=parameters, methods=methods)


@pytest.fixture
def project(folder):
    folder.write("pyproject.toml", "")
    folder.write("src/arxiv_topics/__init__.py", "")
    folder.write("src/arxiv_topics/base.py", base())
    folder.write("flows/topics/flow.py", SUBCLASS)
    return folder


SUBCLASS_LINE = "flows/topics/flow.py:5"


def test_a_sound_base_is_left_alone(project):
    assert project.codes("--select", ",".join(MISTAKES)) == []


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_in_a_base_is_reported_at_the_subclass_that_is_given(project, code):
    project.write("src/arxiv_topics/base.py", base(**MISTAKES[code]))
    assert project.codes("--select", code, "flows") == [f"{SUBCLASS_LINE} {code}"]


@pytest.mark.parametrize("code", MISTAKES)
def test_it_is_reported_once_in_the_base_if_that_is_given_too(project, code):
    project.write("src/arxiv_topics/base.py", base(**MISTAKES[code]))
    project.write("flows/more/flow.py", SUBCLASS.replace("ArxivTopics", "ArxivAuthors"))
    (found,) = project.codes("--select", code)
    assert found.startswith("src/arxiv_topics/base.py:")


@pytest.mark.parametrize("code", MISTAKES)
def test_a_noqa_in_the_base_holds_for_the_subclasses(project, code):
    text = base(**MISTAKES[code])
    project.write("src/arxiv_topics/base.py", text)
    (found,) = project.codes("--select", code)
    row = int(found.partition(" ")[0].rpartition(":")[2])
    lines = text.splitlines()
    lines[row - 1] += f"  # noqa: {code}"
    project.write("src/arxiv_topics/base.py", "\n".join(lines) + "\n")
    assert project.codes("--select", f"{code},MF901") == []
    assert project.codes("--select", f"{code},MF901", "flows") == []
    assert project.codes("--select", f"{code},MF901", "src") == []


def test_a_noqa_at_the_subclass_holds_for_it_alone(project):
    project.write("src/arxiv_topics/base.py", base(**MISTAKES["MF108"]))
    quiet = SUBCLASS.replace("(ArxivBase):", "(ArxivBase):  # noqa: MF108")
    project.write("flows/topics/flow.py", quiet)
    assert project.codes("--select", "MF108,MF901", "flows") == []
    project.write("flows/more/flow.py", SUBCLASS.replace("ArxivTopics", "ArxivAuthors"))
    assert project.codes("--select", "MF108", "flows") == ["flows/more/flow.py:5 MF108"]


def test_what_is_ignored_in_the_base_is_not_reported_at_the_subclass(project):
    project.write("src/arxiv_topics/base.py", base(**MISTAKES["MF108"]))
    ignores = '[tool.metaflow-lint.per-file-ignores]\n"src/**" = ["MF108"]\n'
    project.write("pyproject.toml", ignores)
    assert project.codes("--select", "MF108", "flows") == []
    assert project.codes("--select", "MF108") == []


def test_reports_show_where_it_stands(project):
    project.write("src/arxiv_topics/base.py", base(**MISTAKES["MF108"]))
    words = ("check", "--select", "MF108", "--output-format", "json")
    (finding,) = json.loads(project.lint(*words, "flows").out)
    assert finding["filename"].endswith("flows/topics/flow.py")
    assert [r["filename"].rpartition("/")[2] for r in finding["related"]] == ["base.py"]
    (finding,) = json.loads(project.lint(*words).out)
    assert finding["filename"].endswith("src/arxiv_topics/base.py")
    assert [r["filename"].rpartition("/")[2] for r in finding["related"]] == ["flow.py"]
    assert "@schedule(daily=True)" in project.lint("check", "--select", "MF108").out


RUNNING_BASE = """\
from metaflow import FlowSpec, Parameter, schedule, step


@schedule(daily=True)
class ArxivBase(FlowSpec):
    api_key = Parameter("key", default="a1")
    limit = Parameter("limit", default=1)

    @step
    def start(self):
        self.limit = 2
        self.next(self.end)

    @step
    def end(self):
        pass
"""
OF_RUNNING_BASE = ["4 MF108", "6 MF407", "11 MF408"]


def test_a_base_that_runs_itself_is_reported_once_with_its_subclasses_beside_it(project):
    subclasses = "\n\nclass {0}(ArxivBase):\n    pass\n\n\nclass {0}More({0}):\n    pass\n"
    text = RUNNING_BASE + subclasses.format("ArxivTopics") + subclasses.format("ArxivAuthors")
    project.write("src/arxiv_topics/base.py", text)
    found = project.codes("--select", "MF108,MF407,MF408", "src")
    assert set(found) == {f"src/arxiv_topics/base.py:{each}" for each in OF_RUNNING_BASE}
    assert len(found) == len(OF_RUNNING_BASE)


def test_a_base_that_runs_itself_is_reported_once_with_subclasses_in_other_files(project):
    project.write("src/arxiv_topics/base.py", RUNNING_BASE)
    options = ("--select", "MF108,MF407,MF408")
    found = project.codes(*options)
    assert set(found) == {f"src/arxiv_topics/base.py:{each}" for each in OF_RUNNING_BASE}
    assert len(found) == len(OF_RUNNING_BASE)
    shown = json.loads(project.lint("check", *options, "--output-format", "json").out)
    related = {each["filename"].rpartition("/")[2] for one in shown for each in one["related"]}
    assert related == {"flow.py"}


def test_a_base_that_runs_itself_is_reported_at_a_subclass_if_only_that_is_given(project):
    project.write("src/arxiv_topics/base.py", RUNNING_BASE)
    found = project.codes("--select", "MF108,MF407,MF408", "flows")
    assert sorted(found) == [f"{SUBCLASS_LINE} {code}" for code in ("MF108", "MF407", "MF408")]
    quiet = RUNNING_BASE.replace("(daily=True)", "(daily=True)  # noqa: MF108")
    project.write("src/arxiv_topics/base.py", quiet)
    assert project.codes("--select", "MF108", "flows") == []


def test_a_subclass_that_changes_what_its_base_says_is_not_reported_for_the_base(project):
    project.write("src/arxiv_topics/base.py", RUNNING_BASE)
    own = SUBCLASS.replace("(ArxivBase):", '(ArxivBase):\n    api_key = Parameter("key")\n')
    own = own.replace("import step", "import Parameter, step")
    project.write("flows/topics/flow.py", own)
    assert project.codes("--select", "MF407", "flows") == []


def test_a_guard_in_the_file_of_a_base_holds_for_its_subclasses(project):
    guard = "\n\ndef is_allowed():\n    return current.is_production\n"
    text = base(**MISTAKES["MF105"])
    project.write("src/arxiv_topics/base.py", text)
    assert project.codes("--select", "MF105", "flows") == [f"{SUBCLASS_LINE} MF105"]
    project.write("src/arxiv_topics/base.py", text + guard)
    assert project.codes("--select", "MF105", "flows") == []


def test_one_subclass_that_uses_an_inherited_parameter_is_enough(project):
    text = base(methods="def limit(self):\n        return 10")
    unused = "\n\nclass {}(ArxivBase):\n    @step\n    def start(self):\n        {}\n"
    reads = unused.format("ArxivTopics", "print(self.test_mode)")
    project.write("src/arxiv_topics/base.py", text + reads + unused.format("ArxivFields", "pass"))
    assert project.codes("--select", "MF205", "src") == []
    project.write("src/arxiv_topics/base.py", text + unused.format("ArxivFields", "pass"))
    assert project.codes("--select", "MF205", "src") == ["src/arxiv_topics/base.py:11 MF205"]


def test_a_project_finding_shows_where_one_of_its_places_is_given(project):
    project.write("src/arxiv_topics/base.py", base())
    other = SUBCLASS.replace("ArxivTopics", "ArxivAuthors").replace("ArxivBase", "FlowSpec")
    other = other.replace("from arxiv_topics.base import FlowSpec\n", "")
    other = other.replace("import step", "import FlowSpec, project, step")
    other = other.replace("class", '@project(name="arxiv")\nclass')
    project.write("flows/authors/flow.py", other)
    project.write("flows/more/flow.py", SUBCLASS.replace("ArxivTopics", "ArxivFields"))
    assert project.codes("--select", "MF102") == ["flows/authors/flow.py:4 MF102"]
    # The name that most flows have stands in the base: whoever changes that hears of it too.
    assert project.codes("--select", "MF102", "src") == ["src/arxiv_topics/base.py:9 MF102"]
    assert project.codes("--select", "MF102", "flows/more") == []


def test_a_linked_file_is_no_second_flow(project):
    folder = project.path / "linked"
    folder.mkdir()
    (folder / "flow.py").symlink_to(project.path / "flows" / "topics" / "flow.py")
    assert project.codes("--select", "MF006") == []
