"""Problems of splits and joins, in the words of rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

from lint_rules.analysis.step_graph.joins import Event, events
from lint_rules.analysis.step_graph.nodes import StepGraph
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.diagnostics.diagnostic import Related


def foreach_and_switch_problems(graph: StepGraph) -> Iterator[Problem]:
    """A foreach or a switch that goes straight into a join."""
    for name, node in graph.nodes.items():
        kind = graph.kinds[name]
        if kind not in ("foreach", "switch"):
            continue
        for target in dict.fromkeys(graph.onward(name)):
            if graph.kinds[target] == "join":
                names = (name, target)
                also = Related(graph.nodes[target].location, f"`{target}` is a join")
                place = node.exit
                yield Problem("MF813", f"{kind}-join", name, place, names, related=(also,))


def balance_problems(graph: StepGraph, known: Iterable[Problem]) -> Iterator[Problem]:
    """Splits that are not joined, and joins that close no split, but those of known problems."""
    known = list(known)
    joins = {problem.names[1] for problem in known}
    splits = {problem.step for problem in known if problem.kind == "foreach-join"}
    for event in events(graph):
        if event.split in splits or (event.step in joins and event.kind != "end"):
            continue
        yield _problem(event, graph)


def _problem(event: Event, graph: StepGraph) -> Problem:
    if event.kind == "end":
        return _unjoined(event, graph)
    place = graph.nodes[event.step].location
    if event.kind == "no-split":
        return _without_split(event, graph)
    leading = [Related(graph.place_of(n, event.step), f"`{n}` leads to it") for n in event.others]
    if event.kind == "unrelated":
        names = (event.step, *event.others[:2])
        return Problem("MF812", "unrelated", event.step, place, names, event.way, tuple(leading))
    split = event.split or ""
    related = [Related(graph.nodes[split].exit, f"`{split}` splits here")]
    related += [
        Related(graph.nodes[n].location, f"`{n}` does not lead to it") for n in event.wanted
    ]
    kind = "some-branches" if event.wanted else "other-branches"
    names = (event.step, split, ", ".join(f"`{name}`" for name in event.wanted or event.others))
    return Problem("MF812", kind, event.step, place, names, event.way, (*related, *leading))


def _without_split(event: Event, graph: StepGraph) -> Problem:
    """A join where no split is open: often of the cases of a switch, which need none."""
    related = []
    source = event.way[-2] if len(event.way) > 1 else ""
    if source:
        related.append(Related(graph.place_of(source, event.step), f"`{source}` leads to it"))
    switches = [name for name in event.way[:-1] if graph.kinds[name] == "switch"]
    kind = "no-split"
    if switches and len(graph.before()[event.step]) > 1:
        kind = "switch-cases"
        related.append(Related(graph.nodes[switches[-1]].exit, f"the switch in `{switches[-1]}`"))
    names = (event.step, *switches[-1:])
    place = graph.nodes[event.step].location
    return Problem("MF812", kind, event.step, place, names, event.way, tuple(related))


def _unjoined(event: Event, graph: StepGraph) -> Problem:
    """A split that runs into the end, or whose branches meet in a step that takes no inputs."""
    split = event.split or ""
    opened = Related(graph.nodes[split].exit, f"`{split}` splits here")
    end = Related(graph.nodes[event.step].location, f"`{event.step}` is the end step")
    met = _meeting(graph, split, event.step) if graph.kinds[split] == "split" else None
    if met is not None:
        step, first, second = met
        place = graph.nodes[step].location
        names = (step, first, second)
        return Problem("MF803", "meets", step, place, names, event.way, (opened, end))
    last = event.way[-2] if len(event.way) > 1 else split
    place = graph.place_of(last, event.step)
    names = (split, event.step, "foreach" if graph.kinds[split] == "foreach" else "split")
    return Problem("MF812", "unjoined", last, place, names, event.way, (opened, end))


def _meeting(graph: StepGraph, split: str, end: str) -> tuple[str, str, str] | None:
    """The first step, no join and not the end, in which two branches of a split meet, and the
    steps of the two before it."""
    branch: dict[str, str] = {}
    came: dict[str, str] = {}
    waiting = deque((target, target, split) for target in graph.after[split])
    while waiting:
        name, taken, source = waiting.popleft()
        if name in branch:
            if branch[name] != taken and name != end and graph.kinds[name] != "join":
                return name, came[name], source
            continue
        branch[name], came[name] = taken, source
        waiting.extend((target, taken, name) for target in graph.onward(name))
    return None
