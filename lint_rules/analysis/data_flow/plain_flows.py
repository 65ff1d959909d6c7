"""Flows whose artifacts need no data flow: a quick look shows that nothing is wrong with them.

Most flows are a line of steps that only read what the steps before always set. To find that out
takes a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.analysis.data_flow.code import FLOW_SPEC, bound
from lint_rules.analysis.data_flow.flow_states import FlowDataFlow, data_flow
from lint_rules.model.code import Assignment, Delete, Function
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import assigned

_ASKED = frozenset({"input", "index", "foreach_stack", "merge_artifacts"})
_PLAIN = FLOW_SPEC - _ASKED


def doubtful(flow: Flow, ignored: Iterable[str] = ()) -> FlowDataFlow | None:
    """The data flow of a flow, `None` where a quick look shows that no artifact is missing, merged
    or decides a way.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    return None if is_plain(flow) else data_flow(flow, ignored)


@remembered
def is_plain(flow: Flow) -> bool:
    """Whether a flow is a line of steps, and each only reads what is certainly there."""
    if not flow.graph.is_complete:
        return False
    line = list(_line(flow))
    if len(line) != len(flow.graph.nodes):
        return False
    there = _of_classes(flow)
    steps = {node.step.function for node in flow.graph.nodes.values()}
    helpers = (f for owner in flow.classes for f in owner.functions if f not in steps)
    if not all(_reads_only(helper, there, {}) for helper in helpers):
        return False
    for function in line:
        own = _certainly_set(function)
        if not _reads_only(function, there, own):
            return False
        there |= own.keys()
    return True


def _line(flow: Flow) -> Iterator[Function]:
    """The steps from the start on, as long as exactly one follows."""
    name, seen = flow.graph.start, set()
    while name is not None and name in flow.graph.nodes and name not in seen:
        seen.add(name)
        node = flow.graph.nodes[name]
        yield node.step.function
        is_one = len(node.after) == 1 and node.kind == "linear" and not node.is_join
        name = node.after[0].target if is_one else None


def _of_classes(flow: Flow) -> set[str]:
    """What each task has of the flow's classes."""
    found = set(_PLAIN)
    for owner in flow.classes:
        found |= bound(owner)
        found |= {function.name for function in owner.functions}
    return found | {parameter.attribute for parameter in flow.all_parameters}


def _certainly_set(function: Function) -> dict[str, int]:
    """The artifacts that a function certainly sets, and from where on they are there."""
    found: dict[str, int] = {}
    for artifact in assigned(function):
        statement = artifact.statement
        is_plain = isinstance(statement, Assignment) and statement.operator == "="
        if is_plain and statement in function.body:
            found.setdefault(artifact.name, artifact.bound_from)
    return found


def _reads_only(function: Function, there: set[str], own: dict[str, int]) -> bool:
    """Whether a function reads nothing of the flow but what is there, or what it has set before."""
    changed: set[object] = set()
    for statement in function.statements:
        if isinstance(statement, Delete):
            return False
        if isinstance(statement, Assignment) and statement.operator != "=":
            changed.update(statement.targets)
    for reference in function.descendants.names:
        owner, _, path = reference.name.partition(".")
        if owner != function.self_name:
            continue
        name, _, further = path.partition(".")
        is_read = reference.context == "load" or bool(further) or reference in changed
        if not name:
            return False
        if is_read and name not in there and own.get(name, reference.start) >= reference.start:
            return False
    return True
