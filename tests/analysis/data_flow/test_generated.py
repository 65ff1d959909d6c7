"""The rules on artifacts agree with what flows do when they run, and take time as flows grow."""

import time

import pytest

from lint_rules.analysis.data_flow.flow_states import data_flow
from lint_rules.analysis.imports import ImportResolver
from lint_rules.syntax.parse_cache import module_of
from tests.analysis.data_flow.compare import flows, judge, verdicts
from tests.analysis.data_flow.metaflow_runs import digest, recorded

SEEDS = range(40)


@pytest.fixture(scope="module")
def all_verdicts():
    return [verdict for seed in SEEDS for verdict in verdicts(seed)]


def test_flows_of_the_generator_run(all_verdicts):
    plain = all_verdicts[::4]
    assert [verdict.text for verdict in plain if verdict.failed] == []


def test_no_report_is_about_a_step_that_runs(all_verdicts):
    assert [(v.text, v.reports) for v in all_verdicts if v.is_false] == []


def test_almost_all_flows_that_fail_are_reported(all_verdicts):
    failing = [verdict for verdict in all_verdicts if verdict.failed]
    missed = [verdict for verdict in failing if verdict.is_missed]
    assert len(failing) > 30
    assert len(missed) <= len(failing) * 0.05, [verdict.text for verdict in missed]


@pytest.fixture(scope="module")
def recorded_verdicts():
    found = []
    for seed, number, known, outcome in recorded():
        text = flows(seed)[number]
        assert digest(text) == known, "run `make metaflow-runs` with `--record` again"
        found.append(judge(text, outcome))
    return found


def test_no_report_is_about_a_step_that_metaflow_runs(recorded_verdicts):
    assert [(v.text, v.reports) for v in recorded_verdicts if v.is_false] == []


def test_flows_that_metaflow_fails_to_run_are_reported_at_that_step(recorded_verdicts):
    failing = [verdict for verdict in recorded_verdicts if verdict.failed]
    assert len(failing) > 5
    assert [v.text for v in failing if not v.is_at_the_step] == []


def long_flow(steps):
    body = "".join(
        f"    @step\n    def s{n}(self):\n        self.a{n % 50} = {n}\n"
        f"        print(self.a{(n - 1) % 50})\n        self.next(self.s{n + 1})\n\n"
        for n in range(1, steps)
    )
    return (
        "from metaflow import FlowSpec, step\n\n\nclass LongFlow(FlowSpec):\n"
        "    @step\n    def start(self):\n        self.a0 = 0\n        self.next(self.s1)\n\n"
        f"{body}    @step\n    def s{steps}(self):\n        self.next(self.end)\n\n"
        "    @step\n    def end(self):\n        pass\n"
    )


def nested_flow(depth):
    lines = ["from metaflow import FlowSpec, step", "", "", "class NestedFlow(FlowSpec):"]

    def add(name, body, arguments="self"):
        lines.extend(["    @step", f"    def {name}({arguments}):", *body, ""])

    add("start", ["        self.next(self.a0, self.b0)"])
    for n in range(depth):
        following = f"self.a{n + 1}, self.b{n + 1}" if n < depth - 1 else f"self.join{n}"
        add(f"a{n}", [f"        self.x{n} = {n}", f"        self.next({following})"])
        add(f"b{n}", [f"        self.next(self.join{n})"])
        after = f"self.join{n - 1}" if n else "self.end"
        merge = "        self.merge_artifacts(inputs)"
        add(f"join{n}", [merge, f"        self.next({after})"], "self, inputs")
    add("end", ["        print(self.x0)"])
    return "\n".join(lines)


def seconds(text):
    module = module_of(text, ImportResolver())
    (flow,) = module.flows
    began = time.process_time()
    found = data_flow(flow)
    took = time.process_time() - began
    assert found.is_known
    return took


@pytest.mark.parametrize(("make", "small", "large"), [(long_flow, 75, 300), (nested_flow, 6, 24)])
def test_the_time_grows_with_the_flow(make, small, large):
    least = min(seconds(make(small)) for _ in range(3))
    most = min(seconds(make(large)) for _ in range(3))
    assert most < 12 * least
    assert most < 2
