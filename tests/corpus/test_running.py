"""Metaflow's tutorials run: the rules on the graph have nothing to say of them.

`make running CHECKOUT=…` checks the flows of Metaflow's own test suite.
"""

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from tests.corpus.running import wrong


def test_tutorials_run(tutorial):
    assert wrong(tutorial, Linter(all_rules())) == []
