"""Decorators of flows that refuse to run a flow in test mode and in production."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from lint_rules.analysis.attribute_uses import functions, hands_on
from lint_rules.analysis.current import asks
from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.analysis.test_mode import test_mode
from lint_rules.model.code import Decorator, Definition
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name


@dataclass(frozen=True, eq=False)
class Guard:
    """A decorator that guards a flow.

    Attributes:
        decorator: the decorator.
        name: the dotted name under which other files import it, or just its name.
        flow: a flow that it guards.
    """

    decorator: Decorator
    name: str
    flow: Flow


def guard_of(flow: Flow, named: Collection[str]) -> Guard | None:
    """The guard of a flow, its own or an inherited one.

    It is one of those that are named, or a decorator of the repository that reads the test mode
    and asks for `current.is_production`, itself or in what it uses of its own file.

    Args:
        flow: the flow.
        named: names of decorators that are guards.
    """
    mode = test_mode(flow)
    for owner in flow.lineage:
        for decorator in owner.definition.decorators:
            if decorator.name in named:
                return Guard(decorator, decorator.qualified or decorator.name, flow)
            found = definition_of(decorator, owner.module)
            if found is not None and mode is not None and _guards(*found, mode.attribute):
                return Guard(decorator, decorator.qualified or decorator.name, flow)
    return None


def _guards(module: Module, definition: Definition, attribute: str) -> bool:
    """Whether a decorator reads an attribute, and asks for production."""
    by_name = {other.name: other for other in module.definitions}
    waiting, seen = [definition], {definition}
    while waiting:
        for reference in waiting.pop().descendants.names:
            other = by_name.get(reference.head)
            if other is not None and other not in seen:
                seen.add(other)
                waiting.append(other)
    reads = any(
        reference.name.partition(".")[2] == attribute and reference.context == "load"
        for one in seen
        for reference in one.descendants.names
    )
    return reads and any(asks(one.descendants, ("is_production",)) for one in seen)


def may_guard_itself(flow: Flow, ignored: Collection[str]) -> bool:
    """Whether a flow's steps ask for production, or code that cannot be read may do so.

    Args:
        flow: the flow.
        ignored: names of decorators that guard nothing.
    """
    for owner in flow.lineage:
        for decorator in owner.definition.decorators:
            is_known = metaflow_name(decorator.qualified) is not None or decorator.name in ignored
            if not is_known and definition_of(decorator, owner.module) is None:
                return True
    for function in functions(flow):
        if asks(function.descendants, ("is_production",)) or hands_on(function):
            return True
    return False
