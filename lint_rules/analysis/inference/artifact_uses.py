"""How a flow uses an artifact after it is assigned: in the same step, and in those that follow."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.inference.uses import END, Use, used_names, uses_of
from lint_rules.model.code import (
    Attribute,
    Comprehension,
    Expression,
    For,
    Function,
    Name,
    Subscript,
)
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Artifact, Step

_MOST_NAMES = 20
"""How often something is given another name before it is lost sight of."""


def uses_of_artifact(
    flow: Flow, artifact: Artifact, seen: set[Artifact] | None = None
) -> Iterator[Use]:
    """What is done with the value that an assignment gives an artifact, and with nothing else.

    Args:
        flow: the flow.
        artifact: the assignment.
        seen: the assignments that gave the value other names before.
    """
    seen = set() if seen is None else seen
    if artifact in seen or len(seen) > _MOST_NAMES:
        return
    seen.add(artifact)
    function, name = artifact.function, artifact.name
    of_function = assignments(flow, name, function)
    later = [a.bound_from for a in of_function if a.bound_from > artifact.bound_from]
    own = f"{function.self_name}.{name}"
    until = min(later, default=END)
    yield from _named(flow, function, own, artifact.bound_from, until, seen)
    if later:
        return
    for step in _following(flow, function, name):
        first = [a.bound_from for a in assignments(flow, name, step.function)]
        for spelled in _spellings(step, name):
            is_own = spelled == f"{step.function.self_name}.{name}"
            stop = min(first, default=END) if is_own else END
            yield from _named(flow, step.function, spelled, 0, stop, seen)
    if all(a.function is function for a in flow.artifacts.get(name, ())):
        for method in _helpers_that_use(flow).get(name, ()):
            if method is not function:
                yield from uses_of(method, f"{method.self_name}.{name}")


@remembered
def _helpers_that_use(flow: Flow) -> dict[str, list[Function]]:
    """The methods that are no steps, by the attributes of the flow that they do anything with."""
    steps = {step.function for step in flow.all_steps.values()}
    found: dict[str, list[Function]] = {}
    for owner in flow.lineage:
        for method in owner.definition.functions:
            if method in steps:
                continue
            for used in used_names(method):
                first, _, attribute = used.partition(".")
                if first == method.self_name and attribute and "." not in attribute:
                    found.setdefault(attribute, []).append(method)
    return found


def assignments(flow: Flow, name: str, function: Function) -> tuple[Artifact, ...]:
    """The assignments that a function makes to an artifact."""
    return tuple(_assignments(flow).get((name, function), ()))


@remembered
def _assignments(flow: Flow) -> dict[tuple[str, Function], list[Artifact]]:
    found: dict[tuple[str, Function], list[Artifact]] = {}
    for name, artifacts in flow.artifacts.items():
        for artifact in artifacts:
            found.setdefault((name, artifact.function), []).append(artifact)
    return found


def _named(
    flow: Flow, function: Function, name: str, start: int, stop: int, seen: set[Artifact]
) -> Iterator[Use]:
    """The uses of a name in a part of a function, and of what it is assigned to there."""
    yield from uses_of(function, name, start, stop)
    for local, at in _renamed(function).get(name, ()):
        if start <= at < stop:
            yield from uses_of(function, local)
    for other in _copies(flow).get((function, name), ()):
        if start <= other.bound_from < stop:
            yield from uses_of_artifact(flow, other, seen)


@remembered
def _renamed(function: Function) -> dict[str, list[tuple[str, int]]]:
    """The variables that are but another name for something, and from where, by that name."""
    found: dict[str, list[tuple[str, int]]] = {}
    for local, bindings in function.locals.items():
        binding = bindings[0]
        if len(bindings) == 1 and not binding.path and not isinstance(binding.statement, For):
            source = _spelled(binding.source)
            if source:
                found.setdefault(source, []).append((local, binding.bound_from))
    return found


@remembered
def _copies(flow: Flow) -> dict[tuple[Function, str], list[Artifact]]:
    """The artifacts that are but another name for something, by where they are and that name."""
    found: dict[tuple[Function, str], list[Artifact]] = {}
    for artifacts in flow.artifacts.values():
        for artifact in artifacts:
            source = _spelled(artifact.source)
            if source and not artifact.path and not isinstance(artifact.statement, For):
                found.setdefault((artifact.function, source), []).append(artifact)
    return found


def _spelled(source: Expression | None) -> str:
    """The name that an expression is: `inputs.papers` for `inputs[0].papers`."""
    match source:
        case Name():
            return source.name
        case Attribute(value=Subscript(value=Name() as inputs)):
            return f"{inputs.name}.{source.name}"
    return ""


def _following(flow: Flow, function: Function, name: str) -> list[Step]:
    """The steps that an artifact reaches from a function, as it leaves it."""
    nodes = flow.graph.nodes
    starts = [n.name for n in nodes.values() if n.step.function is function]
    seen: dict[str, Step] = {}
    waiting = [edge.target for start in starts for edge in nodes[start].after]
    while waiting:
        node = nodes.get(waiting.pop())
        if node is None or node.name in seen:
            continue
        seen[node.name] = node.step
        if not assignments(flow, name, node.step.function):
            waiting += [edge.target for edge in node.after]
    return list(seen.values())


def _spellings(step: Step, name: str) -> Iterator[str]:
    """How a step may spell an artifact that it is given."""
    yield f"{step.function.self_name}.{name}"
    inputs = step.inputs
    if inputs is None:
        return
    yield f"{inputs}.{name}"
    for variable in _branches(step):
        yield f"{variable}.{name}"
    yield from _named_inputs(step).get(name, ())


@remembered
def _named_inputs(step: Step) -> dict[str, list[str]]:
    """How a join spells what it takes from a branch, `inputs.train.model`, by `model`."""
    found: dict[str, list[str]] = {}
    for used in used_names(step.function):
        parts = used.split(".")
        if len(parts) == 3 and parts[0] == step.inputs:
            found.setdefault(parts[2], []).append(used)
    return found


@remembered
def _branches(step: Step) -> frozenset[str]:
    """The variables that a join has for single inputs: `for branch in inputs`."""
    function = step.function
    clauses: list[tuple[Expression, Expression]] = []
    for statement in function.statements:
        if isinstance(statement, For):
            clauses.append((statement.target, statement.iterable))
        for expression in statement.expressions:
            for part in expression.walk():
                if isinstance(part, Comprehension):
                    clauses += ((clause.target, clause.iterable) for clause in part.generators)
    return frozenset(
        target.name
        for target, iterable in clauses
        if isinstance(target, Name) and isinstance(iterable, Name) and iterable.name == step.inputs
    )
