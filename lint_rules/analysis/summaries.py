"""What the functions of a flow do to its artifacts: what they set, merge and read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lint_rules.analysis.attribute_uses import hands_on
from lint_rules.analysis.data_flow.custom_decorators import of_step_decorators
from lint_rules.model.code import (
    Assignment,
    Call,
    Collection,
    Constant,
    Expr,
    Expression,
    Function,
    Name,
    Pass,
    Raise,
)
from lint_rules.model.constants import known
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step

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
    """A call of `merge_artifacts`: what it takes, `None` for everything, and what it leaves.

    `at` is its offset in the function.
    """

    at: int
    included: frozenset[str] | None = None
    excluded: frozenset[str] = frozenset()

    def keeps(self, name: str) -> bool:
        """Whether an artifact of the inputs comes through."""
        return name not in self.excluded and (self.included is None or name in self.included)


@dataclass(slots=True)
class Effects:
    """What a function does to the artifacts of its task, with all methods that it calls.

    Attributes:
        assigned: the artifacts that it sets, and the offset from which on the first one is there.
        continued: those that it only changes in place, by `+=` and the like.
        merges: its calls of `merge_artifacts`.
        reads: what the function itself reads, in order.
        calls: the names of the methods that it calls, and of those that they call.
        is_hidden: whether it may set anything: it hands `self` on, or sets attributes by name.
    """

    assigned: dict[str, int] = field(default_factory=dict)
    continued: set[str] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    reads: list[Read] = field(default_factory=list)
    calls: set[str] = field(default_factory=set)
    is_hidden: bool = False


class EffectsOf:
    """The effects of a flow's functions, found out as they are asked for.

    Args:
        flow: the flow.
        apart: the names of decorators that are not Metaflow's and set no artifacts.
    """

    def __init__(self, flow: Flow, apart: tuple[str, ...] = ()) -> None:
        self.flow = flow
        self.apart = apart
        self.functions: dict[str, list[Function]] = {}
        for owner in flow.classes:
            for function in owner.functions:
                self.functions.setdefault(function.name, []).append(function)
        self.called: set[str] = set()
        """The names of methods that are called by functions looked at so far."""
        self._known: dict[Function, Effects] = {}

    def of_step(self, step: Step) -> Effects:
        """The effects of a step, with those of its decorators."""
        inner = self.of_function(step.function)
        effects = replace(inner, assigned={**inner.assigned}, reads=[*inner.reads])
        custom = of_step_decorators(step.function, step.flow.module, self.apart)
        effects.is_hidden |= custom.is_unknown
        for name in custom.attributes:
            effects.assigned.setdefault(name, step.decorator.start)
        for decorator in step.function.decorators:
            if metaflow_name(decorator.qualified) == "catch":
                variable = decorator.argument("var", 0)
                if isinstance(variable, Constant) and variable.text:
                    effects.assigned.setdefault(variable.text, decorator.start)
                elif variable is not None:
                    effects.is_hidden = True
        for transition in step.transitions:
            decided_by = transition.decided_by
            if decided_by is not None and decided_by.text:
                effects.reads.append(Read(decided_by.text, decided_by))
        return effects

    def of_function(self, function: Function) -> Effects:
        """The effects of a function; of functions that call each other in a circle, hidden."""
        if function in self._known:
            return self._known[function]
        unfinished: set[Function] = set()
        waiting = [function]
        while waiting:
            current = waiting[-1]
            if current not in self._known:
                self._known[current] = Effects(is_hidden=True)
                unfinished.add(current)
                waiting += [f for f in self._called_by(current) if f not in self._known][::-1]
                continue
            waiting.pop()
            if current in unfinished:
                unfinished.discard(current)
                self._known[current] = self._looked_at(current)
        return self._known[function]

    def _called_by(self, function: Function) -> Iterator[Function]:
        """The methods that a function calls, or names, in order."""
        for _, name, _, _ in _attributes(function):
            if name not in self.flow.all_steps:
                yield from self.functions.get(name, ())
        for member in function.descendants.attributes:
            if _is_call_of("builtins.super", member.value):
                yield from self.functions.get(member.name, ())

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
        unset, changed, bound_from = _targets(function)
        calls = {call.function for call in function.descendants.calls}
        for reference, name, further, is_late in _attributes(function):
            if name in _HIDING:
                effects.is_hidden = True
            elif name == "__class__":
                effects.assigned.setdefault(further, reference.end)
            elif name == "merge_artifacts":
                if reference not in calls:
                    effects.merges.append(Merge(reference.start))
            elif reference.context == "store" and not further:
                if reference in changed:
                    effects.continued.add(name)
                    effects.reads.append(Read(name, reference, is_late))
                elif reference not in unset:
                    # The target of a comprehension is set before what stands left of it.
                    in_place = reference.end if reference.scope.kind == "function" else 0
                    start = bound_from.get(reference, in_place)
                    effects.assigned.setdefault(name, start)
            elif name in self.functions:
                if name not in self.flow.all_steps:
                    self._call(name, reference.end, effects, function)
            elif reference.context == "load" or further:
                effects.reads.append(Read(name, reference, is_late))

    def _look_at_calls(self, function: Function, effects: Effects) -> None:
        me = function.self_name
        for call in function.descendants.calls:
            called = call.function
            if isinstance(called, Name):
                if called.name == f"{me}.merge_artifacts":
                    effects.merges.append(self._merge(call))
                elif called.name not in _BY_NAME:
                    continue
                elif called.qualified == "builtins.setattr":
                    first, second = (*call.positional, None, None)[:2]
                    if isinstance(first, Name) and first.name == me:
                        name = second.text if isinstance(second, Constant) else None
                        effects.assigned.setdefault(name or "", call.end)
                elif called.qualified in _RUNNING:
                    effects.is_hidden = True
        for member in function.descendants.attributes:
            if _is_call_of("builtins.type", member.value):
                effects.assigned.setdefault(member.name, member.end)
            elif _is_call_of("builtins.super", member.value):
                if member.name == "merge_artifacts":
                    effects.merges.append(Merge(member.start))
                elif member.name in _HIDING:
                    effects.is_hidden = True
                else:
                    self._call(member.name, member.end, effects, function)

    def _call(self, name: str, at: int, effects: Effects, caller: Function) -> None:
        """Adds what the methods of a name do, called at an offset."""
        self.called.add(name)
        effects.calls.add(name)
        functions = self.functions.get(name, [])
        # A subclass in another file defines what it does.
        effects.is_hidden |= bool(functions) and all(map(_is_left_open, functions))
        budget = self.flow.module.budget
        for function in functions:
            if function is caller:
                continue
            inner = self.of_function(function)
            size = len(inner.assigned) + len(inner.merges) + len(inner.calls)
            if not budget.spend(1 + size, caller.name):
                effects.is_hidden = True
                return
            foreign = [d for d in function.decorators if d.name not in _HARMLESS]
            is_step = any(metaflow_name(d.qualified) == "step" for d in foreign)
            effects.is_hidden |= inner.is_hidden or (bool(foreign) and not is_step)
            effects.continued |= inner.continued
            effects.calls |= inner.calls
            # Those of several calls inside are the same from here.
            merges = (Merge(at, m.included, m.excluded) for m in inner.merges)
            effects.merges += dict.fromkeys(merges)
            for assigned in inner.assigned:
                effects.assigned.setdefault(assigned, at)
                effects.assigned[assigned] = min(at, effects.assigned[assigned])

    def _merge(self, call: Call) -> Merge:
        included, excluded = call.argument("include", 2), call.argument("exclude", 1)
        if call.has_unpacking:
            return Merge(call.start)
        owners = (owner.module for owner in self.flow.lineage)
        module = next(one for one in owners if one.resolver.path == call.file)
        taken = None if included is None else _texts(included, module)
        return Merge(
            call.start,
            # An empty list is what Metaflow takes for none given.
            taken or None,
            (None if excluded is None else _texts(excluded, module)) or frozenset(),
        )


def _attributes(function: Function) -> Iterator[tuple[Name, str, str, bool]]:
    """The attributes of `self` that a function names: the reference, the attribute, what is named
    of that in turn, and whether it stands in a nested function."""
    me = function.self_name
    prefix = f"{me}."
    for reference in function.descendants.names:
        if reference.name.startswith(prefix):
            # A comprehension runs where it stands, but a generator expression may wait.
            scope = reference.scope
            while scope.kind == "comprehension" and scope.outer is not None:
                scope = scope.outer
            is_late = scope is not function.scope
            if not is_late or reference.scope.owner(me) is function.scope:
                name, _, further = reference.name[len(prefix) :].partition(".")
                yield reference, name, further, is_late


def _texts(expression: Expression, module: Module) -> frozenset[str] | None:
    """The texts of a list, `None` if one of them cannot be read."""
    listed, where = known(expression, module)
    if not isinstance(listed, Collection):
        return None
    texts = [where.text(item) for item in listed.items]
    return None if None in texts else frozenset(text for text in texts if text)


def _targets(
    function: Function,
) -> tuple[set[Expression], set[Expression], dict[Expression, int]]:
    """The targets of bare annotations, which set nothing, and of `+=`, which needs a value; and
    the offsets from which on targets are set."""
    unset: set[Expression] = set()
    changed: set[Expression] = set()
    bound_from: dict[Expression, int] = {}
    for statement in function.statements:
        for target, _, _ in statement.bindings:
            bound_from[target] = statement.bound_from(target)
        if isinstance(statement, Assignment):
            if statement.value is None:
                unset.update(statement.targets)
            elif statement.operator != "=":
                changed.update(statement.targets)
    return unset, changed, bound_from


def _is_left_open(function: Function) -> bool:
    """Whether a function does nothing: `pass`, `...` or `raise NotImplementedError`."""
    for statement in function.body:
        match statement:
            case Expr(value=Constant()) | Pass():
                continue
            case Raise(error=error):
                called = error.function if isinstance(error, Call) else error
                if isinstance(called, Name) and called.name == "NotImplementedError":
                    continue
        return False
    return True


def _is_call_of(qualified: str, expression: Expression) -> bool:
    return isinstance(expression, Call) and expression.function.qualified == qualified
