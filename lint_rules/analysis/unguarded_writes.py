"""Which writes outside Metaflow a flow does, wherever it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.call_graph import Code, callee
from lint_rules.analysis.current import asks, attribute, read
from lint_rules.analysis.external_writes import Writes
from lint_rules.analysis.output import is_output
from lint_rules.analysis.test_mode import default_parts
from lint_rules.analysis.unconditional import always_run
from lint_rules.model.code import (
    Assignment,
    Call,
    Decorator,
    Expression,
    Function,
    Location,
    Name,
    Statement,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

ASKED = ("branch_name", "is_production", "project_flow_name")
"""What of `current` tells apart where a flow runs."""

DEEPEST = 3
"""How many functions that call each other are followed to a write."""

_GUARDS = frozenset(
    ["branch_name", "dry_run", "dryrun", "is_prod", "is_production", "prod", "production"]
)
"""The names of guards that are not Metaflow's."""


@dataclass(frozen=True, eq=False)
class Write:
    """A call that writes.

    Attributes:
        call: the call.
        function: the step or method that it is in.
        target: what it writes to, in the words of a message.
    """

    call: Call
    function: Function
    target: str

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.call.location


def unguarded_writes(flow: Flow) -> list[Write]:
    """The calls in a flow's methods that write outside Metaflow, if nothing asks where it runs.

    What is written under the run's own name is left out: no other run can overwrite it.
    """
    found = [write for owner in flow.lineage for write in _writes(owner, flow)]
    return [] if not found or _is_guarded(flow, {write.function for write in found}) else found


def _writes(owner: Flow, flow: Flow) -> Iterator[Write]:
    for function in owner.definition.functions:
        code = Code(owner.module, function, flow)
        writes = Writes(code)
        for call in function.descendants.calls:
            called = callee(call, code)
            if called is not None and asks(called.function.descendants, ASKED):
                continue
            target = writes.target(call) or _target_of(called, DEEPEST)
            if target and not writes.is_of_the_run(call, target):
                yield Write(call, function, target)


def _target_of(code: Code | None, depth: int) -> str | None:
    """What a function of the repository writes to in each of its calls, `None` if it may not."""
    if code is None or code.flow is not None or not depth:
        return None
    if asks(code.function.descendants, ASKED):
        return None
    writes = Writes(code)
    for call in always_run(code.function):
        code.module.budget.require(on=code.function.name)
        if isinstance(call, Call):
            target = writes.target(call) or _target_of(callee(call, code), depth - 1)
            if target and not writes.is_of_the_run(call, target):
                return target
    return None


def _is_guarded(flow: Flow, writing: set[Function]) -> bool:
    """Whether the flow checks where it runs, and does not only tell people so.

    Args:
        flow: the flow.
        writing: its methods that write. What decorates only other steps does not guard them.
    """
    apart = {*default_parts(flow), *_in_decorators_of_others(flow, writing)}
    modules = dict.fromkeys(owner.module for owner in flow.lineage)
    return any(
        asks(module.descendants, ASKED, apart | _told(module))
        or any(map(_is_guard, module.descendants.names))
        for module in modules
    )


def _is_guard(reference: Name) -> bool:
    """Whether a name is that of a guard, as in `self.production`."""
    return attribute(reference) is None and not _GUARDS.isdisjoint(reference.name.split(".")[1:])


def _in_decorators_of_others(flow: Flow, writing: set[Function]) -> Iterator[Expression]:
    """The questions to `current` in functions that decorate steps, but none of some methods."""
    decorating: dict[Function, bool] = {}
    for owner in flow.lineage:
        for function in owner.definition.functions:
            for decorator in function.decorators:
                by = _function(decorator, owner.module)
                if by is not None:
                    decorating[by] = decorating.get(by, False) or function in writing
    for decorator_function, decorates in decorating.items():
        if not decorates:
            yield from (reference for reference, _ in read(decorator_function.descendants))


def _function(decorator: Decorator, module: Module) -> Function | None:
    """The function of the repository that a decorator is."""
    if decorator.qualified is None:
        return module.functions.get(decorator.name)
    _, definition = module.resolver.definition(decorator.qualified) or (None, None)
    return definition if isinstance(definition, Function) else None


def _told(module: Module) -> set[Expression]:
    """The questions to `current` whose answers are only printed or logged.

    Also if they are first given a name: `self.mode = "p" if current.is_production else "d"`.
    """
    asked: set[Expression] = {reference for reference, _ in read(module.descendants)}
    if not asked:
        return set()
    statements = [*_statements(module)]
    output = {part for s in statements if is_output(s) for e in s.expressions for part in e.walk()}
    told = asked & output
    for statement in statements:
        if isinstance(statement, Assignment) and statement.value is not None:
            inside = asked.intersection(statement.value.walk())
            if inside and all(_is_only_told(t, module, output) for t in statement.targets):
                told |= inside
    return told


def _is_only_told(target: Expression, module: Module, output: set[Expression]) -> bool:
    """Whether all that is done with a variable or an artifact is to print or log it."""
    return isinstance(target, Name) and all(
        name in output
        for name in module.descendants.names
        if name.context == "load" and f"{name.name}.".startswith(f"{target.name}.")
    )


def _statements(module: Module) -> Iterator[Statement]:
    for definition in module.descendants.definitions:
        if isinstance(definition, Function):
            yield from definition.statements
