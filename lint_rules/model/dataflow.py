"""Which artifacts a step can have: those that the steps before it set, up to the last join.

A step is given all artifacts of the one step before it; a join is given none of its own, only its
inputs, and has what it assigns or merges (Metaflow, `passdown_partial` and `merge_artifacts`).
Everything here is "may": what one way through the graph sets may be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from weakref import WeakKeyDictionary

from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Collection,
    Expression,
    Function,
    Literal,
    Place,
    Reference,
)
from lint_rules.model.flow import FLOW_DECORATORS, Flow
from lint_rules.model.graph import Node
from lint_rules.model.guards import guarded, repeated
from lint_rules.model.reading import hands_on
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import STEP_DECORATORS, Step

FLOW_SPEC = frozenset("cmd foreach_stack index input merge_artifacts name next script_name".split())
"""What every flow has from `FlowSpec`; Metaflow's other names begin with an underscore."""

_HIDING = frozenset({"__dict__", "__setattr__", "__setstate__"})
_RUNNING = frozenset({"builtins.exec", "builtins.eval"})
_BY_NAME = frozenset({"setattr", "exec", "eval"})
_HARMLESS = frozenset({"staticmethod", "classmethod", "property", "cached_property", "lru_cache"})


@dataclass(frozen=True, slots=True)
class Read:
    """A read of an artifact: `self.name`, or its name in `foreach="…"` and `condition="…"`.

    Attributes:
        name: the artifact's name.
        at: the expression that reads it.
        is_late: whether it stands in a nested function or lambda, which may run at any time.
    """

    name: str
    at: Expression
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class Merge:
    """A call of `merge_artifacts`: what it takes, `None` for everything, and what it leaves."""

    place: Place
    included: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def keeps(self, name: str) -> bool:
        """Whether an artifact of the inputs comes through."""
        return name not in self.excluded and (self.included is None or name in self.included)


@dataclass(slots=True)
class Effects:
    """What a function does to the artifacts of its task, with all methods that it calls.

    Attributes:
        assigned: the artifacts that it sets, and where first.
        continued: those that it only changes in place, by `+=` and the like.
        merges: its calls of `merge_artifacts`.
        reads: what the function itself reads, in order.
        is_hidden: whether it may set anything: it hands `self` on, or sets attributes by name.
    """

    assigned: dict[str, Place] = field(default_factory=dict)
    continued: set[str] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    is_hidden: bool = False


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
    memory = _MEMORY.setdefault(flow, {})
    if key not in memory:
        memory[key] = tuple(_Dataflow(flow, key).missing())
    return memory[key]


_MEMORY: WeakKeyDictionary[Flow, dict[tuple[str, ...], tuple[Missing, ...]]] = WeakKeyDictionary()


