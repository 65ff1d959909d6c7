"""Metaflow refuses what the rules on loading report, or a run fails; it takes what they do not."""

import re

import pytest

from lint_rules.analysis.stdlib import STDLIB
from lint_rules.engine.registry import all_rules
from lint_rules.metaflow import facts
from lint_rules.rules.base import Bad, Good, dedent
from lint_rules.settings.groups import Group
from lint_rules.testing import diagnose
from tests.agreement.commands import RUN, Commands
from tests.template.stand_ins import Buckets
from tools.metaflow_facts.constructs import CONSTRUCTS

RULES = {rule.code: rule for rule in all_rules()}
pytestmark = pytest.mark.process

JUDGED = tuple(
    "MF410 MF411 MF412 MF413 MF414 MF415 MF416 MF417 MF418 MF419 MF421 MF424 MF425 MF427 "
    "MF428 MF429 MF607 MF608 MF815 MF816 MF817 MF818 MF822 MF823 MF824 MF825".split()
)
JUDGED_WITH_S3 = ("MF506", "MF507")
FROM_S3 = ("No such file or directory", "is not a string or a bytes object", "full s3:// urls")


@pytest.fixture(scope="module")
def metaflow(tmp_path_factory):
    folder = tmp_path_factory.mktemp("flows")
    for name in ("papers.csv", "words.txt"):
        (folder / name).write_text("a,b\n", encoding="utf-8")
    commands = Commands(folder, {})
    yield commands
    commands.close()


@pytest.fixture(scope="module")
def metaflow_with_s3(tmp_path_factory):
    with Buckets() as buckets:
        commands = Commands(tmp_path_factory.mktemp("flows"), buckets.settings)
        yield commands
        commands.close()


def _examples(kind, codes=JUDGED):
    for code in codes:
        for number, example in enumerate(getattr(RULES[code], kind)):
            given = Good(example) if isinstance(example, str) else example
            imports = set(re.findall(r"^(?:from|import) (\w+)", given.code.strip(), re.MULTILINE))
            imports |= set(re.findall(r"^\s+(?:from|import) (\w+)", given.code, re.MULTILINE))
            if imports <= {"metaflow", *STDLIB} and "checkpoint" not in given.code:
                yield pytest.param(given, id=f"{code}-{number}")


SHOWS = {
    "MF415": lambda output: "] None\n" in output,
    "MF424": lambda output: "not in the log" not in output,
    "MF427": lambda output: "[@card WARNING]" in output,
}
"""Of rules on what a run loses without an error: whether what it writes shows the loss."""


@pytest.mark.parametrize("bad", list(_examples("bad")))
def test_metaflow_does_not_run_the_bad_example(bad: Bad, metaflow, request):
    status, output = metaflow.outcome(dedent(bad.code), "check", "run")
    code = request.node.callspec.id.partition("-")[0]
    assert status or (code in SHOWS and SHOWS[code](output)), output
    if bad.fixed is not None:
        assert not metaflow.fails(dedent(bad.fixed), "check", "run")


@pytest.mark.parametrize("good", list(_examples("good")))
def test_metaflow_takes_the_good_example(good: Good, metaflow):
    assert not metaflow.fails(dedent(good.code), "check")


@pytest.mark.parametrize("bad", list(_examples("bad", JUDGED_WITH_S3)))
def test_s3_does_not_do_what_the_bad_example_wants(bad: Bad, metaflow_with_s3):
    output = metaflow_with_s3.fails(dedent(bad.code), "run")
    assert any(reason in output for reason in FROM_S3), output


@pytest.mark.parametrize("good", list(_examples("good", JUDGED_WITH_S3)))
def test_s3_does_what_the_good_example_wants(good: Good, metaflow_with_s3):
    assert not metaflow_with_s3.fails(dedent(good.code), "run")


LOST = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    titles = []

    @step
    def start(self):
        self.titles.append("a title")
        assert self.titles == ["a title"]
        self.next(self.end)

    @step
    def end(self):
        assert self.titles == []
