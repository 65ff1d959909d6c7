"""The methods that a method of a flow calls on its own object: `self.x()`, `super().x()`."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.attribute_uses import hands_on
from lint_rules.model.code import Attribute, Call, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Step


def calls_on_self(function: Function) -> Iterator[tuple[Call, str]]:
    """The calls `self.x(…)` in a function, with the names of the methods."""
    prefix = f"{function.self_name}."
    for call in function.descendants.calls:
        called = call.function
        if isinstance(called, Name) and called.name.startswith(prefix):
            name = called.name.removeprefix(prefix)
            if "." not in name:
                yield call, name


def calls_on_super(function: Function) -> Iterator[tuple[Call, str]]:
    """The calls `super().x(…)` in a function, with the names of the methods."""
    for call in function.descendants.calls:
        if isinstance(call.function, Attribute) and _is_super(call.function.value):
            yield call, call.function.name


def _is_super(value: Expression) -> bool:
    return isinstance(value, Call) and value.function.qualified == "builtins.super"


def steps_called(function: Function, owner: Flow, flow: Flow) -> Iterator[tuple[Call, Step]]:
    """The calls of steps, as if they were methods.

    Args:
        function: the step or method that calls.
        owner: the flow in whose class it stands.
        flow: the flow that runs.
    """
    if not function.parameters:
        return
    for call, name in calls_on_self(function):
        step = flow.all_steps.get(name)
        if step is not None:
            yield call, step
    after = flow.lineage[flow.lineage.index(owner) + 1 :]
    for call, name in calls_on_super(function):
        step = next((s for base in after for s in base.steps if s.name == name), None)
        if step is not None:
            yield call, step
    for call in function.descendants.calls:
        called = call.function
        if isinstance(called, Name) and called.name.count(".") == 1:
            head, _, name = called.name.partition(".")
            base = next((base for base in after if base.name == head), None)
            step = next((s for s in base.steps if s.name == name), None) if base else None
            if step is not None:
                yield call, step


def may_call_next(call: Call, function: Function, flow: Flow) -> bool:
    """Whether a call in a function of a flow may end in `self.next`: it is that, or a method of
    the flow that does so, or it is given `self`."""
    me = function.self_name
    called = call.function
    if isinstance(called, Name) and called.name.startswith(f"{me}."):
        name = called.name.removeprefix(f"{me}.")
        return name == "next" or name in going_on(flow)
    if any(isinstance(a.value, Name) and a.value.name == me for a in call.arguments):
        return called.qualified not in ("builtins.print", "builtins.hasattr", "builtins.getattr")
    return isinstance(called, Attribute) and _is_super(called.value)


@remembered
def going_on(flow: Flow) -> frozenset[str]:
    """The names of the flow's functions that may call `self.next`, themselves or by others."""
    found: set[str] = set()
    calling: dict[str, set[str]] = {}
    for owner in flow.lineage:
        for function in owner.definition.functions:
            names = calling.setdefault(function.name, set())
            names.update(name for _, name in calls_on_self(function))
            names.update(name for _, name in calls_on_super(function))
            if "next" in names or hands_on(function):
                found.add(function.name)
    while True:
        more = {name for name, called in calling.items() if called & found} - found
        if not more:
            return frozenset(found)
        found |= more
