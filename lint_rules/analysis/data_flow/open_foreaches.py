"""Which foreaches are open at each step of a flow."""

from __future__ import annotations

from lint_rules.analysis.data_flow.frame import Open
from lint_rules.model.flow import Flow
from lint_rules.model.graph import OPENING, Node
from lint_rules.model.memoize import remembered


@remembered
def open_foreaches(flow: Flow) -> dict[str, tuple[Open, ...]] | None:
    """The foreaches that are open at each step, found along Metaflow's stacks of splits.

    `None` if splits and joins do not fit each other, so that Metaflow refuses the flow.
    """
    nodes = {node.name: node for node in flow.graph.reached}
    start = flow.graph.start or ""
    stacks: dict[str, tuple[Open, ...]] = {start: ()}
    waiting = [start]
    while waiting:
        node = nodes[waiting.pop()]
        stack = stacks[node.name]
        if node.is_join:
            if not stack:
                return None
            stack = stack[:-1]
        for edge in node.after:
            if edge.target not in nodes:
                return None
            given = (*stack, _opened(node)) if edge.kind in OPENING else stack
            if edge.target not in stacks:
                stacks[edge.target] = given
                waiting.append(edge.target)
            elif stacks[edge.target] != given or (
                edge.kind == "split" and not nodes[edge.target].is_join
            ):
                return None
        is_last = not node.after and stack
        if is_last:
            return None
    found = {}
    for name, stack in stacks.items():
        opened = stack[:-1] if nodes[name].is_join else stack
        found[name] = tuple(one for one in opened if one.is_foreach)
    return found


def _opened(node: Node) -> Open:
    if node.kind == "split":
        return Open(node.name, None, is_foreach=False)
    named = [t.decided_by for t in node.step.transitions if t.kind == "foreach"]
    return Open(node.name, named[0].text if len(named) == 1 and named[0] is not None else None)
