"""Fixes that change several files: they change all of them or none, and only files given."""

import json

import pytest

from lint_rules.workspace.atomic_write import write_together
from lint_rules.workspace.workspace import Workspace
from tests.workspace.test_file_errors import run as lint_without_rights

FLOW = """\
from metaflow import FlowSpec, project, step{imported}


@project(name="arxiv_topics")
class ArxivTopics(FlowSpec):
    @step
    def start(self):
        {body}
        self.next(self.end)

    @step
    def end(self):
        pass
"""

RESULTS = """\
from metaflow import Flow


def papers():
    return Flow("ArxivPapers").latest_run.data.papers
"""

INIT = "src/arxiv_topics/__init__.py"
TOPICS = "flows/topics/flow.py"
NAMESPACE = 'from metaflow import namespace\n\nnamespace("project:arxiv_topics")\n'


@pytest.fixture
def project(folder):
    folder.write("pyproject.toml", "")
    folder.write(INIT, "")
    folder.write("src/arxiv_topics/results.py", RESULTS)
    body = "from arxiv_topics import results\n\n        results.papers()"
    folder.write(TOPICS, FLOW.format(imported="", body=body))
    return folder


def fix(project, code, *words):
    return project.lint("check", "--select", code, "--fix", "--unsafe-fixes", *words)


def test_a_namespace_is_set_in_the_package_of_a_flow(project):
    assert fix(project, "MF603").status == 0
    assert (project.path / INIT).read_text() == NAMESPACE
    assert project.codes("--select", "MF603,MF604") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"""Topics."""\n', f'"""Topics."""\n\n{NAMESPACE}'),
        (
            'from metaflow import Flow\n\nX = Flow("A")\n',
            'from metaflow import Flow, namespace\n\nX = Flow("A")\n\n'
            'namespace("project:arxiv_topics")\n',
        ),
        (
            "from __future__ import annotations\n",
            "from __future__ import annotations\n\nfrom metaflow import namespace\n\n"
            'namespace("project:arxiv_topics")\n',
        ),
        (
            "import json",
            'from metaflow import namespace\nimport json\n\nnamespace("project:arxiv_topics")\n',
        ),
    ],
)
def test_what_the_package_says_already_stays(project, before, after):
    project.write(INIT, before)
    assert fix(project, "MF603").status == 0
    assert (project.path / INIT).read_text() == after


def test_a_file_that_was_not_given_is_not_changed(project):
    result = fix(project, "MF603", "flows")
    assert result.status == 1
    assert f"`--unsafe-fixes` does it when `{INIT}` is given too" in result.out
    assert (project.path / INIT).read_text() == ""
    assert fix(project, "MF603", TOPICS, INIT).status == 0
    assert (project.path / INIT).read_text() == NAMESPACE


def test_a_package_learns_to_travel(project):
    flow = project.path / TOPICS
    assert fix(project, "MF107").status == 0
    assert (project.path / INIT).read_text() == 'METAFLOW_PACKAGE_POLICY = "include"\n'
    assert "\nimport arxiv_topics  # noqa: F401\n" in flow.read_text()
    assert project.codes("--select", "MF107") == []


def test_a_diff_shows_both_files_and_changes_none(project):
    before = (project.path / TOPICS).read_text()
    result = project.lint("check", "--select", "MF107", "--unsafe-fixes", "--diff")
    assert f"+++ {INIT}" in result.out
    assert f"+++ {TOPICS}" in result.out
    assert "Would fix 1 finding." in result.err
    assert (project.path / TOPICS).read_text() == before
    assert (project.path / INIT).read_text() == ""


@pytest.mark.process
def test_a_file_that_cannot_be_written_keeps_the_other_as_it_is(project):
    (project.path / INIT).chmod(0o444)
    before = (project.path / TOPICS).read_text()
    words = ("check", "--select", "MF107", "--fix", "--unsafe-fixes")
    done = lint_without_rights(project, *words)
    assert done.returncode == 2
    assert INIT in done.stderr
    assert "None was changed" in done.stderr
    assert (project.path / TOPICS).read_text() == before


def test_of_files_written_together_none_is_changed_when_one_cannot_be_staged(tmp_path):
    first = tmp_path / "first.py"
    first.write_text("old")
    with pytest.raises(FileNotFoundError):
        write_together({first: b"new", tmp_path / "missing" / "second.py": b"new"})
    assert first.read_text() == "old"
    assert list(tmp_path.iterdir()) == [first]


