"""Which decorators do not fit each other, or their step."""

import pytest

from lint_rules.analysis.decorator_conflicts import excluding, repeated, unsupported
from lint_rules.analysis.decorators import applied
from lint_rules.metaflow import facts
from tests.analysis.modules import module_of

FLOW = """\
from metaflow import FlowSpec, batch, card, catch, kubernetes, parallel, retry, step


class Topics(FlowSpec):
    {decorators}
    @step
    def start(self{inputs}):
        self.next({targets})

    @step
    def end(self):
        pass
"""


def found(*decorators, targets="self.end", inputs=""):
    text = FLOW.format(decorators="\n    ".join(decorators), targets=targets, inputs=inputs)
    (flow,) = module_of(text).flows
    step = flow.steps[0]
    return step, applied(step.function, flow.module, facts())


@pytest.mark.parametrize(
    ("decorators", "names"),
    [
        (["@retry", "@retry"], ["retry"]),
        (["@retry", "@catch", "@retry(times=2)", "@retry"], ["retry", "retry"]),
        (["@card(id='a')", "@card(id='b')"], []),
        (["@retry", "@catch"], []),
    ],
)
def test_some_decorators_may_stand_once(decorators, names):
    _, all_ = found(*decorators)
    pairs = [*repeated(all_)]
    assert [one.name for one, _ in pairs] == names
    assert all(other is all_[-1] for _, other in pairs)


def test_some_decorators_exclude_each_other():
    _, all_ = found("@batch", "@kubernetes", "@retry")
    assert [(a.name, b.name) for a, b in excluding(all_, [], facts())] == [("batch", "kubernetes")]
    batch, others = all_[:1], all_[1:]
    assert [(a.name, b.name) for a, b in excluding(others, batch, facts())] == [
        ("batch", "kubernetes")
    ]


@pytest.mark.parametrize(
    ("targets", "kinds"),
    [
        ("self.end, foreach='papers'", ["foreach"]),
        ("self.end", []),
        ("self.end, self.start", []),
    ],
)
def test_some_decorators_do_not_support_a_kind_of_step(targets, kinds):
    step, all_ = found("@catch", "@retry", targets=targets)
    assert [(one.name, kind) for one, kind in unsupported(step, all_)] == [
        ("catch", kind) for kind in kinds
    ]
