"""What a project's own decorators may add to a flow: mutators add parameters and decorators."""

from __future__ import annotations

from collections.abc import Iterable

from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.model.code import Attribute, Call, Constant, Decorator, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name

ADDED_BY = {"project": "add_decorator", "test_mode": "add_parameter"}
"""What a mutator calls to add something."""


def may_add(flow: Flow, added: str, apart: Iterable[str] = ()) -> bool:
    """Whether a decorator of a flow, or of one of its bases, may add something to it.

    Args:
        flow: the flow.
        added: one of `ADDED_BY`.
        apart: names of decorators that certainly do not.
    """
    known = frozenset(apart)
    return any(
        _may_add(decorator, owner.module, added)
        for owner in flow.lineage
        for decorator in owner.decorators
        if metaflow_name(decorator.qualified) is None and decorator.name not in known
    )


def _may_add(decorator: Decorator, module: Module, added: str) -> bool:
    found = definition_of(decorator, module)
    if found is None:
        return False
    where, _ = found
    method = ADDED_BY[added]
    inside = where.descendants
    others = {id(c.function) for c in inside.calls if not _may_be(c, added, where)}
    mentions: list[Name | Attribute] = [
        m for m in inside.names if m.name.rpartition(".")[2] == method
    ]
    mentions += [m for m in inside.attributes if m.name == method]
    return any(id(mention) not in others for mention in mentions)


def _may_be(call: Call, added: str, module: Module) -> bool:
    """Whether what a call adds, its first argument, may be what is looked for."""
    first = call.positional[0] if call.positional else None
    match first:
        case Constant(text=str(text)):
            return text == added
        case Name(name=name):
            own = any(definition.name == name for definition in module.definitions)
            return not own and metaflow_name(first.qualified) in (None, added)
    return True
