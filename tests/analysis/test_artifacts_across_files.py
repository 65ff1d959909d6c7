"""MF404, MF405 and MF803 where a flow's steps, mixins and names stand in several files."""

import pytest

RULES = "MF404,MF405,MF803"

FLOW = """\
from metaflow import FlowSpec, step
{imported}


class ArxivTopics({bases}):
    @step
    def start(self):
        self.papers, self.parts = 3, [1, 2]
        self.next(self.part, foreach="parts")

    @step
    def part(self):
        self.topics = 1
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        print(self.papers)
        print(self.topics)
"""
PAPERS, TOPICS = "flows/topics/flow.py:23 MF404", "flows/topics/flow.py:24 MF404"

NAMES = """\
from .more import PAPERS

TOPICS = "topics"
NOTHING: list = []
ALL = [PAPERS, TOPICS]
FIRST = [PAPERS]
LAST = (TOPICS,)
SUM = FIRST + ["topics"]
"""

LISTS = {
    "a list of its own": ("", '["papers"]', [TOPICS]),
    "an imported list": ("from arxiv_topics.names import LAST", "LAST", [PAPERS]),
    "an imported list of imported names": (
        "from arxiv_topics.names import FIRST",
        "FIRST",
        [TOPICS],
    ),
    "all, by names": ("from arxiv_topics.names import ALL", "ALL", []),
    "a list of a module": ("from arxiv_topics import names", "names.FIRST", [TOPICS]),
    "names of a module": ("from arxiv_topics import names", "[names.PAPERS]", [TOPICS]),
    "nothing, which is everything": ("from arxiv_topics.names import NOTHING", "NOTHING", []),
    "what is worked out": ("from arxiv_topics.names import SUM", "SUM", []),
    "what an installed package holds": ("from elsewhere import KEPT", "KEPT", []),
}

MIXIN = """\
from metaflow import step
from .names import FIRST
from .deep import Deep

TOPICS = ["topics"]


def keep(flow, inputs):
    flow.merge_artifacts(inputs)


def kept(function):
    return function


class Keeps:
    def keep(self, inputs):
        self.merge_artifacts(inputs)

    def keep_papers(self, inputs):
        self.merge_artifacts(inputs, include=FIRST)

    def keep_other(self, inputs):
        self.merge_artifacts(inputs, exclude=TOPICS)

    def left_open(self, inputs):
        raise NotImplementedError(inputs)


class Derives(Deep):
    pass


class Has:
    papers = 3

    @property
    def topics(self):
        return 1


class Annotates:
    papers: int
    topics: int


class Answers:
    def __getattr__(self, name):
        return 1
"""

MIXINS = {
    "its method merges": ("Keeps, FlowSpec", "self.keep(inputs)", []),
    "its base is of a third file, and not looked into": ("Derives, FlowSpec", "pass", []),
    "its method is no more than named": ("Keeps, FlowSpec", "keep = self.keep; keep(inputs)", []),
    "its method merges what its module names": (
        "Keeps, FlowSpec",
        "self.keep_papers(inputs)",
        [TOPICS],
    ),
    "its method leaves what its module names": (
        "Keeps, FlowSpec",
        "self.keep_other(inputs)",
        [TOPICS],
    ),
    "its method is not called": ("Keeps, FlowSpec", "pass", [PAPERS, TOPICS]),
    "a subclass must define its method": ("Keeps, FlowSpec", "self.left_open(inputs)", []),
    "it has them": ("Has, FlowSpec", "pass", []),
    "it annotates them": ("Annotates, FlowSpec", "pass", [PAPERS, TOPICS]),
    "it answers for any": ("Answers, FlowSpec", "pass", []),
    "a function is given the flow": ("FlowSpec", "keep(self, inputs)", []),
}


@pytest.fixture
def project(folder):
    package = "src/arxiv_topics"
    folder.write("pyproject.toml", "")
    folder.write(f"{package}/__init__.py", "")
    folder.write(f"{package}/names.py", NAMES)
    folder.write(f"{package}/more.py", 'PAPERS = "papers"\n')
    folder.write(f"{package}/mixin.py", MIXIN)
    folder.write(
        f"{package}/deep.py",
        "class Deep:\n    def keep_deep(self, inputs):\n        self.merge_artifacts(inputs)\n",
    )
    # A relative import is relative to its own file: these are other names.
    folder.write("flows/topics/names.py", 'FIRST = ["topics"]\n')
    folder.write("flows/topics/more.py", 'PAPERS = "parts"\n')
    return folder


@pytest.mark.parametrize(("imported", "kept", "found"), LISTS.values(), ids=LISTS)
def test_a_join_keeps_what_is_listed_in(project, imported, kept, found):
    join = f"self.merge_artifacts(inputs, include={kept})"
    text = FLOW.format(imported=imported, bases="FlowSpec", join=join)
    project.write("flows/topics/flow.py", text)
    assert project.codes("--select", RULES) == found


@pytest.mark.parametrize(("bases", "join", "found"), MIXINS.values(), ids=MIXINS)
def test_a_mixin_of_another_file_may_keep_artifacts(project, bases, join, found):
    imported = "from arxiv_topics.mixin import Annotates, Answers, Derives, Has, Keeps, keep"
    text = FLOW.format(imported=imported, bases=bases, join=join)
    project.write("flows/topics/flow.py", text)
    assert project.codes("--select", RULES) == found


DECORATED = ["    @step\n    def join", "class Arxiv"]


