"""The first and the last step: missing, marked twice, or in the middle of the flow."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph.build import marked
from lint_rules.analysis.step_graph.nodes import StepGraph, Steps
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.analysis.step_graph.ways import reached_from
from lint_rules.diagnostics.diagnostic import Related
from lint_rules.model.code import Location


def role_problems(steps: Steps, graph: StepGraph, flow_place: Location) -> Iterator[Problem]:
    """What is wrong with the choice of a flow's start and end.

    Args:
        steps: the flow's steps and methods.
        graph: its graph.
        flow_place: the place of the flow's name.
    """
    for role, found in (("start", graph.start), ("end", graph.end)):
        names = marked(graph.nodes, role)
        if found is None and names:
            first, *others = names
            related = tuple(
                Related(graph.nodes[other].location, f"`{other}` is marked as the {role}, too")
                for other in others
            )
            place = graph.nodes[first].location
            yield Problem("MF804", f"two-{role}s", first, place, tuple(names), related=related)
        elif found is None and not steps.has_opaque:
            yield _missing(role, steps, graph, flow_place)
        elif found is not None and found != role and role in graph.nodes:
            node = graph.nodes[found]
            also = Related(graph.nodes[role].location, f"the step named `{role}`")
            names_of_both = (found, role)
            yield Problem(
                "MF804", f"ambiguous-{role}", found, node.location, names_of_both, related=(also,)
            )


def _missing(role: str, steps: Steps, graph: StepGraph, flow_place: Location) -> Problem:
    """A missing start or end, reported at the step that is most likely meant."""
    if role in steps.methods:
        place = steps.methods[role][1].name_location
        return Problem("MF804", f"undecorated-{role}", role, place, (role,))
    candidates = _firsts(graph) if role == "start" else _lasts(graph)
    related = tuple(
        Related(target.location, f"`{node.name}` leads to `{role}`")
        for node in graph.nodes.values()
        for target in (node.next.targets if node.next else ())
        if target.name == role
    )
    if len(candidates) == 1:
        (name,) = candidates
        place = graph.nodes[name].location
        return Problem("MF804", f"no-{role}-but", name, place, (name,), related=related)
    return Problem("MF804", f"no-{role}", "", flow_place, (), related=related)


def _firsts(graph: StepGraph) -> list[str]:
    """The steps that nothing leads to."""
    entered = {target for targets in graph.after.values() for target in targets}
    return [name for name in graph.nodes if name not in entered]


def _lasts(graph: StepGraph) -> list[str]:
    """The steps that never call `self.next`."""
    return [n for n, node in graph.nodes.items() if node.next is None and not node.inner]


def start_problems(graph: StepGraph) -> Iterator[Problem]:
    """Transitions that lead back to the start, from steps that the start leads to.

    Not from the end: that it goes on at all is reported.
    """
    start = graph.start
    if start is None or start == graph.end:
        return
    known = StepGraph(
        graph.nodes,
        graph.kinds,
        {name: tuple(t for t in after if t in graph.nodes) for name, after in graph.after.items()},
        graph.start,
        graph.end,
    )
    for name in sorted(reached_from(known, start)):
        if start in graph.after[name] and name != graph.end:
            also = Related(graph.nodes[start].location, f"`{start}` is the start step")
            place = graph.place_of(name, start)
            names = (name, start)
            yield Problem("MF805", "start-entered", name, place, names, related=(also,))