def test_of_files_written_together_all_are_put_back_when_one_cannot_be_replaced(tmp_path):
    first, second = tmp_path / "first.py", tmp_path / "second.py"
    first.write_text("old")
    second.mkdir()
    with pytest.raises(IsADirectoryError):
        write_together({first: b"new", second: b"new"})
    assert first.read_text() == "old"
    assert sorted(tmp_path.iterdir()) == [first, second]


WAITING = FLOW.replace("@project", '@trigger(event="papers")\n@project')
DECORATOR = "\n\nfrom arxiv_topics.events import namespaced_trigger"


def events(project, *, waits=DECORATOR, raises=DECORATOR):
    """A flow that waits for an event, and one that raises it, each with what it imports."""
    waiting = WAITING.format(imported=f", trigger{waits}", body="print(1)")
    project.write(TOPICS, waiting)
    raised = FLOW.replace("ArxivTopics", "ArxivPapers").format(
        imported=f"\nfrom metaflow.integrations import ArgoEvent{raises}",
        body='ArgoEvent("papers").publish({"a": 1})',
    )
    project.write("flows/papers/flow.py", raised)


def test_an_event_is_namespaced_at_both_ends(project):
    events(project)
    result = fix(project, "MF701,MF702")
    assert "2 fixed" in result.out or "Fixed" in result.out
    assert '@namespaced_trigger(event="papers")' in (project.path / TOPICS).read_text()
    raised = (project.path / "flows/papers/flow.py").read_text()
    assert 'namespaced_trigger.raise_event("papers", {"a": 1})' in raised
    assert project.codes("--select", "MF701,MF702,MF706") == []


OWN_DECORATOR = (
    "from metaflow import FlowMutator\n\n\nclass namespaced_trigger(FlowMutator):\n    pass\n"
)


@pytest.mark.parametrize(
    ("waits", "raises"),
    [("", ""), (DECORATOR, ""), ("", DECORATOR)],
    ids=["neither end", "one end", "the other end"],
)
def test_the_projects_own_decorator_is_imported_where_it_is_not(project, waits, raises):
    project.write("src/arxiv_topics/events.py", OWN_DECORATOR)
    events(project, waits=waits, raises=raises)
    assert fix(project, "MF701,MF702").status == 0
    (line,) = [line for line in DECORATOR.splitlines() if line]
    waiting = (project.path / TOPICS).read_text()
    assert waiting.startswith(f"from metaflow import FlowSpec, project, step, trigger\n\n{line}\n")
    assert waiting.count(line) == 1
    raised = (project.path / "flows/papers/flow.py").read_text()
    assert raised.count(line) == 1
    if not raises:
        assert f"start(self):\n        {line}\n\n        namespaced_trigger.raise" in raised
    assert project.codes("--select", "MF701,MF702,MF706") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "\n\nfrom arxiv_topics.tables import write\n",
            "\n\nfrom arxiv_topics.events import namespaced_trigger\n"
            "from arxiv_topics.tables import write\n",
        ),
        (
            "\n\nfrom arxiv_topics.charts import draw\n",
            "\n\nfrom arxiv_topics.charts import draw\n"
            "from arxiv_topics.events import namespaced_trigger\n",
        ),
        (
            "\n\nfrom arxiv_topics.events import EventError\n",
            "\n\nfrom arxiv_topics.events import EventError, namespaced_trigger\n",
        ),
    ],
)
def test_the_import_stands_where_it_sorts(project, before, after):
    project.write("src/arxiv_topics/events.py", OWN_DECORATOR)
    events(project, waits=before.rstrip("\n"))
    assert fix(project, "MF701,MF702").status == 0
    assert after in (project.path / TOPICS).read_text()


def test_which_of_two_decorators_is_meant_is_not_guessed(project):
    project.write("src/arxiv_topics/events.py", OWN_DECORATOR)
    project.write("src/arxiv_topics/more/events.py", OWN_DECORATOR)
    events(project, waits="", raises="")
    before = {file: file.read_text() for file in project.path.glob("flows/*/*.py")}
    assert fix(project, "MF701,MF702").status == 1
    assert {file: file.read_text() for file in before} == before


def test_programs_are_not_given_half_of_a_fix(project):
    events(project)
    words = ("check", "--select", "MF701,MF702", "--output-format")
    found = json.loads(project.lint(*words, "json").out)
    assert [(each["code"], each["fix"]) for each in found] == [("MF702", None), ("MF701", None)]
    [run] = json.loads(project.lint(*words, "sarif").out)["runs"]
    assert len(run["results"]) == 2
    assert not any("fixes" in result for result in run["results"])


