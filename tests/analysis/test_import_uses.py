"""Which code uses an imported name."""

import pytest

from lint_rules.analysis.import_uses import use_of
from tests.analysis.modules import module_of

FLOW = """\
from metaflow import FlowSpec, step
import numpy as np


{helper}


class Topics(FlowSpec):
    {attribute}

    @step
    def start(self):
        {start}

    @step
    def end(self):
        {end}
"""


def use(helper="", attribute="pass", start="pass", end="pass"):
    module = module_of(FLOW.format(helper=helper, attribute=attribute, start=start, end=end))
    return use_of(module.imports[1].names[0], module)


@pytest.mark.parametrize("code", ["np.zeros(3)", "print(np)", "[np for _ in []]", "lambda: np.x"])
def test_steps_use_it(code):
    found = use(start=code, end=code)
    assert [step.name for step in found.steps] == ["start", "end"]
    assert found.is_only_in_steps


@pytest.mark.parametrize("code", ["np = 1; print(np)", "[np for np in []]", "import numpy as np"])
def test_another_name_is_meant(code):
    assert use(start=code).steps == ()


@pytest.mark.parametrize(
    "code",
    [
        {"helper": "ZERO = np.zeros(3)"},
        {"helper": "def zeros():\n    return np.zeros(3)"},
        {"helper": "def zeros(a=np.zeros(3)):\n    pass"},
        {"attribute": "kind = np.int64"},
        {"attribute": "def helper(self):\n        return np.zeros(3)"},
    ],
)
def test_other_code_uses_it_too(code):
    found = use(start="np.ones(3)", **code)
    assert found.elsewhere
    assert not found.is_only_in_steps
