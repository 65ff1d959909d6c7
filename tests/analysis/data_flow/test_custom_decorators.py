"""What decorators of the repository set and read, and what of them cannot be known."""

import pytest

from lint_rules.analysis.data_flow.questions import missing
from lint_rules.analysis.imports import ImportResolver
from lint_rules.syntax.parse_cache import module_of

FLOW = """\
import functools

from metaflow import FlowMutator, FlowSpec, Parameter, StepMutator, step, user_step_decorator
from installed import thing


{decorator}


{above}class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.next(self.count)

    {before}@step
    def count(self):
        print(self.papers)
        self.next(self.end)

    @step
    def end(self):
        pass
"""
MUTATOR = """\
class own(FlowMutator):
    def pre_mutate(self, mutable_flow):
        {code}

    def add(self, flow):
        flow.add_parameter("papers", Parameter("papers"))


@user_step_decorator
def around(step_name, flow, inputs, attributes):
    {around}
    yield


def help_with(flow):
    flow.add_parameter("papers", Parameter("papers"))
"""
STEP = "for name, step in mutable_flow.steps: step.add_decorator({})"


def names(**parts):
    text = FLOW.format(**{"decorator": "", "above": "", "before": ""} | parts)
    (flow, *_) = [f for f in module_of(text, ImportResolver()).flows if f.name == "ArxivTopics"]
    return [one.name for one in missing(flow)]


@pytest.mark.parametrize(
    ("code", "around", "found"),
    [
        ("pass", "pass", ["papers"]),
        ('mutable_flow.add_decorator("schedule")', "pass", ["papers"]),
        ('mutable_flow.add_parameter("papers", Parameter("papers"))', "pass", []),
        ('mutable_flow.add_parameter("topics", Parameter("topics"))', "pass", ["papers"]),
        ("mutable_flow.add_parameter(name(), Parameter('papers'))", "pass", []),
        ("self.add(mutable_flow)", "pass", []),
        ("help_with(mutable_flow)", "pass", []),
        ("thing(mutable_flow)", "pass", []),
        ("mutable_flow._flow_cls.papers = 1", "pass", []),
        (STEP.format("'retry'"), "pass", ["papers"]),
        (STEP.format("'catch', deco_kwargs={'var': 'papers'}"), "pass", []),
        (STEP.format("thing"), "pass", []),
        (STEP.format("around"), "print(flow.topics)", ["papers"]),
        (STEP.format("around"), "flow.papers = 1", []),
        (STEP.format("around"), "setattr(flow, 'papers', 1)", []),
        (STEP.format("around"), "thing(flow)", []),
    ],
)
def test_mutators(code, around, found):
    decorator = MUTATOR.format(code=code, around=around)
    assert names(decorator=decorator, above="@own\n") == found


WRAPPER = """\
def own(function):
    @functools.wraps(function)
    def inner({arguments}):
        {code}
        return function({arguments})
    return inner
"""


@pytest.mark.parametrize(
    ("arguments", "code", "found"),
    [
        ("self", "print('begin')", ["papers"]),
        ("self, *rest", "print(self.topics)", ["papers"]),
        ("self", "self.papers = 1", []),
        ("self", "thing(self)", []),
        ("*arguments", "print('begin')", ["papers"]),
        ("*arguments", "arguments[0].papers = 1", []),
    ],
)
def test_plain_decorators(arguments, code, found):
    decorator = WRAPPER.format(arguments=arguments, code=code)
    assert names(decorator=decorator, before="@own\n    ") == found


def test_what_cannot_be_read_may_do_anything():
    assert names(above="@thing\n") == []
    assert names(before="@thing\n    ") == []
