"""Which classes of a file are flows or mixins of flows, with their bases in any file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.model.code import Class, Expression, Name, Subscript
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name

if TYPE_CHECKING:
    from lint_rules.model.module import Module

NEUTRAL_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases that give a flow nothing that a rule asks about."""

MOST_ANCESTORS = 100
"""Classes that a flow may derive from, before its bases are taken for unknown."""

MOST_INHERITED = 10_000
"""Classes and functions that the flows of a file may inherit, one with another."""


def find_flows(module: Module) -> tuple[Flow, ...]:
    """The classes of a module that derive from `FlowSpec`, with their bases in the same file and
    in others of the repository."""
    for other in _modules_of_bases(module):
        # The furthest first: a chain of files may be longer than Python's stack.
        _ = other.flows
    found: dict[str, Flow] = {}
    classes: dict[str, Class] = {}
    inherited = _Inherited()
    for definition in module.definitions:
        if not isinstance(definition, Class):
            continue
        flow = _as_flow(module, definition, found, classes)
        if flow is not None and not inherited.takes(flow):
            module.notes.append(f"the flow `{flow.name}` inherits too much to be looked at whole")
            flow = Flow(module, definition, (), False)
        if flow is not None:
            found[definition.name] = flow
        else:
            classes[definition.name] = definition
    return tuple(found.values())


def find_mixins(module: Module) -> dict[str, Flow]:
    """The classes of a module that are not flows but can be part of one, by name."""
    found: dict[str, Flow] = {}
    inherited = _Inherited()
    for definition in module.definitions:
        if not isinstance(definition, Class):
            continue
        bases = [_unsubscripted(base) for base in definition.bases]
        names = [base.name if isinstance(base, Name) else "" for base in bases]
        own = [found[name] for name in names if name in found]
        # Of two classes of one name, the second may derive from the first.
        found.pop(definition.name, None)
        if len(own) == sum(base.qualified not in NEUTRAL_BASES for base in bases):
            mixin = Flow(module, definition, tuple(own), True)
            if inherited.takes(mixin):
                found[definition.name] = mixin
    return found


class _Inherited:
    """How much the classes of a file inherit, each from all of its bases."""

    def __init__(self) -> None:
        self._left = MOST_INHERITED

    def takes(self, flow: Flow) -> bool:
        """Whether a class may have the bases that it has."""
        if not flow.bases:
            return True
        if self._left < 0 or len(flow.lineage) > MOST_ANCESTORS:
            return False
        self._left -= sum(1 + len(base.definition.functions) for base in flow.lineage[1:])
        return self._left >= 0


def _as_flow(
    module: Module, definition: Class, flows: dict[str, Flow], classes: dict[str, Class]
) -> Flow | None:
    bases: list[Flow] = []
    names: list[Expression] = []
    is_flow = False
    knows = not any(keyword.name != "metaclass" for keyword in definition.keywords)
    for base in definition.bases:
        named = _unsubscripted(base)
        name = named.name if isinstance(named, Name) else ""
        if name in flows:
            bases.append(flows[name])
            names.append(base)
            is_flow = True
            knows = knows and flows[name].knows_its_bases
        elif metaflow_name(named.qualified) == "FlowSpec":
            is_flow = True
        elif name in classes and name in module.mixins:
            bases.append(module.mixins[name])
            names.append(base)
        elif named.qualified not in NEUTRAL_BASES:
            other = _imported_base(module, named)
            if other is None:
                knows = False
            else:
                bases.append(other)
                names.append(base)
                is_flow = is_flow or other in other.module.flows
                knows = knows and other.knows_its_bases
    flow = Flow(module, definition, tuple(bases), knows, tuple(names))
    # A base of an installed package makes a flow too, if the class has steps.
    return flow if is_flow or (not knows and flow.steps) else None


def _imported_base(module: Module, base: Expression) -> Flow | None:
    """The base flow or mixin that a class takes from another file of the repository, or from an
    installed package that is known."""
    found = module.resolver.definition(base.qualified) if base.qualified else None
    if found is None:
        return None
    other, definition = found
    flow = next((flow for flow in other.flows if flow.definition is definition), None)
    return flow or other.mixins.get(definition.name)


def _modules_of_bases(module: Module) -> list[Module]:
    """The other files that bases of a module's classes lead to, the furthest first, as far as
    their flows are not known yet."""
    order: list[Module] = []
    waiting = [module]
    while waiting:
        current = waiting.pop()
        for definition in current.definitions:
            for base in definition.bases if isinstance(definition, Class) else ():
                qualified = _unsubscripted(base).qualified
                if qualified is None or metaflow_name(qualified) or qualified in NEUTRAL_BASES:
                    continue
                found = current.resolver.definition(qualified)
                if found and not found[0].knows_flows and found[0] not in order:
                    order.append(found[0])
                    waiting.append(found[0])
    return order[::-1]


def _unsubscripted(base: Expression) -> Expression:
    return base.value if isinstance(base, Subscript) else base
