"""Which artifacts a step can have: those that the steps before it set, up to the last join.

A step is given all artifacts of the one step before it; a join is given none of its own, only its
inputs, and has what it assigns or merges (Metaflow, `passdown_partial` and `merge_artifacts`).
Everything here is "may": what one way through the graph sets may be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lint_rules.analysis.existence_checks import guarded, repeated
from lint_rules.analysis.memoize import remembered
from lint_rules.analysis.summaries import Effects, EffectsOf, Read
from lint_rules.model.code import (
    Assignment,
    Class,
    Reference,
)
from lint_rules.model.flow import FLOW_DECORATORS, Flow
from lint_rules.model.graph import Node
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step

FLOW_SPEC = frozenset("cmd foreach_stack index input merge_artifacts name next script_name".split())
"""What every flow has from `FlowSpec`; Metaflow's other names begin with an underscore."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What can be there at some point of a run.

    Attributes:
        names: the artifacts that some way through the graph sets, and in which steps.
        lost: those that a join on every such way leaves behind, and which join.
        is_hidden: whether there may be others.
        was_hidden: whether there may have been others, before a join.
    """

    names: dict[str, frozenset[str]] = field(default_factory=dict)
    lost: dict[str, frozenset[str]] = field(default_factory=dict)
    is_hidden: bool = False
    was_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Missing:
    """A read of an artifact that cannot be there.

    Attributes:
        step: the step that reads it.
        read: where, the first such read in the step.
        joins: the names of the joins that leave it behind; none where nothing before sets it.
        setters: the names of the steps that set it: before those joins, or anywhere.
    """

    step: Step
    read: Read
    joins: tuple[str, ...]
    setters: tuple[str, ...]

    @property
    def name(self) -> str:
        """The artifact's name."""
        return self.read.name


def missing(flow: Flow, apart: Iterable[str] = ()) -> tuple[Missing, ...]:
    """The reads of artifacts that cannot be there, one a step and artifact, in the graph's order.

    None where the flow's graph or what its classes hold is not known in full.

    Args:
        flow: the flow.
        apart: the names of decorators that are not Metaflow's and set no artifacts.
    """
    key = tuple(apart)
    memory = _found(flow)
    if key not in memory:
        memory[key] = tuple(_Dataflow(flow, key).missing())
    return memory[key]


@remembered
def _found(_: Flow) -> dict[tuple[str, ...], tuple[Missing, ...]]:
    """What was found in a flow: kept with it, since it holds the flow."""
    return {}


