"""The functions of a flow's files that run in its tasks, as far as their names show it.

`reached_code.py` follows calls alone, but also into other files.
"""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.call_graph import Code, may_run
from lint_rules.model.code import Function
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
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
    steps = {step.function for step in flow.all_steps.values()}
    named: dict[Function, list[Code]] = {}
    found: dict[str, tuple[Function, ...]] = {}
    for name, step in flow.all_steps.items():
        reached: dict[Function, None] = {}
        waiting = [Code(step.flow.module, step.function, flow)]
        while waiting:
            code = waiting.pop()
            function = code.function
            if function in reached:
                continue
            reached[function] = None
            if function not in named:
                named[function] = [c for c in may_run(code, flow) if c.function not in steps]
            waiting += named[function]
        found[name] = tuple(reached)
    return found