"""
ANOTHER_ELEMENT = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = [2023, 2024]
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        self.year = self.input
        self.years.insert(0, 2022)
        self.next(self.count)

    @step
    def count(self):
        year = self.input
        assert year == self.year - 1
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
LAST_OF_MANY = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = [2023, 2024]
        self.next(self.count, foreach="years")

    @step
    def count(self):
        self.year = self.input
        self.next(self.join)

    @step
    def join(self, inputs):
        self.year = inputs.count.year
        self.next(self.end)

    @step
    def end(self):
        assert self.year == 2024
"""
AT_EACH_TASK = """
from pathlib import Path

from metaflow import FlowSpec, step

file = Path(__file__).with_name("loads.txt")
LOADS = open(file, "a").write("one ")


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.loads = file.read_text()
        self.next(self.end)

    @step
    def end(self):
        assert file.read_text() == self.loads + "one "
"""


@pytest.mark.parametrize(
    ("code", "flow"),
    [
        ("MF423", LOST),
        ("MF422", ANOTHER_ELEMENT),
        ("MF426", LAST_OF_MANY),
        ("MF310", AT_EACH_TASK),
    ],
)
def test_a_loss_without_an_error_is_reported(code, flow, metaflow):
    assert [found.code for found in diagnose(RULES[code], flow)] == [code]
    assert not metaflow.fails(flow, "run")


PRODUCER = """
from metaflow import FlowSpec, step


class ArxivPapers(FlowSpec):
    @step
    def start(self):
        self.years = [2023, 2024]
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        self.titles = ["a title"]
        self.next(self.join)

    @step
    def join(self, inputs):
        self.papers = [title for one in inputs for title in one.titles]
        self.next(self.end)

    @step
    def end(self):
        self.count = len(self.papers)
"""
READER = """
from metaflow import Flow, Run, Step, Task, namespace

namespace(None)


def latest(name):
    return Flow(name).latest_run


def titles(run):
    return [task.data.titles for task in run["fetch"]]


run = latest("ArxivPapers")
print({read})
"""


@pytest.mark.parametrize(
    ("read", "error"),
    [
        ("run.data.papers, run.data.count", ""),
        ('run["start"].task.data.years, run["join"].task.data.papers', ""),
        ("titles(run)", ""),
        ("next(iter(Flow('ArxivPapers'))).end_task.data.count", ""),
        ("run.data.paper", "AttributeError"),
        ("run.data.years", "AttributeError"),
        ("latest('ArxivPapers').data.titles", "AttributeError"),
        ('run["start"].task.data.papers', "AttributeError"),
        ('[task.data.count for task in run["fetch"]]', "AttributeError"),
        ('run["fetched"]', "KeyError"),
        ('Step(f"ArxivPapers/{run.id}/model")', "MetaflowNotFound"),
    ],
)
def test_readers_of_results_fail_as_reported(read, error, metaflow, producer):
    code = READER.format(read=read)
    packages = {"../pyproject.toml": "", "../papers/flow.py": PRODUCER}
    found = [each.code for each in diagnose(RULES["MF606"], code, {}, packages)]
    assert found == (["MF606"] if error else [])
    output = metaflow.fails(code, "read")
    assert error in output if error else not output


@pytest.fixture(scope="module")
def producer(metaflow):
    assert not metaflow.fails(PRODUCER, "run")


def test_what_follows_the_call_of_a_flow_never_runs(metaflow):
    code = LOST + RUN.format("ArxivTopics") + "    raise SystemExit(1)\n"
    assert [found.code for found in diagnose(RULES["MF826"], code)] == ["MF826"]
    assert not metaflow.fails(code, "run")


OF_ANOTHER_RULE = {"resources memory as text"}


@pytest.mark.parametrize("scheduler", ["argo-workflows", "step-functions", "airflow"])
def test_undeployable_is_what_compiling_shows(scheduler):
    answers = facts().schedulers[scheduler]
    expected = {name: answer.answer != "accepted" for name, answer in answers.items()}
    found = {
        name: bool(diagnose(RULES["MF819"], CONSTRUCTS[name].source(), {"scheduler": scheduler}))
        for name in answers
    }
    for name in OF_ANOTHER_RULE:
        del expected[name], found[name]
    assert found == expected


def test_rules_that_metaflow_proves_are_certain():
    assert {RULES[code].group for code in JUDGED} == {Group.CORRECTNESS}
