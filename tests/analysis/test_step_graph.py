"""What the rules on the graph know of a flow, and where they stay silent since they do not."""

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

RULES = [rule for rule in all_rules() if rule.code.startswith("MF8")]

FLOW = """\
import functools

from metaflow import FlowMutator, FlowSpec, StepMutator, retry, step, user_step_decorator
{top}

{above}class Flow(FlowSpec):
    {body}

    {by}
    def start(self):
        self.next(self.lost)

    @step
    def alone(self):
        self.next(self.end)

    @step
    def end(self):
        pass
{below}

if __name__ == "__main__":
    Flow()
"""

WRAPPED = """
def own(function):
    @functools.wraps(function)
    def inner(self):
        return function(self)
    return inner
"""
FACTORY = """
def own(times):
    def decorate(function):
        @functools.wraps(function)
        def inner(self):
            return function(self)
        return inner
    return decorate
"""
BARE = WRAPPED.replace("    @functools.wraps(function)\n", "")
MUTATOR = "\nclass own(FlowMutator):\n    def mutate(self, flow):\n        print(flow)\n"


def found_in(text):
    """The codes of what the rules find in a flow that is alone in a folder."""
    with TemporaryDirectory() as folder:
        linter = Linter(RULES)
        found = linter.check(Source(Path(folder, "flow.py"), text), Settings(select=("ALL",)))
    assert not linter.incidents.failures
    assert not linter.incidents.notes
    return [diagnostic.code for diagnostic in found]


def codes(**parts):
    given = {"top": "", "above": "", "body": "size = 3", "by": "@step", "below": "", **parts}
    text = FLOW.format(**given)
    return sorted(set(found_in(text)))


def test_all_is_reported_of_a_flow_that_is_known():
    assert codes() == ["MF802"]


@pytest.mark.parametrize(
    "parts",
    [
        {"by": "@retry(times=3)\n    @step"},
        {"top": WRAPPED, "by": "@own\n    @step"},
        {"top": WRAPPED, "by": "@step\n    @own"},
        {"top": FACTORY, "by": "@own(3)\n    @step"},
        {"top": MUTATOR, "above": "@own\n"},
        {"top": "\n@user_step_decorator\ndef own(s, f, i): yield\n", "by": "@own\n    @step"},
        {"top": "\ndef own(cls):\n    name = cls.__name__\n    return cls\n", "above": "@own\n"},
        {"body": "made = dict(a=1)"},
        {"body": "@property\n    def lost_one(self): return 1"},
        {"body": "for_all = [n for n in range(3)]"},
        {"body": "def help(self): setattr(self, 'x', 1)"},
        {"top": "from metaflow import step as node\n", "by": "@node"},
    ],
    ids=str,
)
def test_what_leaves_the_steps_alone_hides_nothing(parts):
    assert "MF802" in codes(**parts)


@pytest.mark.parametrize(
    "parts",
    [
        {"top": "from helpers import own\n", "above": "@own\n"},
        {"top": "from metaflow import own\n", "above": "@own\n"},
        {"top": MUTATOR.replace("print(flow)", "setattr(flow, 'lost', 1)"), "above": "@own\n"},
        {"top": "\ndef own(cls):\n    cls.lost = 1\n    return cls\n", "above": "@own\n"},
        {"top": "\ndef own(cls):\n    add(cls)\n    return cls\n", "above": "@own\n"},
        {"body": "lost = step(print)"},
        {"body": "if print:\n        @step\n        def lost(self): self.next(self.end)"},
        {"body": "for name in ('lost',):\n        locals()[name] = step(print)"},
        {"body": "locals().update(lost=step(print))"},
        {"body": "exec('lost = step(print)')"},
        {"body": "from helpers import lost"},
        {"body": "lost = alone"},
        {"body": "def __init_subclass__(cls): pass"},
        {"below": "\nfor name in ('lost',):\n    setattr(Flow, name, step(print))\n"},
        {"below": "\nFlow.lost = step(print)\n"},
        {"below": "\nFlow = change(Flow)\n"},
        {"top": "\ndef make(): return step(print)\n", "body": "lost = make()"},
    ],
    ids=str,
)
def test_what_may_make_the_step_makes_all_silent(parts):
    assert codes(**parts) == []


@pytest.mark.parametrize(
    ("name", "work", "found"),
    [
        ("Topics", "pass", ["MF808"]),
        ("Topics", "raise NotImplementedError", []),
        ("Topics", "raise NotImplementedError('work')", []),
        ("TopicsBase", "pass", []),
        ("Database", "pass", ["MF808"]),
        ("AbstractTopics", "pass", []),
    ],
)
def test_a_flow_that_is_there_for_others_is_checked_where_it_runs(name, work, found):
    text = (
        f"from metaflow import FlowSpec, step\n\n\nclass {name}(FlowSpec):\n"
        "    @step\n    def start(self): self.next(self.work)\n\n"
        f"    @step\n    def work(self): {work}\n\n"
        "    @step\n    def end(self): pass\n"
    )
    assert found_in(text) == found
    run = text + f'\n\nif __name__ == "__main__":\n    {name}()\n'
    assert found_in(run) == ["MF808"]


def test_of_two_classes_of_one_name_none_is_checked():
    text = FLOW.format(top="", above="", body="", by="@step", below="")
    other = "class Flow(FlowSpec):\n    pass\n\n\nclass Flow("
    assert found_in(text.replace("class Flow(", other)) == []


def test_a_metaclass_may_make_any_step():
    text = FLOW.format(top="", above="", body="", by="@step", below="")
    text = text.replace("(FlowSpec)", "(FlowSpec, metaclass=type(FlowSpec))")
    assert found_in(text) == []


@pytest.mark.parametrize(
    "parts",
    [
        {"top": "from helpers import own\n", "by": "@own\n    @step"},
        {"by": "@step(start=print)"},
        {"top": "from metaflow import condition\n", "by": "@condition\n    @step"},
        {"top": "\nown = functools.partial(print)\n", "by": "@own\n    @step"},
    ],
    ids=str,
)
def test_a_step_that_a_decorator_hides_is_not_checked_and_others_are(parts):
    assert codes(**parts) == []
    wrong = "@step\n    def other(self):\n        self.next()"
    assert codes(**parts, body=wrong) == ["MF809"]


@pytest.mark.parametrize("by", ["@own\n    @step", "@step\n    @own"])
def test_a_step_that_is_wrapped_is_reported_for_that_alone(by):
    assert codes(top=BARE, by=by) == ["MF822"]


def test_steps_of_a_mutated_flow_may_be_parallel():
    text = FLOW.format(top=MUTATOR, above="@own\n", body="", by="@step", below="").replace(
        "self.lost", "self.alone, num_parallel=2"
    )
    found = set(found_in(text))
    assert found == {"MF812"}
