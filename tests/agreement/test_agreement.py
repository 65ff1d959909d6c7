"""Metaflow's check and the rules on the graph agree, on flows made by chance and on named ones."""

import re
import time

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from lint_rules.engine.registry import all_rules
from lint_rules.rules.base import Good, dedent
from tests.agreement.cases import CASES
from tests.agreement.choices import Drawn
from tests.agreement.judges import ON_THE_GRAPH, compare, refusal, reports
from tests.agreement.mutations import changed_flow
from tests.agreement.structures import structure

RULES = [rule for rule in all_rules() if rule.code in ON_THE_GRAPH]


@st.composite
def changed_flows(draw):
    return changed_flow(Drawn(draw))


@st.composite
def sound_flows(draw):
    return str(structure(Drawn(draw)))


@pytest.mark.slow
@settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(changed_flows())
def test_both_agree_on_changed_flows(text):
    assert compare(text).difference == ""


@pytest.mark.slow
@settings(
    max_examples=50,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
@given(sound_flows())
def test_neither_refuses_a_sound_flow(text):
    assert refusal(text) is None
    assert reports(text) == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_both_agree_on(case):
    assert (refusal(case.text) is not None) == case.is_refused
    assert [report.code for report in reports(case.text)] == case.codes


def _examples(kind):
    """The examples, but those that show what is not known: they import what is not there."""
    for rule in RULES:
        for number, example in enumerate(getattr(rule, kind)):
            given = Good(example) if isinstance(example, str) else example
            imports = re.findall(r"^\s*(?:from|import) (\w+)", given.code, re.MULTILINE)
            if set(imports) == {"metaflow"}:
                yield pytest.param(rule, given, id=f"{rule.code}-{number}")


PASSES = {"MF820-1", "MF821-0"}
"""Bad examples that Metaflow's check accepts: a step is lost."""


@pytest.mark.parametrize(("rule", "bad"), list(_examples("bad")))
def test_metaflow_refuses_the_bad_example(rule, bad, request):
    is_accepted = request.node.callspec.id in PASSES
    assert (refusal(dedent(bad.code)) is None) == is_accepted
    if bad.fixed is not None:
        assert refusal(dedent(bad.fixed)) is None


@pytest.mark.parametrize(("rule", "good"), list(_examples("good")))
def test_metaflow_takes_the_good_example(rule, good):
    assert refusal(dedent(good.code)) is None


def _seconds(count):
    steps = [f"    @step\n    def s{n}(self): self.next(self.s{n + 1})\n" for n in range(count)]
    text = "from metaflow import FlowSpec, step\n\n\nclass Flow(FlowSpec):\n    @step\n"
    text += "    def start(self): self.next(self.s0)\n" + "".join(steps)
    text += f"    @step(end=True)\n    def s{count}(self): pass\n"
    begin = time.process_time()
    assert reports(text) == []
    return time.process_time() - begin


@pytest.mark.slow
def test_time_grows_with_the_number_of_steps():
    assert min(_seconds(2000) for _ in range(3)) < 3 * min(_seconds(1000) for _ in range(3))


def test_ways_through_a_dense_graph_are_not_counted():
    """Sixty steps, each of which may lead to any later one: 2 ** 58 ways."""
    names = ["start", *(f"s{n}" for n in range(60)), "end"]
    lines = ["from metaflow import FlowSpec, step", "", "", "class Flow(FlowSpec):"]
    for at, name in enumerate(names[:-2]):
        cases = ", ".join(f"{n}: self.{later}" for n, later in enumerate(names[at + 1 :]))
        lines += ["    @step", f"    def {name}(self): self.next({{{cases}}}, condition='x')"]
    lines += ["    @step", f"    def {names[-2]}(self): self.next(self.end)"]
    lines += ["    @step", "    def end(self): pass"]
    begin = time.process_time()
    assert reports("\n".join(lines) + "\n") == []
    assert time.process_time() - begin < 5
