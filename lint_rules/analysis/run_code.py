"""The functions of a flow's files that run in its tasks."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import Function
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.step import Step


def run_by_steps(flow: Flow) -> Iterator[Function]:
    """The steps that are reported with a flow, and what they run of the flow's methods and its
    files' functions, in the order of a file."""
    own = {step.function for step in flow.reported_steps}
    steps = {step.function for step in flow.all_steps.values()}
    found = {f for step in flow.reported_steps for f in functions_of(step, flow)}
    kept = (f for f in found if f in own or f not in steps)
    yield from sorted(kept, key=lambda function: function.start)


def functions_of(step: Step, flow: Flow) -> tuple[Function, ...]:
    """What a step runs: itself, and what it names of the flow's methods and its files' functions,
    directly or through others."""
    return _by_step(flow).get(step.name, ())


@remembered
def _by_step(flow: Flow) -> dict[str, tuple[Function, ...]]:
    methods: dict[str, list[tuple[Function, Module]]] = {}
    steps = {step.function for step in flow.all_steps.values()}
    for owner in flow.lineage:
        for function in owner.definition.functions:
            if function not in steps:
                methods.setdefault(function.name, []).append((function, owner.module))
    named: dict[Function, list[tuple[Function, Module]]] = {}
    found: dict[str, tuple[Function, ...]] = {}
    for name, step in flow.all_steps.items():
        reached: dict[Function, None] = {}
        waiting = [(step.function, step.flow.module)]
        while waiting:
            function, module = waiting.pop()
            if function in reached:
                continue
            reached[function] = None
            if function not in named:
                named[function] = list(_named(function, module, methods))
            waiting += named[function]
        found[name] = tuple(reached)
    return found


def _named(
    function: Function, module: Module, methods: dict[str, list[tuple[Function, Module]]]
) -> Iterator[tuple[Function, Module]]:
    """The methods and functions that a function names."""
    for reference in function.descendants.names:
        head, _, rest = reference.name.partition(".")
        if rest and head == function.self_name:
            yield from methods.get(rest.partition(".")[0], ())
        elif rest or head not in module.functions:
            continue
        elif reference.scope.owner(head) is module.scope:
            yield module.functions[head], module
    for member in function.descendants.attributes:
        # `super().load()`, as far as one can tell.
        yield from methods.get(member.name, ())
