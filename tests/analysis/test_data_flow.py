"""Which artifacts a step may have, where code hides it."""

import pytest

from lint_rules.analysis.data_flow.questions import missing as missing_in
from lint_rules.analysis.imports import ImportResolver
from lint_rules.syntax.parse_cache import module_of

FLOW = """\
from metaflow import FlowSpec, step
from elsewhere import helper


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.parts = [1, 2]
        self.next(self.part, foreach="parts")

    @step
    def part(self):
        {part}
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        {end}

{rest}
"""


def missing(part="pass", join="pass", end="print(self.x)", rest=""):
    """The artifacts that are missing in a flow, with the joins that lose them."""
    text = FLOW.format(part=part, join=join, end=end, rest=rest)
    module = module_of(text, ImportResolver())
    found = missing_in(module.flows[0])
    return [(one.step.name, one.name, one.joins) for one in found]


LOST = [("end", "x", ("join",))]


@pytest.mark.parametrize(
    "part",
    [
        "self.x = 1",
        "self.y, (self.x, *self.z) = helper()",
        "self.y = self.x = 1",
        "setattr(self, 'x', 1)",
        "[self.y for self.y in helper()]; self.x: int = 1",
        "self.set()",
    ],
)
def test_a_join_leaves_behind_what_is_set_before_it(part):
    rest = "    def set(self):\n        self.x = 1\n"
    assert missing(part, rest=rest if "set()" in part else "") == LOST


@pytest.mark.parametrize(
    ("join", "found"),
    [
        ("self.merge_artifacts(inputs)", []),
        ("self.merge_artifacts(inputs, ['y'])", []),
        ("self.merge_artifacts(inputs, exclude=['x'])", LOST),
        ("self.merge_artifacts(inputs, include=('x', 'y'))", []),
        ("self.merge_artifacts(inputs, include=['y'])", LOST),
        ("self.merge_artifacts(inputs, include=NAMES)", LOST),
        ("self.merge_artifacts(inputs, include=helper())", []),
        ("self.merge_artifacts(inputs, **helper())", []),
        ("merge = self.merge_artifacts; merge(inputs)", []),
        ("super().merge_artifacts(inputs)", []),
        ("self.x = [one.x for one in inputs]", []),
        ("self.x = self.x", [("join", "x", ("join",))]),
        ("print(self.x); self.merge_artifacts(inputs)", [("join", "x", ("join",))]),
        ("show = lambda: self.x; self.merge_artifacts(inputs); show()", []),
        ("helper(self)", []),
        ("setattr(self, helper(), 1)", []),
        ("self.__dict__['x'] = 1", []),
        ("exec('self.x = 1')", []),
        ("type(self).x = 1", []),
        ("self.__class__.x = 1", []),
        ("self.other(inputs)", []),
        ("self.other", []),
    ],
)
def test_what_a_join_keeps(join, found):
    rest = "    def other(self, inputs):\n        self.merge_artifacts(inputs)\n\nNAMES = ['y']\n"
    assert missing("self.x = self.y = 1", join, rest=rest) == found


@pytest.mark.parametrize(
    "end",
    [
        "print(getattr(self, 'x', 1))",
        "print(self.x if hasattr(self, 'x') else 1)",
        "self.x = 1; print(self.x)",
        "print(lambda self: self.x)",
    ],
)
def test_reads_that_are_taken_care_of(end):
    assert missing("self.x = 1", end=end) == []


@pytest.mark.parametrize(
    "rest",
    [
        "    x = 1",
        "    def x(self): return 1",
        "    from elsewhere import x",
        "    def __init__(self): self.x = 1",
        "    def __getattr__(self, name): return 1",
        "    @classmethod\n    def prepare(cls): cls.x = 1",
        "ArxivTopics.x = 1",
        "setattr(ArxivTopics, helper(), 1)",
        "class Derived(ArxivTopics):\n    x = 1",
    ],
)
def test_what_is_there_in_every_step(rest):
    assert missing(rest=rest) == []


@pytest.mark.parametrize(
    "part",
    [
        "getattr(self, helper())()",
        "getattr(self, 'set')()",
        "call = self.set; helper(call)",
        "self.__dict__.update(x=1)",
        "for name in helper(): setattr(self, name, 1)",
        "vars(self).update(x=1)",
        "helper(lambda: self.set())",
        "me = self; me.x = 1",
        "helper([self])",
        "self.y = self",
    ],
)
def test_what_may_set_it(part):
    rest = "    def set(self):\n        self.x = 1\n"
    text = FLOW.format(part=part, join="pass", end="pass", rest=rest)
    text = text.replace("self.next(self.join)", "self.next(self.more)").replace(
        "    @step\n    def join",
        "    @step\n    def more(self):\n        print(self.x)\n"
        "        self.next(self.join)\n\n    @step\n    def join",
    )
    module = module_of(text, ImportResolver())
    assert [one.name for one in missing_in(module.flows[0])] == []


def test_what_nothing_sets():
    assert missing() == [("end", "x", ())]
    assert missing(rest="    x: int") == [("end", "x", ())]
    assert missing(end="self.x += 1") == [("end", "x", ())]
    assert missing(end="self.x.y = 1") == [("end", "x", ())]
