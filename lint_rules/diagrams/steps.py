"""A flow's steps and the ways between them, as far as a broken flow can be read, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lint_rules.analysis.artifact_io import Traffic, traffic
from lint_rules.analysis.step_graph.transitions import next_of
from lint_rules.diagrams.diagnostics_overlay import Notes
from lint_rules.diagrams.diagram import Arrow, FileRange, Note, Reading, StepBox
from lint_rules.diagrams.locations import FileRanges
from lint_rules.model.code import Constant, Definition, Dict, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.graph import Node
from lint_rules.model.step import Transition

MISSING, METHOD = "missing", "method"
"""The kinds of boxes for what is no step: a name that the flow does not have, and a method."""


@dataclass(frozen=True)
class _Way:
    """A way from one step, or what is taken for one, to the next.

    Attributes:
        source: the name of what it leaves.
        target: the name of what it leads to.
        kind: the kind of the transition.
        decided_by: the artifact that a foreach goes over or that a switch asks.
        case: the case of a switch.
        range: where the target is named.
    """

    source: str
    target: str
    kind: str
    decided_by: str
    case: str
    range: FileRange


class FlowSteps:
    """The boxes and arrows of one flow.

    A name that no step of the flow has gets a box, too: the method of that name, or one that is
    missing. So does a method that ends in `self.next`.

    Args:
        flow: the flow.
        new_id: gives each name an id.
        apart: the names of decorators that are not Metaflow's and set no artifacts.
        ranges: where things stand.
        notes: the findings.
    """

    def __init__(
        self,
        flow: Flow,
        new_id: Callable[[str], str],
        apart: tuple[str, ...],
        ranges: FileRanges,
        notes: Notes,
    ) -> None:
        self._flow = flow
        self._ranges = ranges
        self._notes = notes
        self._traffic = traffic(flow, apart)
        self._methods = dict(_lost(flow))
        self._ways = list(self._all_ways())
        self._missing = {way.target: way for way in reversed(self._ways)}
        for name in (*flow.graph.nodes, *self._methods):
            self._missing.pop(name, None)
        names = (*flow.graph.nodes, *self._methods, *self._missing)
        self._ids = {name: new_id(name) for name in names}
        self._reached = self._walk()

    @property
    def methods(self) -> tuple[Function, ...]:
        """The methods that are drawn, though they are no steps."""
        return tuple(function for _, function in self._methods.values())

    @property
    def boxes(self) -> tuple[StepBox, ...]:
        """The steps in the order of a walk, then what is no step."""
        return (
            *(self._step(node) for node in self._flow.graph.nodes.values()),
            *(self._method(*found) for found in self._methods.items()),
            *(self._box_of_missing(way) for way in self._missing.values()),
        )

    @property
    def arrows(self) -> tuple[Arrow, ...]:
        """The ways, in the order of what they leave."""
        return tuple(
            Arrow(
                self._ids[way.source],
                self._ids[way.target],
                way.kind,
                way.decided_by,
                way.case,
                self._notes.faults_at(way.range),
            )
            for way in self._ways
        )

    def _all_ways(self) -> Iterator[_Way]:
        seen: set[_Way] = set()
        for way in self._written_ways():
            # An early exit may lead to the same step.
            key = replace(way, range=_NOWHERE)
            if key not in seen:
                seen.add(key)
                yield way

    def _written_ways(self) -> Iterator[_Way]:
        for node in self._flow.graph.nodes.values():
            for transition in node.step.transitions:
                yield from self._ways_of(node.name, transition, node.step.flow)
        for name, (owner, function) in self._methods.items():
            following = next_of(function)
            if following is not None:
                yield from self._ways_of(name, Transition(following.call, None), owner)

    def _ways_of(self, source: str, transition: Transition, owner: Flow) -> Iterator[_Way]:
        asked = transition.decided_by
        decided_by = (asked.text or "") if asked is not None else ""
        for case, value in _named(transition):
            target = _target(value, self._flow)
            if target is not None:
                file_range = self._ranges.of(value.location, owner.module)
                yield _Way(source, target, transition.kind, decided_by, case, file_range)

    def _walk(self) -> set[str]:
        """The names that a way leads to from the start; without one, from what nothing leads to."""
        after: dict[str, list[str]] = {}
        for way in self._ways:
            after.setdefault(way.source, []).append(way.target)
        start = self._flow.graph.start
        entered = {way.target for way in self._ways}
        names = (*self._flow.graph.nodes, *self._methods)
        waiting = [start] if start else [name for name in names if name not in entered]
        reached: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting += after.get(name, ())
        return reached

    def _step(self, node: Node) -> StepBox:
        step = node.step
        kind = "join" if node.is_join else node.kind
        if step.is_start or step.is_end:
            kind = "start" if step.is_start else "end"
        known = self._traffic.get(node.name)
        return StepBox(
            self._ids[node.name],
            node.name,
            kind,
            self._ranges.of(step.location, step.flow.module),
            summary(step.function),
            None if step.flow is self._flow else step.flow.name,
            node.name in self._reached,
            known.makes if known else (),
            tuple(self._read(known)) if known else (),
            known.merges if known else (),
            known.parameters if known else (),
            known.is_hidden if known else True,
            tuple(d.name for d in step.function.decorators if d is not step.decorator),
            self._notes.of_function(step.location, step.flow.module),
        )

    def _read(self, known: Traffic) -> Iterator[Reading]:
        """What a step reads, without the names of next steps that do not exist."""
        for name, made_by in known.reads.items():
            if made_by or name not in self._missing:
                yield Reading(name, made_by)

    def _method(self, name: str, found: tuple[Flow, Function]) -> StepBox:
        owner, function = found
        return _no_step(
            self._ids[name],
            name,
            METHOD,
            self._ranges.of(function.name_location, owner.module),
            is_reached=name in self._reached,
            inherited_from=None if owner is self._flow else owner.name,
            findings=self._notes.of_function(function.name_location, owner.module),
        )

    def _box_of_missing(self, way: _Way) -> StepBox:
        name = way.target
        is_reached = name in self._reached
        return _no_step(self._ids[name], name, MISSING, way.range, is_reached=is_reached)


_NOWHERE = FileRange("", 0, 0, 0, 0)


def summary(definition: Definition) -> str:
    """The first line of a docstring."""
    docstring = definition.docstring
    lines = (docstring.text or "").strip().splitlines() if docstring is not None else []
    return lines[0].strip() if lines else ""


def _no_step(
    id: str,
    name: str,
    kind: str,
    file_range: FileRange,
    *,
    is_reached: bool,
    inherited_from: str | None = None,
    findings: tuple[Note, ...] = (),
) -> StepBox:
    nothing: tuple[str, ...] = ()
    return StepBox(
        id,
        name,
        kind,
        file_range,
        "",
        inherited_from,
        is_reached,
        nothing,
        (),
        nothing,
        nothing,
        may_make_more=False,
        decorators=nothing,
        findings=findings,
    )


def _lost(flow: Flow) -> Iterator[tuple[str, tuple[Flow, Function]]]:
    """The methods without `@step` that a step leads to, or that end in `self.next`."""
    targets = {
        _target(value, flow)
        for step in flow.all_steps.values()
        for transition in step.transitions
        for _, value in _named(transition)
    }
    taken = set(flow.all_steps)
    for owner in flow.lineage:
        for function in owner.definition.functions:
            if function.name in taken:
                continue
            taken.add(function.name)
            if function.name in targets or (not function.decorators and _goes_on(function)):
                yield function.name, (owner, function)


def _goes_on(function: Function) -> bool:
    following = next_of(function)
    return following is not None and bool(following.targets)


def _named(transition: Transition) -> Iterator[tuple[str, Expression]]:
    """What a transition names as next, each with the case that leads to it."""
    for value in transition.call.positional:
        if isinstance(value, Dict):
            for case, target in value.items:
                yield str(case.value) if isinstance(case, Constant) else "", target
        else:
            yield "", value


def _target(value: Expression, flow: Flow) -> str | None:
    """The step that an expression names: `self.train`, and as a string or by itself, which
    Metaflow refuses."""
    if isinstance(value, Constant):
        return value.text if value.text and value.text.isidentifier() else None
    if not isinstance(value, Name):
        return None
    _, dot, name = value.name.rpartition(".")
    return name if dot or name in flow.all_steps else None
