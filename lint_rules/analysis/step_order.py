"""Which steps come after which."""

from __future__ import annotations

from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered


@remembered
def later_steps(flow: Flow) -> dict[str, frozenset[str]]:
    """For each step, the names of those that a run may come to after it."""
    nodes = flow.graph.nodes
    found: dict[str, frozenset[str]] = {}
    for name in nodes:
        reached: set[str] = set()
        waiting = [edge.target for edge in nodes[name].after]
        while waiting:
            current = waiting.pop()
            if current not in reached and current in nodes:
                reached.add(current)
                waiting += [edge.target for edge in nodes[current].after]
        found[name] = frozenset(reached)
    return found
