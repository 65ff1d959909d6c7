"""Metaflow's graph of the steps: which is the first, which the last, and what each one is."""

from __future__ import annotations

from lint_rules.analysis.step_graph.nodes import Node, StepGraph


def build(nodes: dict[str, Node]) -> StepGraph:
    """The graph of steps, as `FlowGraph._identify_start_end` makes it."""
    start, end = chosen(nodes, "start"), chosen(nodes, "end")
    if len(nodes) == 1:
        (start,) = (end,) = nodes
    kinds = {name: _kind(node) for name, node in nodes.items()}
    if start and start != end and kinds[start] in (None, "linear"):
        kinds[start] = "start"
    if end:
        kinds[end] = "end"
    after = {
        name: tuple(target.name for target in node.next.targets) if node.next else ()
        for name, node in nodes.items()
    }
    return StepGraph(nodes, kinds, after, start, end)


def chosen(nodes: dict[str, Node], role: str) -> str | None:
    """The step that is the start (or the end) by its mark, else by its name."""
    found = marked(nodes, role)
    if found:
        return found[0] if len(found) == 1 else None
    return role if role in nodes else None


def marked(nodes: dict[str, Node], role: str) -> list[str]:
    """The steps with `@step(start=True)`, or `end`."""
    return [
        name for name, node in nodes.items() if (node.is_start if role == "start" else node.is_end)
    ]


def _kind(node: Node) -> str | None:
    if node.next is None:
        return None
    is_join = node.next.kind == "linear" and node.arguments > 1
    return "join" if is_join else node.next.kind
