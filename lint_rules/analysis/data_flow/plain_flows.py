"""Flows whose artifacts need no data flow: a quick look shows that nothing is wrong with them.

Most steps only read what the steps before always set, most joins only what all their inputs have,
and many foreaches go over a list that is written out. To see that takes a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.analysis.data_flow.code import FLOW_SPEC, bound
from lint_rules.analysis.data_flow.flow_states import FlowDataFlow, data_flow
from lint_rules.analysis.data_flow.foreaches import MOST_SPLITS
from lint_rules.analysis.data_flow.frame import Open
from lint_rules.analysis.data_flow.open_foreaches import open_foreaches
from lint_rules.analysis.data_flow.plain_code import (
    reads_only,
    reads_only_of_inputs,
    set_on_the_way,
)
from lint_rules.analysis.data_flow.steps import catch_of
from lint_rules.analysis.in_place import changes
from lint_rules.model.code import Collection, Function, Starred
from lint_rules.model.flow import Flow
from lint_rules.model.graph import Node
from lint_rules.model.memoize import remembered
from lint_rules.model.step import assigned

_ASKED = frozenset({"input", "index", "foreach_stack", "merge_artifacts"})
_PLAIN = FLOW_SPEC - _ASKED
_KINDS = frozenset({"linear", "split", "foreach", "end"})


def doubtful(flow: Flow, ignored: Iterable[str] = ()) -> FlowDataFlow | None:
    """The data flow of a flow, `None` if a quick look shows that no artifact is missing, merged
    or decides a way, and that each foreach has its list.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    return None if is_plain(flow) else data_flow(flow, ignored)


@remembered
def is_plain(flow: Flow) -> bool:
    """Whether each step of a flow is reached in one way, and only reads what is certainly there."""
    graph = flow.graph
    if not graph.is_complete or not all(_is_plain_node(node) for node in graph.nodes.values()):
        return False
    steps = {node.step.function for node in graph.nodes.values()}
    of_classes = _of_classes(flow)
    helpers = [f for owner in flow.classes for f in owner.functions if f not in steps]
    if not all(reads_only(helper, of_classes, {}) for helper in helpers):
        return False
    opened = open_foreaches(flow)
    return opened is not None and _Walk(flow, of_classes, opened).is_plain()


def _is_plain_node(node: Node) -> bool:
    """Whether one way leads to a step, or several to a join, and it always goes on the same way."""
    is_one_way = len(node.step.transitions) <= 1 and (node.is_join or len(node.before) <= 1)
    return node.is_reached and node.kind in _KINDS and is_one_way


def _of_classes(flow: Flow) -> set[str]:
    """What each task has of the flow's classes."""
    found = set(_PLAIN)
    for owner in flow.classes:
        found |= bound(owner)
        found |= {function.name for function in owner.functions}
    return found | {parameter.attribute for parameter in flow.all_parameters}


class _Walk:
    """A walk through the steps, each after those that lead to it.

    Args:
        flow: the flow.
        of_classes: what each task has of the flow's classes.
        opened: by steps, the foreaches that are open there.
    """

    def __init__(
        self, flow: Flow, of_classes: set[str], opened: dict[str, tuple[Open, ...]]
    ) -> None:
        self._nodes = flow.graph.nodes
        self._steps = {node.step.function for node in self._nodes.values()}
        self._functions = [f for owner in flow.classes for f in owner.functions]
        self._of_classes = of_classes
        self._opened = opened
        self._after: dict[str, set[str]] = {}

    def is_plain(self) -> bool:
        """Whether nothing is wrong with any step."""
        waiting = list(self._nodes.values())
        while waiting:
            ready = [n for n in waiting if all(e.source in self._after for e in n.before)]
            if not ready or not all(self._is_plain_step(node) for node in ready):
                return False
            waiting = [node for node in waiting if node.name not in self._after]
        return True

    def _is_plain_step(self, node: Node) -> bool:
        """Whether nothing is wrong with a step; notes what it certainly hands on."""
        function = node.step.function
        there = self._of_classes
        if not node.is_join:
            there = there.union(*(self._after[edge.source] for edge in node.before))
        own = set_on_the_way(node.step)
        catch = catch_of(node.step)
        caught = {catch.var} if catch is not None and catch.var is not None else set()
        self._after[node.name] = there | own.keys() | caught
        if not reads_only(function, there | set(self._of_foreach(node, there)), own):
            return False
        if node.step.inputs is not None:
            branches = {edge.source: self._after[edge.source] for edge in node.before}
            opening = self._nodes.get(node.closes or "")
            is_foreach = opening is None or opening.kind == "foreach"
            inputs = node.step.inputs
            if not reads_only_of_inputs(function, inputs, branches, is_foreach=is_foreach):
                return False
        return node.kind != "foreach" or self._goes_over_a_list(node, there, own)

    def _of_foreach(self, node: Node, there: set[str]) -> Iterator[str]:
        """What a task has of the foreach that it is in: `self.index`, and `self.input` if the list
        is still there and nothing inside the foreach names it."""
        opened = self._opened.get(node.name, ())
        if not opened:
            return
        yield "index"
        foreach, name = opened[-1].step, opened[-1].name
        inside = (n for n, around in self._opened.items() if any(o.step == foreach for o in around))
        functions = [self._nodes[n].step.function for n in inside]
        functions += [f for f in self._functions if f not in self._steps]
        if name in there and not any(_names(function, name) for function in functions):
            yield "input"

    def _goes_over_a_list(self, node: Node, there: set[str], own: dict[str, int]) -> bool:
        """Whether the list of a foreach is there and written out, and of a length that may be."""
        (transition,) = node.step.transitions
        decided_by = transition.decided_by
        name = decided_by.text if decided_by is not None else None
        if name is None or name in self._of_classes:
            return False
        if name not in there and own.get(name, transition.call.start) >= transition.call.start:
            return False
        for function in self._functions:
            for artifact in assigned(function):
                if artifact.name == name:
                    value = artifact.value
                    if not isinstance(value, Collection) or not 0 < len(value.items) <= MOST_SPLITS:
                        return False
                    if any(isinstance(item, Starred) for item in value.items):
                        return False
            if any(change.name == name for change in changes(function)):
                return False
        return True


def _names(function: Function, artifact: str) -> bool:
    """Whether a function names an artifact."""
    name = f"{function.self_name}.{artifact}"
    return any(
        reference.name == name or reference.name.startswith(f"{name}.")
        for reference in function.descendants.names
    )
