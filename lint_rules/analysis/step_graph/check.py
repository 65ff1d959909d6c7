"""Everything that Metaflow refuses in a flow's graph, without what follows from something else.

Metaflow stops at the first thing it finds. Here a fault is reported once and then taken as
corrected, or what rests on it is left out: an unknown step does not make the steps after it
unreachable, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lint_rules.analysis.step_graph.balance import balance_problems, foreach_and_switch_problems
from lint_rules.analysis.step_graph.build import build
from lint_rules.analysis.step_graph.nodes import Next, Node, StepGraph, Steps
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.analysis.step_graph.roles import role_problems, start_problems
from lint_rules.analysis.step_graph.single import (
    argument_problems,
    follower,
    name_problems,
    next_problems,
    parallel_problems,
)
from lint_rules.analysis.step_graph.undecorated import with_undecorated
from lint_rules.analysis.step_graph.ways import cycles, unreachable
from lint_rules.diagnostics.diagnostic import Related
from lint_rules.model.flow import Flow


def step_problems(steps: Steps) -> Iterator[Problem]:
    """What is wrong in single steps, whatever flow they become a part of."""
    yield from _shadowed(steps)
    graph = build(steps.nodes)
    for node in _readable(graph):
        yield from name_problems(node)
        if node.arguments > 2 or node.arguments == 0:
            yield from argument_problems(node, graph)
        if node.next is not None and node.next.fault and node.name != graph.end:
            yield from next_problems(node, graph)


def flow_problems(flow: Flow, given: Steps) -> Iterator[Problem]:
    """What is wrong in a flow, in Metaflow's order as far as it has one."""
    yield from _shadowed(given)
    steps = with_undecorated(given)
    added = [node for node in steps.nodes.values() if not node.is_decorated]
    for node in added:
        code, kind = ("MF820", "step") if node.next else ("MF804", "undecorated-end")
        related = tuple(_leading_to(node.name, steps))
        names = (node.name,)
        yield Problem(code, kind, node.name, node.location, names, (), related, node.function)
    if added and not any(_refused(flow, given)):
        # Metaflow takes the flow without these methods, so that nothing is wrong with the rest.
        return
    yield from _refused(flow, steps)


def _leading_to(name: str, steps: Steps) -> Iterator[Related]:
    """Where steps name one as their next."""
    for node in steps.nodes.values():
        for target in node.next.targets if node.next else ():
            if target.name == name:
                yield Related(target.location, f"`{node.name}` leads to it")


def _refused(flow: Flow, steps: Steps) -> Iterator[Problem]:
    graph = build(steps.nodes)
    roles = list(role_problems(steps, graph, flow.location))
    yield from roles
    excused = {problem.step for problem in roles if problem.kind == "no-end-but"}
    excused |= {n for p in roles if p.kind.startswith("ambiguous") for n in p.names}
    missing = _missing_roles(roles)
    back = list(start_problems(graph))
    yield from back
    after = follower(graph)
    for node in _readable(graph):
        yield from name_problems(node)
        yield from argument_problems(node, graph)
        if node.name not in excused:
            yield from next_problems(node, graph, after)
    unknown = list(_unknown(graph, steps, missing))
    yield from unknown
    yield from _of_graph(graph, is_whole=not (roles or back or unknown))


def _of_graph(graph: StepGraph, is_whole: bool) -> Iterator[Problem]:
    """What is wrong with the ways through the graph."""
    repaired = _repaired(graph)
    found = list(cycles(repaired))
    yield from (problem for problem in found if graph.start not in problem.way)
    if found or not is_whole or not all(_goes_on(node, graph) for node in _all(graph)):
        return
    graph = repaired
    orphans = list(unreachable(graph))
    yield from orphans
    if any(node.arguments == 2 and graph.kinds[node.name] != "join" for node in _all(graph)):
        return
    shapes = list(foreach_and_switch_problems(graph))
    yield from shapes
    for problem in balance_problems(graph, shapes):
        # A way from an unreachable step may be what a split or join lacks, and a step with too
        # many arguments may be no join.
        is_crowded = graph.nodes[problem.step].arguments > 2
        if problem.kind == "meets" or not (orphans or is_crowded):
            yield problem
    yield from parallel_problems(graph)


def _all(graph: StepGraph) -> list[Node]:
    return list(graph.nodes.values())


def _readable(graph: StepGraph) -> list[Node]:
    """The steps whose methods are what is called."""
    return [node for node in graph.nodes.values() if not node.is_opaque]


def _missing_roles(roles: list[Problem]) -> set[str]:
    """`start` and `end`, where there is no step of the name and one is missed."""
    return {
        role
        for role in ("start", "end")
        for problem in roles
        if problem.kind in (f"no-{role}", f"no-{role}-but", f"undecorated-{role}")
    }


def _unknown(graph: StepGraph, steps: Steps, missing: set[str]) -> Iterator[Problem]:
    """The steps named in transitions that the flow does not have."""
    for node in _readable(graph):
        if node.name == graph.end:
            continue
        for following in filter(None, (node.next, *node.inner)):
            for target in following.targets:
                if target.name in graph.nodes or target.name in missing:
                    continue
                kind = "method" if target.name in steps.methods else "unknown"
                names = (node.name, target.name, *graph.nodes)
                related: tuple[Related, ...] = ()
                if kind == "method":
                    place = steps.methods[target.name][1].name_location
                    related = (Related(place, f"`{target.name}` has no `@step`"),)
                yield Problem("MF802", kind, node.name, target.location, names, (), related)


def _goes_on(node: Node, graph: StepGraph) -> bool:
    """Whether all is known that leads on from a step."""
    if node.is_opaque:
        return False
    if node.name == graph.end:
        return node.next is None and node.arguments < 2
    following = node.next or _only(node)
    return (
        following is not None
        and following.kind is not None
        and all(target.name in graph.nodes for target in following.targets)
    )


def _only(node: Node) -> Next | None:
    """The one transition of a step whose last statement is none."""
    ways = {(n.kind, tuple(t.name for t in n.targets)): n for n in node.inner}
    return next(iter(ways.values())) if len(ways) == 1 else None


def _repaired(graph: StepGraph) -> StepGraph:
    """The graph with transitions to unknown steps left out, and what is not last taken as last."""
    nodes = {}
    for name, node in graph.nodes.items():
        following = None if name == graph.end or node.is_opaque else node.next or _only(node)
        if following is not None:
            targets = tuple(t for t in following.targets if t.name in graph.nodes)
            following = replace(following, targets=targets)
        nodes[name] = replace(node, next=following)
    return build(nodes)


def _shadowed(steps: Steps) -> Iterator[Problem]:
    for first, second in steps.shadowed:
        also = Related(second.name_location, f"`{second.name}` is defined again")
        yield Problem(
            "MF821", "twice", first.name, first.name_location, (first.name,), related=(also,)
        )
