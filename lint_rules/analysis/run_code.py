"""The functions of a file that run in the tasks of a flow."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import Function
from lint_rules.model.flow import Flow


def run_by_steps(flow: Flow) -> Iterator[Function]:
    """The steps that are judged with a flow, and what they name of the file: methods of its
    classes and functions at module level, directly or through others; in the file's order."""
    module = flow.module
    methods: dict[str, list[Function]] = {}
    for owner in flow.lineage:
        if owner.module is module:
            for function in owner.definition.functions:
                methods.setdefault(function.name, []).append(function)
    found: dict[Function, None] = {}
    waiting = [step.function for step in flow.judged_steps if step.flow.module is module]
    while waiting:
        function = waiting.pop()
        if function in found:
            continue
        found[function] = None
        for reference in function.descendants.names:
            head, _, rest = reference.name.partition(".")
            if head == function.self_name and rest:
                waiting += methods.get(rest.partition(".")[0], ())
            elif not rest and reference.scope.owner(head) is module.scope:
                named = module.functions.get(head)
                waiting += [named] if named is not None else []
    steps = {step.function for step in flow.all_steps.values()}
    own = {step.function for step in flow.judged_steps}
    kept = (function for function in found if function in own or function not in steps)
    yield from sorted(kept, key=lambda function: function.start)
