"""What each step of a flow starts with and hands on: goes along the graph until nothing changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from lint_rules.analysis.data_flow.code import FlowCode
from lint_rules.analysis.data_flow.frame import Open
from lint_rules.analysis.data_flow.open_foreaches import open_foreaches
from lint_rules.analysis.data_flow.records import Read, Records
from lint_rules.analysis.data_flow.state import MAYBE, Fact, Loss, State
from lint_rules.analysis.data_flow.steps import follow
from lint_rules.analysis.data_flow.values import Kind, Literal, Some, Value, literal
from lint_rules.budget import Budget, TooComplex
from lint_rules.model.flow import Flow
from lint_rules.model.graph import Edge, Node
from lint_rules.model.memoize import remembered

_PRECISE_VISITS = 3


@dataclass
class States:
    """What the steps of a flow, or of a part of it, have.

    Attributes:
        before: by steps, what their tasks start with.
        into: by joins, what each of the steps before hands on to them.
        after: by steps, what their tasks hand on; none if they cannot end.
    """

    before: dict[str, State] = field(default_factory=dict)
    into: dict[str, dict[str, State]] = field(default_factory=dict)
    after: dict[str, State] = field(default_factory=dict)


class FlowDataFlow:
    """The data flow of one flow.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.

    Attributes:
        is_known: whether the graph and all that gives its tasks artifacts could be read. Where
            not, nothing else is known.
        states: what its steps have.
        records: what their code does, by steps.
        foreaches: by steps, the foreaches that are open there, the outermost first.
    """

    def __init__(self, flow: Flow, ignored: Iterable[str] = ()) -> None:
        self.flow = flow
        self.graph = flow.graph
        self.budget: Budget = flow.module.budget
        self.states = States()
        self.records: dict[str, Records] = {}
        self.foreaches: dict[str, tuple[Open, ...]] = {}
        self._tasks: dict[tuple[str, int], States] = {}
        self.is_known = self.graph.is_complete and flow.knows_its_bases
        if not self.is_known:
            return
        self.code = FlowCode(flow, tuple(ignored))
        self.is_known = self.code.is_known
        if self.is_known:
            try:
                self._analyse()
            except TooComplex:
                self.is_known = False

    @cached_property
    def _chooses_by_switch(self) -> bool:
        """Whether only switches choose among ways, and not several `self.next` in a step."""
        return all(
            len(node.after) <= 1 or node.kind in ("switch", "split") for node in self.graph.reached
        )

    def _analyse(self) -> None:
        nodes = {node.name: node for node in self.graph.reached}
        foreaches = open_foreaches(self.flow)
        if foreaches is None:
            self.is_known = False
            return
        self.foreaches = foreaches
        self.states = self._solve(nodes, {self.graph.start or "": self.code.start}, self.records)

    @property
    def reads(self) -> Iterator[Read]:
        """The reads of artifacts, in the graph's order."""
        for name in self.graph.nodes:
            if name in self.records:
                yield from self.records[name].reads.values()

    def tasks_of(self, foreach: str, index: int) -> States:
        """What the steps of one task of a foreach have, up to its join.

        Args:
            foreach: the step that begins the foreach.
            index: which of its tasks.

        Raises:
            TooComplex: that would take too long.
        """
        key = foreach, index
        if key not in self._tasks:
            inside = {
                name: self.graph.nodes[name]
                for name, opened in self.foreaches.items()
                if any(one.step == foreach for one in opened)
            }
            start = self.states.after.get(foreach)
            found = States()
            if start is not None:
                state = start.copy()
                state.pins = {**state.pins, foreach: index}
                targets = {edge.target for edge in self.graph.nodes[foreach].after}
                found = self._solve(inside, dict.fromkeys(targets & inside.keys(), state))
            self._tasks[key] = found
        return self._tasks[key]

    # Going along the graph

    def _solve(
        self,
        nodes: dict[str, Node],
        seeds: dict[str, State],
        records: dict[str, Records] | None = None,
    ) -> States:
        """Goes round the steps until nothing changes; notes what their code does at last."""
        found = States()
        order = _order(nodes, seeds)
        waiting = set(seeds)
        visits: dict[str, int] = {}
        while waiting:
            name = min(waiting, key=order.__getitem__)
            waiting.discard(name)
            node = nodes[name]
            size = len(found.after.get(name, State()).facts)
            self.budget.require(1 + len(node.before) + size // 50, self.flow.name)
            known = found.before.get(name)
            self._enter(node, nodes, seeds, found)
            state = found.before.get(name)
            if state is None:
                continue
            visits[name] = visits.get(name, 0) + 1
            if known is not None and visits[name] > _PRECISE_VISITS:
                state.widen(known)
            is_new = known is None or known != state or node.is_join
            if not is_new:
                continue
            noted = None
            if records is not None:
                noted = records[name] = Records()
            after = self._follow(node, found, noted)
            if after is None:
                continue
            if name not in found.after or found.after[name] != after:
                found.after[name] = after
                waiting |= {edge.target for edge in node.after if edge.target in nodes}
        return found

    def _follow(self, node: Node, states: States, records: Records | None) -> State | None:
        inputs = states.into.get(node.name) if node.is_join else None
        opened = self.foreaches.get(node.name, ())
        state = states.before[node.name]
        return follow(node.step, self.code, state, inputs, opened, self.budget, records)

    def _enter(
        self, node: Node, nodes: dict[str, Node], seeds: dict[str, State], found: States
    ) -> None:
        """Works out what a step starts with."""
        given: dict[str, State] = {}
        for edge in node.before:
            after = found.after.get(edge.source)
            if edge.source in nodes and after is not None:
                state = on_edge(edge, nodes[edge.source], after)
                if state is not None:
                    known = given.get(edge.source)
                    by_switch = self._chooses_by_switch
                    given[edge.source] = state if known is None else known.join(state, by_switch)
        if node.is_join and given:
            found.into[node.name] = given
            found.before[node.name] = self._start_of_join(node, given)
            return
        states = [*given.values()]
        if node.name in seeds:
            states.append(seeds[node.name])
        if states:
            merged = states[0].copy()
            for state in states[1:]:
                merged = merged.join(state, self._chooses_by_switch)
            found.before[node.name] = merged

    def _start_of_join(self, node: Node, given: dict[str, State]) -> State:
        """What a join starts with: parameters and constants alone."""
        found = self.code.constants()
        loss = Loss("join", node.name, node.step.location)
        for name in {name for state in given.values() for name in state.facts}:
            if name in found.facts:
                continue
            facts = [state.get(name) for state in given.values()]
            lost: frozenset[Loss] = frozenset().union(*(fact.lost for fact in facts))
            if any(fact.present for fact in facts):
                lost = frozenset((loss,))
            found.facts[name] = Fact(lost=lost)
        if any(state.rest.present for state in given.values()):
            found.rest = MAYBE
        found.pins = next(iter(given.values())).pins
        return found


def _order(nodes: dict[str, Node], starts: Iterable[str]) -> dict[str, int]:
    """The steps' places in reverse post-order: each after all that lead to it, cycles apart."""
    finished: list[str] = []
    seen: set[str] = set()
    for start in starts:
        waiting = [(start, iter(nodes[start].after))]
        seen.add(start)
        while waiting:
            name, edges = waiting[-1]
            edge = next((e for e in edges if e.target in nodes and e.target not in seen), None)
            if edge is None:
                waiting.pop()
                finished.append(name)
            else:
                seen.add(edge.target)
                waiting.append((edge.target, iter(nodes[edge.target].after)))
    return {name: number for number, name in enumerate(reversed(finished))}


def on_edge(edge: Edge, source: Node, after: State) -> State | None:
    """What a step hands on along one edge; `None` if a switch certainly takes another."""
    if edge.kind != "switch" or edge.case is None:
        return after
    named = [t.decided_by for t in source.step.transitions if t.decided_by is not None]
    name = named[0].text if len(named) == 1 else None
    fact = after.facts.get(name) if name else None
    if fact is None or name is None or not fact.value.atoms:
        return after
    wanted = literal(edge.case.value)
    atoms = frozenset(atom for atom in fact.value.atoms if may_equal(atom, wanted))
    if not atoms:
        return None
    state = after.copy()
    known = wanted.kinds == {Kind.TEXT}
    value = Value(wanted.atoms if known else atoms, fact.value.foreaches)
    state.facts[name] = replace(fact, value=value)
    return state


def may_equal(atom: object, wanted: Value) -> bool:
    """Whether a value may be equal to a literal, as a dict's key is."""
    key = wanted.single
    if not isinstance(key, Literal):
        return True
    if isinstance(atom, Literal):
        return bool(atom.value == key.value)
    kind = getattr(atom, "kind", Kind.ANY)
    numbers = (Kind.NUMBER, Kind.BOOL)
    if kind is Kind.ANY or isinstance(atom, Some) is False:
        return kind is Kind.ANY
    return kind is key.kind or (kind in numbers and key.kind in numbers)


def data_flow(flow: Flow, ignored: Iterable[str] = ()) -> FlowDataFlow:
    """The data flow of a flow, found once.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    key = tuple(ignored)
    known = _known(flow)
    if key not in known:
        known[key] = FlowDataFlow(flow, key)
    return known[key]


@remembered
def _known(_: Flow) -> dict[tuple[str, ...], FlowDataFlow]:
    return {}
