"""Metaflow's tutorials run: the rules on the graph have nothing to say of them.

`make running CHECKOUT=…` checks the flows of Metaflow's own test suite.
"""

from pathlib import Path

import metaflow
import pytest

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from tests.corpus.running import wrong

TUTORIALS = sorted((Path(metaflow.__file__).parent / "tutorials").rglob("*.py"))


@pytest.mark.parametrize("path", TUTORIALS, ids=lambda path: path.name)
def test_tutorials_run(path):
    assert wrong(path, Linter(all_rules())) == []
