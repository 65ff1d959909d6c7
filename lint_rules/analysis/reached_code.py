"""The code that a step runs: its own and that of the repository's functions that it calls."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.model.code import Call, Class, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow
from lint_rules.model.step import Step

_MOST_FUNCTIONS = 200


@dataclass(frozen=True, eq=False)
class Reached:
    """A function that a step runs.

    Attributes:
        module: the file it stands in.
        function: the function.
        at: what in the step's own body leads to it: the call, `None` for the step itself.
    """

    module: Module
    function: Function
    at: Call | None

    def shown(self, expression: Expression) -> Expression:
        """What to mark in the step for something in the function."""
        return expression if self.at is None else self.at


def reached(step: Step, flow: Flow) -> tuple[tuple[Reached, ...], tuple[Call, ...]]:
    """The functions that a step runs, itself first, and the calls in them that lead to code that
    cannot be seen; nested functions count as run.

    Args:
        step: the step.
        flow: the flow that runs it, whose methods it calls.
    """
    found = [Reached(step.flow.module, step.function, None)]
    seen = {step.function}
    unseen: list[Call] = []
    for here in found:
        for call in here.function.descendants.calls:
            called = _called(call, here, flow)
            if called is None:
                unseen.append(call)
            elif called[1] not in seen and len(found) < _MOST_FUNCTIONS:
                seen.add(called[1])
                found.append(Reached(*called, here.at or call))
    return tuple(found), tuple(unseen)


def _called(call: Call, here: Reached, flow: Flow) -> tuple[Module, Function] | None:
    name = call.function
    if not isinstance(name, Name):
        return None
    owner, _, method = name.name.rpartition(".")
    if owner and owner == here.function.self_name:
        return next(_methods(method, flow), None)
    if name.qualified is None:
        function = here.module.functions.get(name.name)
        is_module = name.scope.owner(name.name) is here.module.scope
        return (here.module, function) if function is not None and is_module else None
    if is_metaflow(name.qualified) or name.qualified.startswith("builtins."):
        return None
    defined = here.module.resolver.definition(name.qualified)
    if defined is None or isinstance(defined[1], Class):
        return None
    return (defined[0], defined[1]) if isinstance(defined[1], Function) else None


def _methods(name: str, flow: Flow) -> Iterator[tuple[Module, Function]]:
    for owner in flow.lineage:
        for function in owner.definition.functions:
            if function.name == name:
                yield owner.module, function
