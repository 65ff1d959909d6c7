"""Names that are asked at the wrong time: `current` and `self` before a run, and in a step what
Metaflow reads before it."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.class_evaluation import naming
from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Assignment,
    Call,
    Comprehension,
    Expr,
    Expression,
    Function,
    If,
    Lambda,
    Name,
    Statement,
)
from lint_rules.model.flow import PARAMETER_KINDS, Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

_ALWAYS_THERE = frozenset({"get", "is_running_flow"})
_ASKING = frozenset({"builtins.hasattr", "builtins.getattr", "builtins.isinstance"})


def early_current(flow: Flow) -> Iterator[Name]:
    """The attributes of `current` that are read while a flow's file is loaded.

    Those at module level are reported with the first flow that has steps.
    """
    module = flow.module
    heads = {n for n, q in module.scope.imports.items() if q in ("metaflow.current", "metaflow")}
    if module.scope.stars:
        heads.add("current")
    if not heads:
        return
    expressions = list(naming(flow, heads))
    if module.runnable and module.runnable[0] is flow:
        expressions += _at_module_level(module)
    for expression in expressions:
        found = [part for part in eager(expression) if isinstance(part, Name)]
        asked = [reference for reference in found if _property(reference)]
        if asked and not any(_is_guard(part) for part in expression.walk()):
            yield from asked


def _property(reference: Name) -> str | None:
    """The attribute of `current` that a name reads and that only a run provides."""
    owner, _, name = reference.name.rpartition(".")
    if not owner or reference.context != "load" or name in _ALWAYS_THERE:
        return None
    if metaflow_name(reference.scope.resolve(owner)) != "current":
        return None
    return name if name in facts().current_properties else None


def _is_guard(part: Expression) -> bool:
    """Whether an expression asks whether there is a run at all."""
    if isinstance(part, Name):
        return part.name.endswith(".is_running_flow")
    return isinstance(part, Call) and part.function.qualified in _ASKING


def _at_module_level(module: Module) -> Iterator[Expression]:
    """The expressions that each load of a file evaluates, outside of `if` and `try`."""
    for statement in module.body:
        if isinstance(statement, Assignment):
            yield from [] if statement.value is None else [statement.value]
        elif isinstance(statement, Expr):
            yield statement.value
        elif _is_plain_if(statement, module):
            yield from statement.expressions


def _is_plain_if(statement: Statement, module: Module) -> bool:
    return isinstance(statement, If) and statement not in list(module.main_guards())


def early_self(flow: Flow) -> Iterator[Name]:
    """The uses of `self` in a class's decorators and body, outside of functions."""
    for expression in naming(flow, ("self",)):
        for part in eager(expression):
            if (
                isinstance(part, Name)
                and (part.head, part.context) == ("self", "load")
                and part.scope.owner("self") is None
            ):
                yield part


def eager(expression: Expression) -> Iterator[Expression]:
    """An expression and what is evaluated with it: nothing inside of lambdas and generators."""
    waiting = [expression]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Lambda):
            waiting += [p.default for p in found.parameters if p.default is not None]
            continue
        if isinstance(found, Comprehension) and found.kind == "generator":
            continue
        yield found
        waiting += found.parts[::-1]


def late_calls(flow: Flow) -> Iterator[tuple[Call, str, Function]]:
    """The calls of `config_expr`, and those that make parameters, in a flow's steps: each with the
    name of what is called and the step."""
    for step in flow.steps:
        inner = {
            call
            for definition in step.function.descendants.definitions
            for call in definition.descendants.calls
        }
        for call in step.function.descendants.calls:
            name = metaflow_name(call.function.qualified)
            if name in ("config_expr", *PARAMETER_KINDS) and call not in inner:
                yield call, name, step.function
