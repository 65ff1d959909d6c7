"""What a merge could leave out, so that its join does not fail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lint_rules.analysis.data_flow.flow_states import FlowDataFlow
from lint_rules.analysis.data_flow.joins import Conflict
from lint_rules.analysis.data_flow.records import Merge
from lint_rules.diagnostics.diagnostic import AddItem, Edit
from lint_rules.model.code import Collection, Constant
from lint_rules.model.graph import Graph

CATCH_EXCEPTION = "_catch_exception"


def excluded_names(several: Sequence[Conflict]) -> list[str]:
    """The artifacts that a merge has to leave out, so that none of some conflicts is left."""
    names = [conflict.name for conflict in several]
    if any(conflict.kind == "catch" for conflict in several):
        names.append(CATCH_EXCEPTION)
    return list(dict.fromkeys(names))


def is_needed(found: FlowDataFlow, merge: Merge, names: Iterable[str]) -> bool:
    """Whether the join, or a step after it, may read one of some artifacts that it merges."""
    wanted = set(names)
    for step in _from(found.graph, merge.step):
        after, records = found.states.after.get(step), found.records.get(step)
        if records is None:
            continue
        if after is None or after.rest.present:
            return True
        read = {one.name for one in records.reads.values()}
        read |= {one.name for one in records.input_reads.values()}
        if read & wanted:
            return True
    return False


def _from(graph: Graph, start: str) -> set[str]:
    """A step, and all that can run after it."""
    found, waiting = {start}, [start]
    while waiting:
        for edge in graph.nodes[waiting.pop()].after:
            if edge.target in graph.nodes and edge.target not in found:
                found.add(edge.target)
                waiting.append(edge.target)
    return found


def exclude(merge: Merge, names: Sequence[str]) -> list[Edit] | None:
    """The edits with which a merge leaves artifacts out, `None` if it takes named ones."""
    call = merge.call
    if call.has_unpacking or call.named("include") or len(call.arguments) not in (1, 2):
        return None
    given = call.named("exclude")
    if given is None:
        if len(call.arguments) > 1:
            return None
        listed = ", ".join(f'"{name}"' for name in names)
        return [AddItem(call.arguments[0].location, f"exclude=[{listed}]")]
    written = given.value
    if not isinstance(written, Collection) or written.kind != "list" or not written.items:
        return None
    there = {item.value for item in written.items if isinstance(item, Constant)}
    new = ", ".join(f'"{name}"' for name in names if name not in there)
    return [AddItem(written.items[-1].location, new)]
