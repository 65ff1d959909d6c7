"""Cycles in a flow's graph, and steps that no way leads to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from lint_rules.analysis.step_graph.nodes import StepGraph
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.diagnostics.diagnostic import Related

MOST_WITH_OTHERS = 20
"""For how many unreachable steps the steps after them are looked for."""


def cycles(graph: StepGraph) -> Iterator[Problem]:
    """One problem for each group of steps that lead back to each other.

    Goes through the steps as Metaflow does, so that the first cycle found is the one that it names.
    """
    groups = _groups(graph)
    reported: set[int] = set()
    done: set[str] = set()
    for start in graph.nodes:
        # Metaflow does not count the step that it begins with as seen.
        path: list[str] = []
        on_path: set[str] = set()
        waiting = [iter(graph.onward(start))]
        while waiting:
            target = next(waiting[-1], None)
            if target is None:
                waiting.pop()
                if path:
                    on_path.discard(path[-1])
                    done.add(path.pop())
            elif target in on_path:
                if groups[target] not in reported:
                    reported.add(groups[target])
                    yield _cycle(graph, [*path[path.index(target) :], target])
            elif target not in done:
                path.append(target)
                on_path.add(target)
                waiting.append(iter(graph.onward(target)))


def _cycle(graph: StepGraph, way: list[str]) -> Problem:
    source, target = way[-2], way[-1]
    kind = "itself" if source == target else "cycle"
    others = (
        Related(graph.place_of(one, two), f"`{one}` leads to `{two}`")
        for one, two in pairwise(way[:-1])
    )
    place = graph.place_of(source, target)
    return Problem("MF811", kind, source, place, (source, target), tuple(way), tuple(others))


def _groups(graph: StepGraph) -> dict[str, int]:
    """The number of the group of each step: steps of one group lead to each other (Tarjan)."""
    numbers: dict[str, int] = {}
    lowest: dict[str, int] = {}
    group: dict[str, int] = {}
    held: list[str] = []
    for root in graph.nodes:
        if root in numbers:
            continue
        numbers[root] = lowest[root] = len(numbers)
        held.append(root)
        waiting = [(root, iter(graph.onward(root)))]
        while waiting:
            name, targets = waiting[-1]
            target = next(targets, None)
            if target is None:
                waiting.pop()
                if waiting:
                    above = waiting[-1][0]
                    lowest[above] = min(lowest[above], lowest[name])
                if lowest[name] == numbers[name]:
                    while name not in group:
                        group[held.pop()] = numbers[name]
            elif target not in numbers:
                numbers[target] = lowest[target] = len(numbers)
                held.append(target)
                waiting.append((target, iter(graph.onward(target))))
            elif target not in group:
                lowest[name] = min(lowest[name], numbers[target])
    return group


def unreachable(graph: StepGraph) -> Iterator[Problem]:
    """The steps that no way leads to from the start; those behind one of them are named with it."""
    if graph.start is None:
        return
    reached = reached_from(graph, graph.start)
    left = [name for name in graph.nodes if name not in reached]
    entered = {target for name in left for target in graph.onward(name) if target != name}
    first = [name for name in left if name not in entered]
    for name in first:
        behind = reached_from(graph, name) if len(first) <= MOST_WITH_OTHERS else set()
        others = tuple(
            Related(graph.nodes[other].location, f"`{other}` comes after it")
            for other in sorted(behind - {name} - reached)
        )
        place = graph.nodes[name].location
        yield Problem("MF810", "unreachable", name, place, (name, graph.start), related=others)


def reached_from(graph: StepGraph, start: str) -> set[str]:
    """The steps that a way leads to from one, itself included."""
    seen = {start}
    waiting = [start]
    while waiting:
        for target in graph.onward(waiting.pop()):
            if target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen
