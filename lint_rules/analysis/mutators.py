"""What a project's own decorators may add to a flow: mutators add parameters and decorators."""

from __future__ import annotations

from collections.abc import Iterable

from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.model.code import Decorator
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name


def may_add(flow: Flow, method: str, apart: Iterable[str] = ()) -> bool:
    """Whether a decorator of a flow, or of one of its bases, may add to it.

    Args:
        flow: the flow.
        method: what a mutator calls for that: `add_parameter` or `add_decorator`.
        apart: names of decorators that certainly do not.
    """
    known = frozenset(apart)
    return any(
        _may_add(decorator, owner.module, method)
        for owner in flow.lineage
        for decorator in owner.decorators
        if metaflow_name(decorator.qualified) is None and decorator.name not in known
    )


def _may_add(decorator: Decorator, module: Module, method: str) -> bool:
    found = definition_of(decorator, module)
    if found is None:
        return False
    where, _ = found
    names = {reference.name.rpartition(".")[2] for reference in where.descendants.names}
    return method in names or any(member.name == method for member in where.descendants.attributes)
