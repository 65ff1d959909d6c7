"""What a flow reads of its own latest runs while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.metaflow_calls import expected_to_fail, metaflow_calls
from lint_rules.analysis.namespaces import namespace_calls, project_in
from lint_rules.analysis.pathspecs import current_attribute
from lint_rules.analysis.unconditional import always_run
from lint_rules.model.code import (
    Attribute,
    Call,
    Constant,
    Expression,
    Function,
    Name,
    Subscript,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

LATEST, SUCCESSFUL = "latest_run", "latest_successful_run"
UNFINISHED = frozenset({"data", "end_task", "finished", "finished_at", "successful"})
"""What a run does not have before its end: it is `None` or `False`."""


@dataclass(frozen=True, eq=False)
class OwnRun:
    """A read of something of a flow's own run.

    Attributes:
        at: the expression that reads it.
        latest: `latest_run` or `latest_successful_run`.
        name: what it reads: `data`.
    """

    at: Expression
    latest: str
    name: str


def own_runs(flow: Flow) -> Iterator[OwnRun]:
    """What the steps and methods of a flow read of its own latest run, and what its steps always
    read of its latest successful run, which the first run does not have."""
    module = flow.module
    calls = metaflow_calls(module).get("Flow", ())
    if not calls or not _sees_itself(module):
        return
    steps = {step.function for step in flow.steps}
    has_switch = any(node.kind == "switch" for node in flow.graph.nodes.values())
    for function in flow.definition.functions:
        own = {c for c in function.descendants.calls if _is_own(c, function, flow)}
        if not own:
            continue
        always = frozenset(always_run(function)) if function in steps and not has_switch else ()
        for found in _reads(function, own):
            if found.at in expected_to_fail(module):
                continue
            if (found.latest == LATEST and found.name in UNFINISHED) or (
                found.latest == SUCCESSFUL and found.at in always
            ):
                yield found


def _sees_itself(module: Module) -> bool:
    """Whether the runs of a file's flows are certainly in the namespace that it reads from."""
    for call in namespace_calls(module):
        given = module.known(call.argument("ns", 0))
        is_global = isinstance(given, Constant) and given.value is None
        if not is_global and project_in(call, module) is None:
            return False
    return True


def _is_own(call: Call, function: Function, flow: Flow) -> bool:
    """Whether a call of the client is `Flow` of the flow itself."""
    if call not in metaflow_calls(flow.module).get("Flow", ()):
        return False
    given = call.argument("pathspec", 0)
    if given is None:
        return False
    if current_attribute(given) == "flow_name":
        return True
    if isinstance(given, Name):
        me = function.self_name
        if given.name in (f"{me}.name", f"{me}.__class__.__name__"):
            return True
    is_alone = not flow.subclasses and not flow.is_base
    return is_alone and flow.module.text(given) == flow.name


def _reads(function: Function, own: set[Call]) -> Iterator[OwnRun]:
    flows, runs = _names(function, own)
    for reference in function.descendants.names:
        if reference.context != "load":
            continue
        head, _, rest = reference.name.partition(".")
        first, _, others = rest.partition(".")
        if head in flows and first in (LATEST, SUCCESSFUL) and others:
            yield OwnRun(reference, first, others.partition(".")[0])
        elif head in runs and first:
            yield OwnRun(reference, runs[head], first)
    for member in function.descendants.attributes:
        latest = _latest(member.value, own, flows, runs)
        if latest is not None:
            yield OwnRun(member, latest, member.name)
    for statement in function.statements:
        for expression in statement.expressions:
            for part in expression.walk():
                latest = None
                if isinstance(part, Subscript):
                    latest = _latest(part.value, own, flows, runs)
                if latest == SUCCESSFUL:
                    yield OwnRun(part, SUCCESSFUL, "[…]")


def _names(function: Function, own: set[Call]) -> tuple[set[str], dict[str, str]]:
    """The local names that hold the flow, and those that hold one of its latest runs."""
    flows: set[str] = set()
    runs: dict[str, str] = {}
    for name, bindings in function.locals.items():
        source = bindings[0].source if len(bindings) == 1 and not bindings[0].path else None
        if source in own:
            flows.add(name)
    for name, bindings in function.locals.items():
        source = bindings[0].source if len(bindings) == 1 and not bindings[0].path else None
        latest = _latest(source, own, flows, {})
        if latest is not None:
            runs[name] = latest
    return flows, runs


def _latest(
    expression: Expression | None, own: set[Call], flows: set[str], runs: dict[str, str]
) -> str | None:
    """Which of its latest runs an expression is."""
    match expression:
        case Attribute(value=Call() as call) if call in own:
            return expression.name if expression.name in (LATEST, SUCCESSFUL) else None
        case Name():
            owner, _, name = expression.name.partition(".")
            if owner in flows and name in (LATEST, SUCCESSFUL):
                return name
            return runs.get(expression.name)
    return None
