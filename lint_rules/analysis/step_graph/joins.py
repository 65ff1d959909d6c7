"""Whether every split is joined, and every join closes one split (`check_split_join_balance`).

Metaflow follows every way from the start with a stack of open splits. Here each step is visited
once for each stack: in a graph that Metaflow accepts, all ways to a step have the same one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.step_graph.nodes import StepGraph
from lint_rules.analysis.step_graph.stacks import Chain, Lineage, Stack, Stacks, lineages

MOST_STACKS = 3
"""With how many stacks a step is visited: two that differ show that something is wrong."""


@dataclass(frozen=True, slots=True)
class Event:
    """Where a way through the graph does not fit.

    Attributes:
        kind: `end` (reached with an open split), `no-split` (a join with none), `branches` (a join
            of other branches than its split has) or `unrelated` (of branches of different splits).
        step: the join, or the end.
        split: the step that splits, where one is open.
        way: the steps on the way to it, from the split, else from the start.
        wanted: of `branches`, the branches of the split that do not reach the join.
        others: of `branches`, what reaches it instead; of `unrelated`, the steps before the join
            that do not belong together.
        around: of these two, all splits that are open at the join or before it: whether they are
            joined is not certain.
    """

    kind: str
    step: str
    split: str | None
    way: tuple[str, ...]
    wanted: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    around: tuple[str, ...] = ()


def events(graph: StepGraph) -> list[Event]:
    """All places that do not fit, in Metaflow's order, one for each split and join.

    The graph has no cycle, and all that its steps name exist.
    """
    found: list[Event] = []
    used: set[str | None] = set()
    for event in _Walk(graph).events():
        about = {event.split} if event.kind == "end" else {event.step, event.split}
        if used.isdisjoint(about - {None}):
            found.append(event)
        used |= about
        used |= set(event.around)
    return found


class _Walk:
    def __init__(self, graph: StepGraph) -> None:
        self.graph = graph
        self.before = graph.before()
        self.lineages = lineages(graph)
        self.stacks = Stacks()
        self.visits: dict[str, set[Stack | None]] = {name: set() for name in graph.nodes}

    def events(self) -> Iterator[Event]:
        start = self.graph.start
        if start is None:
            return
        way: list[str] = []
        waiting = [iter([(start, self._none())])]
        while waiting:
            following = next(waiting[-1], None)
            if following is None:
                waiting.pop()
                if way:
                    way.pop()
                continue
            name, stack = following
            visits = self.visits[name]
            if stack in visits or len(visits) >= MOST_STACKS:
                continue
            visits.add(stack)
            way.append(name)
            yield from self._check(name, stack, way)
            waiting.append(iter(self._after(name, stack)))

    @staticmethod
    def _none() -> Stack | None:
        return None

    def _after(self, name: str, stack: Stack | None) -> list[tuple[str, Stack | None]]:
        """The next steps, with what is open there."""
        kind = self.graph.kinds[name]
        if kind == "join" and stack is not None:
            stack = stack.below
        targets = self.graph.onward(name)
        if kind in ("split", "foreach"):
            stack = self.stacks.pushed(name, self.graph.after[name], stack)
        return [(target, stack) for target in targets]

    def _check(self, name: str, stack: Stack | None, way: list[str]) -> Iterator[Event]:
        kind = self.graph.kinds[name]
        split = stack.split if stack else None
        if kind == "end" and stack is not None:
            yield Event("end", name, split, _since(way, split))
        if kind != "join":
            return
        if stack is None:
            yield Event("no-split", name, None, tuple(way))
            return
        given = {n: self._branch(n) for n in self.before[name] if n in self.lineages}
        wanted, reached = set(stack.branches), set(given.values())
        if wanted != reached or len(reached) != len(stack.branches):
            missing = tuple(dict.fromkeys(b for b in stack.branches if b not in reached))
            others = tuple(n for n, branch in given.items() if branch not in wanted)
            around = self._around(stack, given)
            yield Event("branches", name, split, _since(way, split), missing, others, around)
            return
        groups: dict[Chain | None, str] = {}
        for before in given:
            groups.setdefault(self._parents(before), before)
        if len(groups) > 1:
            around, apart = self._around(stack, given), tuple(groups.values())
            yield Event("unrelated", name, split, _since(way, split), (), apart, around)

    def _around(self, stack: Stack | None, before: Iterable[str]) -> tuple[str, ...]:
        """The splits that are open at a join, or at a step before it."""
        found: dict[str, None] = {}
        while stack is not None:
            found[stack.split] = None
            stack = stack.below
        for name in before:
            chain = self.lineages[name].parents
            while chain is not None:
                found[chain.name] = None
                chain = chain.below
        return tuple(found)

    def _branch(self, name: str) -> str | None:
        """The branch of the innermost split in which a step is."""
        noted: Lineage = self.lineages[name]
        return noted.branches.name if noted.branches else None

    def _parents(self, name: str) -> Chain | None:
        """The splits that are open after a step, as the check for unrelated splits takes them."""
        noted = self.lineages[name]
        if self.graph.kinds[name] == "join":
            return noted.parents.below if noted.parents else None
        return noted.parents


def _since(way: list[str], split: str | None) -> tuple[str, ...]:
    """The part of a way from a split on."""
    return tuple(way[way.index(split) :]) if split in way else tuple(way)