class _Dataflow:
    """What each step of one flow is given and hands on."""

    def __init__(self, flow: Flow, apart: tuple[str, ...] = ()) -> None:
        self.flow = flow
        self.apart = apart
        self.classes = flow.classes
        self.functions: dict[str, list[Function]] = {}
        for owner in self.classes:
            for function in owner.functions:
                self.functions.setdefault(function.name, []).append(function)
        self.of: dict[Function, Effects] = {}
        self.called: set[str] = set()

    def missing(self) -> Iterator[Missing]:
        """See `missing`."""
        graph = self.flow.graph
        if not graph.is_complete or not self._is_known():
            return
        effects = {node.name: self._in_step(node.step) for node in graph.reached}
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

    # What a step does

    def _in_step(self, step: Step) -> Effects:
        """The effects of a step, with those of its decorators."""
        of_function = self._effects(step.function)
        effects = replace(
            of_function, assigned={**of_function.assigned}, reads=[*of_function.reads]
        )
        for decorator in step.function.decorators:
            kind = metaflow_name(decorator.qualified)
            if kind not in STEP_DECORATORS:
                effects.is_hidden = effects.is_hidden or decorator.name not in self.apart
            elif kind == "catch":
                variable = decorator.argument("var", 0)
                if isinstance(variable, Literal) and variable.text:
                    effects.assigned.setdefault(variable.text, decorator.place)
                elif variable is not None:
                    effects.is_hidden = True
        for transition in step.transitions:
            decided_by = transition.decided_by
            if decided_by is not None and decided_by.text:
                effects.reads.append(Read(decided_by.text, decided_by))
        return effects

    def _effects(self, function: Function) -> Effects:
        """The effects of a function; of functions that call each other in a circle, hidden."""
        known = self.of.get(function)
        if known is not None:
            return known
        self.of[function] = Effects(is_hidden=True)
        effects = self._looked_at(function)
        self.of[function] = effects
        return effects

    def _looked_at(self, function: Function) -> Effects:
        effects = Effects()
        names = {decorator.name for decorator in function.decorators}
        if "staticmethod" in names or not function.parameters:
            return effects
        effects.is_hidden = hands_on(function)
        self._look_at_references(function, effects)
        self._look_at_calls(function, effects)
        return effects

    def _look_at_references(self, function: Function, effects: Effects) -> None:
        me = function.self_name
        prefix = f"{me}."
        unset, changed = _targets(function)
        calls = {call.function for call in function.inside.calls}
        for reference in function.inside.references:
            if not reference.name.startswith(prefix):
                continue
            is_late = reference.scope is not function.scope
            if is_late and reference.scope.owner(me) is not function.scope:
                continue
            name, _, further = reference.name[len(prefix) :].partition(".")
            if name in _HIDING:
                effects.is_hidden = True
            elif name == "__class__":
                effects.assigned.setdefault(further, reference.place)
            elif name == "merge_artifacts":
                if reference not in calls:
                    effects.merges.append(Merge(reference.place))
            elif reference.context == "store" and not further:
                if reference in changed:
                    effects.continued.add(name)
                    effects.reads.append(Read(name, reference, is_late))
                elif reference not in unset:
                    effects.assigned.setdefault(name, reference.place)
            elif name in self.functions:
                if name not in self.flow.all_steps:
                    self._call(name, reference.place, effects, function)
            elif reference.context == "load" or further:
                effects.reads.append(Read(name, reference, is_late))

    def _look_at_calls(self, function: Function, effects: Effects) -> None:
        me = function.self_name
        for call in function.inside.calls:
            called = call.function
            if isinstance(called, Reference):
                if called.name == f"{me}.merge_artifacts":
                    effects.merges.append(self._merge(call))
                elif called.name not in _BY_NAME:
                    continue
                elif called.qualified == "builtins.setattr":
                    first, second = (*call.positional, None, None)[:2]
                    if isinstance(first, Reference) and first.name == me:
                        name = second.text if isinstance(second, Literal) else None
                        effects.assigned.setdefault(name or "", call.place)
                elif called.qualified in _RUNNING:
                    effects.is_hidden = True
        for member in function.inside.members:
            if _is_call_of("builtins.type", member.of):
                effects.assigned.setdefault(member.name, member.place)
            elif _is_call_of("builtins.super", member.of):
                if member.name == "merge_artifacts":
                    effects.merges.append(Merge(member.place))
                elif member.name in _HIDING:
                    effects.is_hidden = True
                else:
                    self._call(member.name, member.place, effects, function)

    def _call(self, name: str, place: Place, effects: Effects, caller: Function) -> None:
        """Adds what the methods of a name do, called at a place."""
        self.called.add(name)
        for function in self.functions.get(name, ()):
            if function is caller:
                continue
            inner = self._effects(function)
            foreign = [d for d in function.decorators if d.name not in _HARMLESS]
            is_step = any(metaflow_name(d.qualified) == "step" for d in foreign)
            effects.is_hidden |= inner.is_hidden or (bool(foreign) and not is_step)
            effects.continued |= inner.continued
            effects.merges += [Merge(place, m.included, m.excluded) for m in inner.merges]
            for assigned in inner.assigned:
                effects.assigned.setdefault(assigned, place)
                effects.assigned[assigned] = min(place, effects.assigned[assigned])

    def _merge(self, call: Call) -> Merge:
        included, excluded = call.argument("include", 2), call.argument("exclude", 1)
        if call.has_unpacking:
            return Merge(call.place)
        taken = None if included is None else self._texts(included)
        return Merge(
            call.place,
            # An empty list is what Metaflow takes for none given.
            taken or None,
            (None if excluded is None else self._texts(excluded)) or frozenset(),
        )

    def _texts(self, expression: Expression) -> frozenset[str] | None:
        """The texts of a list, `None` where they are not all literals."""
        known = self.flow.module.known(expression)
        if not isinstance(known, Collection):
            return None
        texts = [self.flow.module.text(item) for item in known.items]
        return None if None in texts else frozenset(text for text in texts if text)

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
            for call in self.flow.module.inside.calls
            if call.function.qualified == "builtins.setattr"
            for value in call.positional[:1]
        )

    def _always(self) -> frozenset[str]:
        """The attributes that every step has: of classes, and what no step seems to set."""
        heirs = [other for other in self.flow.module.flows if self.flow in other.lineage[1:]]
        names = set(FLOW_SPEC)
        for owner in {*self.classes, *(c for heir in heirs for c in heir.classes)}:
            names |= _bound(owner)
        for heir in heirs:
            names.update(a.name for step in heir.steps for a in step.artifacts)
        steps = {step.function for step in self.flow.all_steps.values()}
        for name, functions in self.functions.items():
            if name in self.called:
                continue
            for function in functions:
                # Who calls it is not seen: Python itself, or code elsewhere.
                if function not in steps:
                    effects = self._effects(function)
                    names |= {*effects.assigned, *effects.continued}
        owners = {owner.name for owner in self.classes}
        names.update(
            reference.name.split(".")[1]
            for reference in self.flow.module.inside.references
            if reference.context == "store" and reference.name.count(".") == 1
            if reference.head in owners
        )
        return frozenset(names)


def _targets(function: Function) -> tuple[set[Expression], set[Expression]]:
    """The targets of bare annotations, which set nothing, and of `+=`, which needs a value."""
    unset: set[Expression] = set()
    changed: set[Expression] = set()
    for statement in function.statements:
        if isinstance(statement, Assignment):
            if statement.value is None:
                unset.update(statement.targets)
            elif statement.operator != "=":
                changed.update(statement.targets)
    return unset, changed


def _is_call_of(qualified: str, expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function.qualified == qualified


def _bound(owner: Class) -> set[str]:
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
    names: dict[str, frozenset[str]] = {}
    lost: dict[str, frozenset[str]] = {}
    is_hidden = was_hidden = False
    for one in contents:
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