class _Dataflow:
    """What each step of one flow is given and hands on."""

    def __init__(self, flow: Flow, apart: tuple[str, ...] = ()) -> None:
        self.flow = flow
        self.apart = apart
        self.classes = flow.classes
        self.effects = EffectsOf(flow, apart)

    def missing(self) -> Iterator[Missing]:
        """See `missing`."""
        graph = self.flow.graph
        if not graph.is_complete or not self._is_known():
            return
        effects = {node.name: self.effects.of_step(node.step) for node in graph.reached}
        given = self._given(graph.reached, effects)
        always: frozenset[str] | None = None
        for node in graph.reached:
            candidates = [
                read
                for read in effects[node.name].reads
                if not self._is_given(read, node, given[node.name], effects[node.name])
            ]
            if not candidates or node.step not in self.flow.judged_steps:
                continue
            if always is None:
                if self._is_set_from_outside():
                    return
                always = self._always()
            care = guarded(node.step.function)
            seen: set[str] = set()
            for read in candidates:
                if read.name in always or read.name in care.names or read.name in seen:
                    continue
                if read.at in care.expressions:
                    continue
                if given[node.name].was_hidden and read.name not in given[node.name].lost:
                    continue
                seen.add(read.name)
                yield self._described(read, node, given[node.name], effects)

    def _described(
        self, read: Read, node: Node, given: Contents, effects: dict[str, Effects]
    ) -> Missing:
        joins = given.lost.get(read.name, frozenset())
        if read.name in given.names:
            # A join that reads it before it takes it from its inputs.
            joins = frozenset({node.name})
        setters = [
            name
            for name, effect in effects.items()
            if read.name in effect.assigned and name not in joins
        ]
        return Missing(node.step, read, tuple(sorted(joins)), tuple(setters))

    # What goes along the graph

    def _given(self, nodes: tuple[Node, ...], effects: dict[str, Effects]) -> dict[str, Contents]:
        """What each step is given, found by going round until nothing changes."""
        given = {node.name: Contents() for node in nodes}
        handed = {node.name: Contents() for node in nodes}
        changed = True
        while changed:
            changed = False
            for node in nodes:
                before = _together(handed[e.source] for e in node.before if e.source in handed)
                own = effects[node.name]
                start = _joined(node, before, own) if node.is_join else before
                names = dict(start.names)
                for name in (*own.assigned, *own.continued):
                    names[name] = names.get(name, frozenset()) | {node.name}
                lost = {name: joins for name, joins in start.lost.items() if name not in names}
                is_hidden = start.is_hidden or own.is_hidden
                after = Contents(names, lost, is_hidden, start.was_hidden or is_hidden)
                if start != given[node.name] or after != handed[node.name]:
                    given[node.name], handed[node.name] = start, after
                    changed = True
        return given

    def _is_given(self, read: Read, node: Node, given: Contents, own: Effects) -> bool:
        """Whether an artifact may be there when it is read."""
        if own.is_hidden or given.is_hidden:
            return True
        at = read.at.place
        is_any_time = read.is_late
        if read.name in own.assigned:
            is_any_time = is_any_time or read.at in repeated(node.step.function)
            if is_any_time or own.assigned[read.name] < at:
                return True
        if read.name not in given.names:
            return False
        if not node.is_join:
            return True
        merges = (merge for merge in own.merges if is_any_time or merge.place < at)
        return any(merge.keeps(read.name) for merge in merges)

    # What the flow's classes hold

    def _is_known(self) -> bool:
        """Whether nothing that is not seen here can give the flow's steps attributes."""
        flow = self.flow
        if not flow.knows_its_bases:
            return False
        for owner in self.classes:
            foreign = [
                d
                for d in owner.decorators
                if metaflow_name(d.qualified) not in FLOW_DECORATORS and d.name not in self.apart
            ]
            if foreign or any(keyword.name == "metaclass" for keyword in owner.keywords):
                return False
            if {"__getattr__", "__getattribute__"} & {f.name for f in owner.functions}:
                return False
        return True

    def _is_set_from_outside(self) -> bool:
        """Whether code sets attributes of the flow's classes by computed names."""
        owners = {owner.name for owner in self.classes}
        return any(
            isinstance(value, Reference) and value.name in owners
            for module in self._modules
            for call in module.calls_of_setattr
            for value in call.positional[:1]
        )

    @property
    def _modules(self) -> set[Module]:
        """The files that the flow's classes stand in."""
        return {owner.module for owner in self.flow.lineage}

    def _always(self) -> frozenset[str]:
        """The attributes that every step has: of classes, and what no step seems to set."""
        heirs = [other for other in self.flow.module.flows if self.flow in other.lineage[1:]]
        names = set(FLOW_SPEC)
        for owner in {*self.classes, *(c for heir in heirs for c in heir.classes)}:
            names |= bound(owner)
        for heir in heirs:
            names.update(a.name for step in heir.steps for a in step.artifacts)
        steps = {step.function for step in self.flow.all_steps.values()}
        for name, functions in self.effects.functions.items():
            if name in self.effects.called:
                continue
            for function in functions:
                # Who calls it is not seen: Python itself, or code elsewhere.
                if function not in steps:
                    effects = self.effects.of_function(function)
                    names |= {*effects.assigned, *effects.continued}
        owners = {owner.name for owner in self.classes}
        names.update(
            reference.name.split(".")[1]
            for module in self._modules
            for owner in owners
            for reference in module.references.get(owner, ())
            if reference.context == "store" and reference.name.count(".") == 1
        )
        return frozenset(names)


def bound(owner: Class) -> set[str]:
    """The names that a class body gives values to; a bare annotation gives none."""
    annotated = {
        target.name
        for statement in owner.statements
        if isinstance(statement, Assignment) and statement.value is None
        for target in statement.targets
        if isinstance(target, Reference)
    }
    given = {
        target.name
        for statement in owner.statements
        for target, _, _ in statement.bindings
        if isinstance(target, Reference)
    }
    return {*owner.scope.imports, *given, *(owner.scope.bound - annotated)}


def _together(contents: Iterable[Contents]) -> Contents:
    """What may be there after any of several steps."""
    given = tuple(contents)
    if len(given) == 1:
        return given[0]
    names: dict[str, frozenset[str]] = {}
    lost: dict[str, frozenset[str]] = {}
    is_hidden = was_hidden = False
    for one in given:
        for into, more in ((names, one.names), (lost, one.lost)):
            for name, steps in more.items():
                into[name] = into.get(name, frozenset()) | steps
        is_hidden = is_hidden or one.is_hidden
        was_hidden = was_hidden or one.was_hidden
    lost = {name: joins for name, joins in lost.items() if name not in names}
    return Contents(names, lost, is_hidden, was_hidden)


def _joined(node: Node, before: Contents, own: Effects) -> Contents:
    """What a join has of its inputs: what it merges; the rest is left behind."""
    kept = {
        name: setters
        for name, setters in before.names.items()
        if any(merge.keeps(name) for merge in own.merges)
    }
    dropped = {name: frozenset({node.name}) for name in before.names if name not in kept}
    is_hidden = before.is_hidden and bool(own.merges)
    return Contents(kept, {**before.lost, **dropped}, is_hidden, before.was_hidden)
