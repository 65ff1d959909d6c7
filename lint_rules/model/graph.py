"""A flow's graph, as Metaflow reads it from the steps' transitions: plain data.

Metaflow keeps the splits that a step stands in as a stack (`metaflow/graph.py`): a split or foreach
puts itself on it, a join takes the top one off, a switch leaves it as it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from lint_rules.model.step import Case, Step

if TYPE_CHECKING:
    from lint_rules.model.flow import Flow

OPENING = ("split", "foreach", "parallel")
"""The kinds of transitions that a join must close."""

Stack: TypeAlias = tuple[tuple[str, str], ...]
"""The splits that are open at a step, each with the first step of the branch taken."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one step to the next.

    Attributes:
        source: the name of the step it leaves.
        target: the name of the step it leads to.
        kind: that of the transition: `linear`, `split`, `foreach`, `parallel` or `switch`.
        case: the case of a switch that leads here, if it is written as a literal.
    """

    source: str
    target: str
    kind: str
    case: Case | None = None


@dataclass(slots=True, eq=False)
class Node:
    """A step in the graph.

    Attributes:
        step: the step.
        after: the edges that leave it.
        before: the edges that lead to it.
        is_reached: whether there is a way to it from the start.
        closes: of a join, the name of the step whose split it closes, if that is certain.
    """

    step: Step
    after: tuple[Edge, ...]
    before: tuple[Edge, ...] = ()
    is_reached: bool = False
    closes: str | None = None

    @property
    def name(self) -> str:
        """The step's name."""
        return self.step.name

    @property
    def is_join(self) -> bool:
        """Whether the step takes inputs."""
        return self.step.inputs is not None

    @property
    def kind(self) -> str:
        """What the step's transition is; `end` where there is none."""
        return self.after[0].kind if self.after else "end"


@dataclass(frozen=True, eq=False)
class Graph:
    """The steps of a flow, inherited ones too, and how they follow each other.

    Attributes:
        nodes: the steps by name: those reached from the start in the order of a walk from there,
            then the others.
        start: the name of the step that the flow begins with, `None` if there is no such step
            or more than one.
        is_complete: whether nothing is missing or hidden: there is one start, each other step that
            is not the end goes on, and all that are named exist.
    """

    nodes: dict[str, Node]
    start: str | None
    is_complete: bool

    @property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, in the order of the steps they leave."""
        return tuple(edge for node in self.nodes.values() for edge in node.after)

    @property
    def reached(self) -> tuple[Node, ...]:
        """The steps that there is a way to from the start."""
        return tuple(node for node in self.nodes.values() if node.is_reached)


def graph_of(flow: Flow) -> Graph:
    """The graph of a flow's own and inherited steps."""
    nodes = {name: Node(step, _edges(step)) for name, step in flow.all_steps.items()}
    for node in nodes.values():
        for edge in node.after:
            if edge.target in nodes:
                nodes[edge.target].before += (edge,)
    starts = [name for name, node in nodes.items() if node.step.is_start]
    start = starts[0] if len(starts) == 1 else None
    order = _walk(nodes, start) if start else []
    ordered = {name: nodes[name] for name in order}
    complete = start is not None and all(_goes_on(node, nodes) for node in nodes.values())
    return Graph({**ordered, **nodes}, start, complete)


def _edges(step: Step) -> tuple[Edge, ...]:
    edges = (
        Edge(step.name, name, transition.kind, case)
        for transition in step.transitions
        for name, case in zip(transition.target_names, transition.cases, strict=True)
    )
    # An early exit may go on to the same step.
    return tuple(dict.fromkeys(edges))


def _goes_on(node: Node, nodes: dict[str, Node]) -> bool:
    """Whether all that a step goes on to is known."""
    transitions = node.step.transitions
    if not transitions:
        return node.step.is_end
    return all(t.is_plain for t in transitions) and all(e.target in nodes for e in node.after)


def _walk(nodes: dict[str, Node], start: str) -> list[str]:
    """Walks from the start, notes what is reached and closed, and returns the order.

    Of a step that is reached with several stacks only the first is followed: in a graph that
    Metaflow accepts they are the same, but for the branch that a join closes.
    """
    stacks: dict[str, Stack] = {start: ()}
    unclear: set[str] = set()
    order = [start]
    for name in order:
        node = nodes[name]
        node.is_reached = True
        stack = stacks[name]
        if node.is_join and stack:
            node.closes = stack[-1][0]
            stack = stack[:-1]
        for edge in node.after:
            target = nodes.get(edge.target)
            if target is None:
                continue
            given = (*stack, (name, edge.target)) if edge.kind in OPENING else stack
            known = stacks.get(edge.target)
            if known is None:
                stacks[edge.target] = given
                order.append(edge.target)
            elif target.is_join and _splits(given) != _splits(known):
                unclear.add(edge.target)
    for name in unclear:
        nodes[name].closes = None
    return order


def _splits(stack: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(split for split, _ in stack)