@pytest.mark.parametrize("decorated", DECORATED)
@pytest.mark.parametrize(("module", "found"), [("arxiv_topics.mixin", 2), ("installed", 0)])
def test_a_decorator_that_cannot_be_read_may_set_artifacts(project, module, found, decorated):
    imported = f"from {module} import kept"
    text = FLOW.format(imported=imported, bases="FlowSpec", join="pass")
    indent = decorated[: -len(decorated.lstrip())]
    project.write("flows/topics/flow.py", text.replace(decorated, f"{indent}@kept\n{decorated}", 1))
    assert len(project.codes("--select", RULES)) == found
    project.write("pyproject.toml", '[tool.metaflow-lint]\nevent-decorators = ["kept"]\n')
    assert len(project.codes("--select", RULES)) == 2


ENDS = """\
from metaflow import FlowSpec, step


class Ends(FlowSpec):
    @step
    def start(self):
        self.setting = 1
        self.next(self.left, self.right)

    @step
    def join(self, inputs):
        self.merge_artifacts(inputs)
        self.next(self.end)

    @step
    def end(self):
        print(self.setting, self.count)
"""

SUBCLASS = """\
from arxiv_topics.base import Ends
from metaflow import step


class {name}(Ends):
    @step
    def left(self):
        self.count = 1
        self.next(self.{target})

    @step
    def right(self):
        self.next(self.{target})
"""

MISTAKES = {
    "MF404": ("        self.merge_artifacts(inputs)\n", "        self.count = 1\n", 17),
    "MF405": ("self.count)", "self.counts)", 17),
    "MF803": (
        "def join(self, inputs):\n        self.merge_artifacts(inputs)",
        "def join(self):",
        11,
    ),
}


@pytest.fixture
def split(project):
    """A flow that begins and ends in another file than it splits in."""
    project.write("src/arxiv_topics/base.py", ENDS)
    project.write("flows/topics/flow.py", SUBCLASS.format(name="ArxivTopics", target="join"))
    return project


def test_steps_of_two_files_are_one_graph(split):
    assert split.codes("--select", RULES) == []


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_in_an_inherited_step_is_reported_where_it_can_be_fixed(split, code):
    right, wrong, row = MISTAKES[code]
    split.write("src/arxiv_topics/base.py", ENDS.replace(right, wrong))
    split.write("flows/authors/flow.py", SUBCLASS.format(name="ArxivAuthors", target="join"))
    assert split.codes("--select", RULES) == [f"src/arxiv_topics/base.py:{row} {code}"]
    assert split.codes("--select", RULES, "flows") == [
        f"flows/authors/flow.py:5 {code}",
        f"flows/topics/flow.py:5 {code}",
    ]
    # A subclass may define what is missing from the base.
    assert split.codes("--select", RULES, "src") == []


def test_what_one_of_two_subclasses_does_not_set_is_reported(split):
    text = SUBCLASS.format(name="ArxivAuthors", target="join").replace("self.count = 1", "pass")
    split.write("flows/authors/flow.py", text)
    assert split.codes("--select", RULES, "flows") == ["flows/authors/flow.py:5 MF405"]
    output = split.lint("check", "--select", RULES, "--output-format", "json").out
    assert "src/arxiv_topics/base.py" in output
    assert "flows/authors/flow.py" in output
    assert "flows/topics/flow.py" not in output


def test_a_subclass_may_fix_an_inherited_join(split):
    right, wrong, _ = MISTAKES["MF803"]
    split.write("src/arxiv_topics/base.py", ENDS.replace(right, wrong))
    own = "\n    @step\n    def join(self, inputs):\n        self.merge_artifacts(inputs)\n"
    text = (
        SUBCLASS.format(name="ArxivTopics", target="join") + own + "        self.next(self.end)\n"
    )
    split.write("flows/topics/flow.py", text)
    assert split.codes("--select", RULES) == []
    split.write("flows/topics/flow.py", text.replace("self, inputs", "self"))
    assert split.codes("--select", RULES) == ["flows/topics/flow.py:17 MF803"]


def test_an_inherited_end_that_is_reached_by_two_branches_is_no_join(split):
    split.write("flows/topics/flow.py", SUBCLASS.format(name="ArxivTopics", target="end"))
    assert split.codes("--select", "MF803,MF810,MF812", "flows", "src") == [
        "src/arxiv_topics/base.py:11 MF810"
    ]


@pytest.mark.parametrize("imported", ["from arxiv_topics.names import inputs", "import inputs"])
def test_inputs_may_be_the_name_of_something_else(project, imported):
    text = FLOW.format(imported="", bases="FlowSpec", join="self.merge_artifacts(inputs)")
    text = text.replace("print(self.papers)", "print(inputs)")
    project.write("flows/topics/flow.py", text)
    assert project.codes("--select", RULES) == ["flows/topics/flow.py:23 MF803"]
    project.write("flows/topics/flow.py", text.replace("\n\n", f"\n{imported}\n\n", 1))
    assert project.codes("--select", RULES) == []


def test_a_base_whose_subclasses_set_what_it_reads_is_left_alone(project):
    base = ENDS.replace("self.next(self.left, self.right)", "self.prepare()\n        {}").format(
        "self.next(self.end)\n\n    def prepare(self):\n        raise NotImplementedError"
    )
    project.write("src/arxiv_topics/base.py", base)
    subclass = "from arxiv_topics.base import Ends\n\n\nclass ArxivTopics(Ends):\n"
    project.write(
        "flows/topics/flow.py", f"{subclass}    def prepare(self):\n        self.count = 1\n"
    )
    assert project.codes("--select", RULES) == []
