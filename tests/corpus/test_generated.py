"""The properties on flows made by chance; some are compared with what Metaflow itself reads.

`make fuzz` looks longer and further. `HYPOTHESIS_PROFILE=long` makes these many more.
"""

import importlib.util
import os
import sys
import tempfile
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings

from lint_rules.diagnostics.diagnostic import Safety
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import decoded
from tests.corpus.generated import flows, layouts
from tests.corpus.meaning import compiles, meaning
from tests.corpus.properties import fixed, problems_in

MANY = 2000 if os.environ.get("HYPOTHESIS_PROFILE") == "long" else 60
# The same flows on every run of the gate: a failure is seen by whoever caused it.
CALM = settings(
    deadline=None,
    derandomize=MANY == 60,
    max_examples=MANY,
    suppress_health_check=list(HealthCheck),
)
NUMBERS = count()

pytestmark = pytest.mark.slow


@CALM
@given(content=layouts())
def test_any_flow_is_read_and_fixed_without_harm(content):
    # Away from this repository, whose files would count as those of the flow's project.
    path = Path(tempfile.gettempdir(), "nowhere", "flow.py")
    found = list(problems_in(path, content, Linter(all_rules())))
    assert not [line for line in found if "Python may read it" not in line]


def test_the_measure_tells_what_fixes_may_change_from_what_they_may_not():
    flow = 'import os\n@b\n@a\nclass X:\n    "Doc."\n    def f(self):\n        return 1\n'
    moved = flow.replace("import os\n", "").replace("return", "import os\n        return")
    assert meaning(moved.replace("@b\n@a", "@a\n@b")) == meaning(flow)
    for old, new in (("1", "2"), ("Doc", "Dog"), ("@a\n", ""), ("(self)", "(this)")):
        assert meaning(flow.replace(old, new)) != meaning(flow)


def as_metaflow_sees(text, folder):
    """Steps, transitions, parameters and decorators of a flow as Metaflow itself reads them."""
    name = f"generated{next(NUMBERS)}"
    file = folder / f"{name}.py"
    file.write_text(text, encoding="utf-8")
    spec = importlib.util.spec_from_file_location(name, file)
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        flow = module.ArxivTopics
        graph = {
            node.name: (node.type, node.out_funcs, sorted(d.name for d in node.decorators))
            for node in flow._graph
        }
        parameters = {p.name for _, p in flow._get_parameters()} - {"test-mode"}
    finally:
        # Later tests would take it for a part of this environment.
        del sys.modules[name]
    return graph, parameters


@settings(CALM, max_examples=MANY // 4)
@given(text=flows())
def test_metaflow_sees_the_same_flow_before_and_after(text, tmp_path_factory):
    assume(compiles(text))
    folder = tmp_path_factory.mktemp("flows")
    linter = Linter(all_rules())
    source = decoded(folder / "flow.py", text.encode(), linter.snapshot)
    (after,) = fixed(source, linter, {Safety.SAFE}).sources
    before = as_metaflow_sees(text, folder)
    assert as_metaflow_sees(after.text, folder) == before
    assert set(before[0]) >= {"start", "end"}
