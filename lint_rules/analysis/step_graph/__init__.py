"""Metaflow's own check of a flow's graph (`metaflow/graph.py`, `metaflow/lint.py`), statically.

`collect` reads the steps of a flow into nodes, `flow_problems` finds everything in them that
Metaflow refuses, and `problems` says which of that a file's rules report of which flow.
"""

from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.analysis.step_graph.reported import is_replaced, problems

__all__ = ["Problem", "is_replaced", "problems"]