@pytest.mark.parametrize("given", ["flows/topics", "flows/papers"])
def test_an_event_is_not_namespaced_at_one_end_alone(project, given):
    events(project)
    before = {file: file.read_text() for file in project.path.glob("flows/*/*.py")}
    result = fix(project, "MF701,MF702", given)
    assert "is given too" in result.out
    assert {file: file.read_text() for file in before} == before


@pytest.mark.parametrize("other", ["", "\nfrom metaflow import namespaced_event_name"])
def test_ends_that_would_not_fit_each_other_stay(project, other):
    events(project, raises=other)
    before = {file: file.read_text() for file in project.path.glob("flows/*/*.py")}
    assert fix(project, "MF701,MF702").status == 1
    assert {file: file.read_text() for file in before} == before


def test_a_module_that_publishes_is_an_end_too(project):
    events(project)
    project.write("flows/papers/flow.py", "")
    news = project.write(
        "src/arxiv_topics/news.py",
        "from metaflow.integrations import ArgoEvent\n\n\n"
        'def tell():\n    ArgoEvent("papers").safe_publish()\n',
    )
    assert fix(project, "MF701,MF702").status == 1
    text = "from .events import namespaced_trigger\n" + news.read_text()
    news.write_text(text)
    assert fix(project, "MF701,MF702").status == 0
    assert 'namespaced_trigger.raise_event("papers", safe_publish=True)' in news.read_text()


BASE = """\
from metaflow import FlowSpec, Parameter, project


@project(name="arxiv_topics")
class ArxivBase(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=False)
"""

SUBCLASS = """\
from arxiv_topics.base import ArxivBase
from metaflow import step


class {name}(ArxivBase):
    @step
    def start(self):
        print(self.test_mode)
        self.next(self.end)

    @step
    def end(self):
        pass
"""


def test_an_inherited_mistake_is_fixed_in_the_base_for_all_subclasses(project):
    base = project.write("src/arxiv_topics/base.py", BASE)
    project.write(TOPICS, SUBCLASS.format(name="ArxivTopics"))
    project.write("flows/papers/flow.py", SUBCLASS.format(name="ArxivPapers"))
    result = fix(project, "MF202", "flows")
    assert (result.status, base.read_text()) == (1, BASE)
    result = fix(project, "MF202")
    assert "Fixed 1 finding. All checks passed!" in result.out
    assert "default=lambda _: not current.is_production" in base.read_text()
    assert "current" in base.read_text().splitlines()[0]
    assert project.codes("--select", "MF202") == []


def test_subclasses_see_their_base_as_it_is_fixed(project):
    project.write("metaflow-lint.toml", 'project = "arxiv_topics"')
    base = project.write("src/arxiv_topics/base.py", BASE.replace('"arxiv_topics"', '"arxiv"'))
    project.write(TOPICS, SUBCLASS.format(name="ArxivTopics"))
    project.write("flows/papers/flow.py", SUBCLASS.format(name="ArxivPapers"))
    assert "Fixed 1 finding. All checks passed!" in fix(project, "MF102").out
    assert '@project(name="arxiv_topics")' in base.read_text()


def test_standard_input_is_what_the_project_sees(project):
    project.write("flows/papers/flow.py", FLOW.format(imported="", body="print(1)"))
    text = FLOW.format(imported="", body="print(1)")
    words = ("check", "--select", "MF006", "--stdin-filename", TOPICS, "-")
    assert "MF006" in project.lint(*words, stdin=text).out
    assert "MF006" not in project.lint(*words, stdin=text.replace("ArxivTopics", "Others")).out


def test_a_file_that_is_about_to_speak_of_metaflow_is_not_taken_for_silent(tmp_path):
    quiet = tmp_path / "quiet.py"
    snapshot = Workspace().snapshot()
    assert not snapshot.is_without_metaflow(quiet)
    snapshot.know_without_metaflow(lambda path: path == quiet)
    assert snapshot.is_without_metaflow(quiet)
    changed = snapshot.with_texts({quiet: b"from metaflow import namespace"})
    assert not changed.is_without_metaflow(quiet)
    assert changed.with_texts({}).is_without_metaflow(quiet) is False
    assert snapshot.is_without_metaflow(quiet)
