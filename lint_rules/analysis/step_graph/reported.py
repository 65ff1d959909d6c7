"""Which problems are reported of which flow of a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.step_graph.check import flow_problems, step_problems
from lint_rules.analysis.step_graph.collect import collect
from lint_rules.analysis.step_graph.nodes import Node
from lint_rules.analysis.step_graph.problems import Problem
from lint_rules.model.code import Function, Location, Name, Raise
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.step import Step


def problems(flow: Flow, code: str) -> Iterator[Problem]:
    """What a rule reports of a flow: what Metaflow refuses in it.

    A flow is checked as a whole if its file runs it, or if it has a first and a last step and does
    not look like a base. If other flows complete it, only its single steps are checked. A step that
    a flow of the same file inherits is checked with that flow, and a flow whose subclass runs is
    checked with the subclass.
    """
    for problem in _of_flow(flow):
        if problem.code == code:
            yield problem


@remembered
def _of_flow(flow: Flow) -> tuple[Problem, ...]:
    """The problems of a flow, of several of one rule at one location only the first."""
    first: dict[tuple[str, Location], Problem] = {}
    for problem in _find(flow):
        first.setdefault((problem.code, problem.location), problem)
    return tuple(first.values())


def _find(flow: Flow) -> Iterator[Problem]:
    steps = collect(flow)
    if steps is None:
        return
    runs = is_run(flow)
    if not steps.nodes and not runs:
        return
    subclasses = [subclass for subclass in flow.subclasses if subclass.is_complete]
    if runs:
        yield from flow_problems(flow, steps)
    elif any(is_run(subclass) for subclass in flow.subclasses):
        return
    elif flow.is_complete and not _looks_abstract(flow):
        for problem in flow_problems(flow, steps):
            if not _is_inherited(steps.nodes.get(problem.step), subclasses):
                yield problem
    elif not flow.subclasses:
        yield from step_problems(steps)


def _looks_abstract(flow: Flow) -> bool:
    """Whether a flow that its file does not run seems to be there for others to derive from."""
    if _ABSTRACT.search(flow.name):
        return True
    functions = [function for owner in flow.lineage for function in owner.definition.functions]
    return any(
        decorator.qualified == "abc.abstractmethod"
        for function in functions
        for decorator in function.decorators
    ) or any(_is_left_open(function) for function in functions)


_ABSTRACT = re.compile(r"^_|Base(?![a-z])|Abstract|Mixin|Template")


def _is_left_open(function: Function) -> bool:
    """Whether a method ends in `raise NotImplementedError`."""
    last = function.body[-1]
    return isinstance(last, Raise) and any(
        isinstance(part, Name) and part.name == "NotImplementedError"
        for expression in last.expressions
        for part in expression.walk()
    )


def _is_inherited(node: Node | None, subclasses: list[Flow]) -> bool:
    """Whether a flow of the same file has the step, too, and is checked with it."""
    if node is None:
        return bool(subclasses)
    return any(
        step.function is node.function
        for subclass in subclasses
        for step in subclass.all_steps.values()
    )


def is_replaced(step: Step) -> bool:
    """Whether only flows that have another step, or none, in a step's place are run by its file."""
    flow = step.flow
    if is_run(flow):
        return False
    subclasses = [subclass for subclass in flow.subclasses if is_run(subclass)]
    return bool(subclasses) and all(
        subclass.all_steps.get(step.name) is not step for subclass in subclasses
    )


def is_run(flow: Flow) -> bool:
    """Whether the flow's file runs it: calls it, or hands it to a call, such as a `Runner`'s."""
    return flow.name in _called(flow.module)


@remembered
def _called(module: Module) -> frozenset[str]:
    """The names of the module's that are called or handed to calls anywhere in it."""
    found: set[str] = set()
    for call in module.descendants.calls:
        for value in (call.function, *(argument.value for argument in call.arguments)):
            if isinstance(value, Name) and value.scope.owner(value.name) is module.scope:
                found.add(value.name)
    return frozenset(found)
