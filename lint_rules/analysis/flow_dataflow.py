"""Which artifacts a step can have: those that the steps before it set, up to the last join.

A step is given all artifacts of the one step before it; a join is given none of its own, only its
inputs, and has what it assigns or merges (Metaflow, `passdown_partial` and `merge_artifacts`).
Everything here is "may": what one way through the graph sets may be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from lint_rules.analysis.data_flow.custom_decorators import of_class_decorators
from lint_rules.analysis.existence_checks import guarded, repeated
from lint_rules.analysis.summaries import Effects, EffectsOf, Merge, Read
from lint_rules.model.code import (
    Assignment,
    Class,
    Name,
)
from lint_rules.model.flow import Flow
from lint_rules.model.graph import Node
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.step import Step

FLOW_SPEC = frozenset("cmd foreach_stack index input merge_artifacts name next script_name".split())
"""What every flow has from `FlowSpec`; Metaflow's other names begin with an underscore."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What can be there at some point of a run. Sets of artifacts are bits, see `_Names`.

    Attributes:
        names: the artifacts that some way through the graph sets.
        lost: by the names of joins, those that they leave behind and no way sets again.
        is_hidden: whether there may be others.
        was_hidden: whether there may have been others, before a join.
    """

    names: int = 0
    lost: dict[str, int] = field(default_factory=dict)
    is_hidden: bool = False
    was_hidden: bool = False


class _Names:
    """The artifacts of a flow, each as a bit: sets of thousands are united in no time."""

    def __init__(self, effects: Iterable[Effects]) -> None:
        self._bits: dict[str, int] = {}
        for own in effects:
            for name in (*own.assigned, *own.continued):
                self._bits.setdefault(name, 1 << len(self._bits))

    def bits(self, names: Iterable[str]) -> int:
        """The bits of some artifacts; of names that no step sets, none."""
        found = 0
        for name in names:
            found |= self._bits.get(name, 0)
        return found

    def kept(self, merges: Iterable[Merge]) -> int:
        """The artifacts that merges take over."""
        found = 0
        for merge in merges:
            included = merge.included
            kept = (1 << len(self._bits)) - 1 if included is None else self.bits(included)
            found |= kept & ~self.bits(merge.excluded)
        return found


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
        self.decorated = of_class_decorators(flow, apart)

    def missing(self) -> Iterator[Missing]:
        """See `missing`."""
        graph = self.flow.graph
        if not graph.is_complete or not self._is_known():
            return
        effects = {node.name: self.effects.of_step(node.step) for node in graph.reached}
        names = _Names(effects.values())
        given = self._given(graph.reached, effects, names)
        if given is None:
            return
        always: frozenset[str] | None = None
        for node in graph.reached:
            candidates = [
                read
                for read in effects[node.name].reads
                if not self._is_given(read, node, given[node.name], effects[node.name], names)
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
                here = given[node.name]
                bit = names.bits([read.name])
                joins = {name for name, lost in here.lost.items() if lost & bit}
                if here.was_hidden and not joins:
                    continue
                seen.add(read.name)
                if here.names & bit:
                    # A join that reads it before it takes it from its inputs.
                    joins = {node.name}
                yield self._described(read, node, joins, effects)

    def _described(
        self, read: Read, node: Node, joins: set[str], effects: dict[str, Effects]
    ) -> Missing:
        setters = [
            name
            for name, effect in effects.items()
            if read.name in effect.assigned and name not in joins
        ]
        return Missing(node.step, read, tuple(sorted(joins)), tuple(setters))

    # What goes along the graph

    def _given(
        self, nodes: tuple[Node, ...], effects: dict[str, Effects], names: _Names
    ) -> dict[str, Contents] | None:
        """What each step is given, found by going round until nothing changes; `None` where that
        takes too long."""
        given = {node.name: Contents() for node in nodes}
        handed = {node.name: Contents() for node in nodes}
        set_here = {
            name: names.bits((*own.assigned, *own.continued)) for name, own in effects.items()
        }
        kept = {node.name: names.kept(effects[node.name].merges) for node in nodes if node.is_join}
        budget = self.flow.module.budget
        changed = True
        while changed:
            changed = False
            for node in nodes:
                before = _together(handed[e.source] for e in node.before if e.source in handed)
                if not budget.spend(1 + len(node.before) + len(before.lost), self.flow.name):
                    return None
                own = effects[node.name]
                start = _joined(node, before, own, kept[node.name]) if node.is_join else before
                there = start.names | set_here[node.name]
                lost = _without(start.lost, there)
                is_hidden = start.is_hidden or own.is_hidden
                after = Contents(there, lost, is_hidden, start.was_hidden or is_hidden)
                if start != given[node.name] or after != handed[node.name]:
                    given[node.name], handed[node.name] = start, after
                    changed = True
            # What goes back in a loop goes fast against the order, too.
            nodes = nodes[::-1]
        return given

    def _is_given(
        self, read: Read, node: Node, given: Contents, own: Effects, names: _Names
    ) -> bool:
        """Whether an artifact may be there when it is read."""
        if own.is_hidden or given.is_hidden:
            return True
        at = read.at.start
        is_any_time = read.is_late
        if read.name in own.assigned:
            is_any_time = is_any_time or read.at in repeated(node.step.function)
            if is_any_time or own.assigned[read.name] <= at:
                return True
        if not given.names & names.bits([read.name]):
            return False
        if not node.is_join:
            return True
        merges = (merge for merge in own.merges if is_any_time or merge.at < at)
        return any(merge.keeps(read.name) for merge in merges)

    # What the flow's classes hold

    def _is_known(self) -> bool:
        """Whether nothing that is not seen here can give the flow's steps attributes."""
        flow = self.flow
        if not flow.knows_its_bases or self.decorated.is_unknown:
            return False
        for owner in self.classes:
            if any(keyword.name == "metaclass" for keyword in owner.keywords):
                return False
            if {"__getattr__", "__getattribute__"} & {f.name for f in owner.functions}:
                return False
        return True

    def _is_set_from_outside(self) -> bool:
        """Whether code sets attributes of the flow's classes by computed names."""
        owners = {owner.name for owner in self.classes}
        return any(
            isinstance(value, Name) and value.name in owners
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
        names = {*FLOW_SPEC, *self.decorated.attributes}
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
        if isinstance(target, Name)
    }
    given = {
        target.name
        for statement in owner.statements
        for target, _, _ in statement.bindings
        if isinstance(target, Name)
    }
    return {*owner.scope.imports, *given, *(owner.scope.bound - annotated)}


def _together(contents: Iterable[Contents]) -> Contents:
    """What may be there after any of several steps."""
    given = tuple(contents)
    if len(given) == 1:
        return given[0]
    names = 0
    lost: dict[str, int] = {}
    is_hidden = was_hidden = False
    for one in given:
        names |= one.names
        for join, left in one.lost.items():
            lost[join] = lost.get(join, 0) | left
        is_hidden = is_hidden or one.is_hidden
        was_hidden = was_hidden or one.was_hidden
    return Contents(names, _without(lost, names), is_hidden, was_hidden)


def _joined(node: Node, before: Contents, own: Effects, kept: int) -> Contents:
    """What a join has of its inputs: what it merges; the rest is left behind."""
    dropped = before.names & ~kept
    lost = _without(before.lost, dropped)
    if dropped:
        lost[node.name] = lost.get(node.name, 0) | dropped
    is_hidden = before.is_hidden and bool(own.merges)
    return Contents(before.names & kept, lost, is_hidden, before.was_hidden)


def _without(lost: dict[str, int], names: int) -> dict[str, int]:
    """What joins leave behind, some artifacts apart."""
    return {join: left & ~names for join, left in lost.items() if left & ~names}
