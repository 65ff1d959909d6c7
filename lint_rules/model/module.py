"""A file as the rules see it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from lint_rules.budget import FILE_STEPS, Budget
from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Compare,
    Constant,
    Definition,
    Descendants,
    Expression,
    Function,
    If,
    Import,
    Location,
    Name,
    Node,
    Range,
    Statement,
    Subscript,
    docstring,
)
from lint_rules.model.constants import Known, known, text_of
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.scope import Scope, metaflow_name
from lint_rules.model.step import Step

if TYPE_CHECKING:
    from lint_rules.analysis.imports import ImportResolver

_TEST_FILES = ("test_*.py", "*_test.py", "conftest.py")


@dataclass(eq=False)
class Module:
    """A Python file.

    Attributes:
        body: its statements.
        scope: the names it binds.
        descendants: the calls, references, imports and definitions anywhere in it.
        resolver: finds what it imports from the repository around it.
        code: its text.
    """

    body: tuple[Statement, ...]
    scope: Scope
    descendants: Descendants
    resolver: ImportResolver
    code: str
    known_expressions: dict[object, Known] = field(init=False, default_factory=dict)
    known_texts: dict[object, str | None] = field(init=False, default_factory=dict)
    known_items: dict[Expression, dict[str, Expression]] = field(init=False, default_factory=dict)
    known_configs: dict[Parameter, object] = field(init=False, default_factory=dict)
    """What `lint_rules.model.constants` found out of the file's expressions and configs."""
    notes: list[str] = field(init=False, default_factory=list)
    """What is not known of the file, for it would take too long."""
    _flows: tuple[Flow, ...] | None = field(init=False, default=None)

    @property
    def flows(self) -> tuple[Flow, ...]:
        """Its classes that derive from `FlowSpec`, base flows too, in order."""
        if self._flows is None:
            # Where files import each other in a circle, the way round finds nothing.
            self._flows = ()
            try:
                self._flows = find_flows(self)
            except BaseException:
                self._flows = None
                raise
        return self._flows

    @cached_property
    def budget(self) -> Budget:
        """What it may still take to find out things of the file."""
        return Budget(FILE_STEPS)

    @cached_property
    def mixins(self) -> dict[str, Flow]:
        """Its classes that are no flows but can be a part of one, as base flows, by name."""
        found: dict[str, Flow] = {}
        inherited = _Inherited()
        for definition in self.definitions:
            if not isinstance(definition, Class):
                continue
            bases = [_unsubscripted(base) for base in definition.bases]
            names = [base.name if isinstance(base, Name) else "" for base in bases]
            own = [found[name] for name in names if name in found]
            # Of two classes of one name, the second may derive from the first.
            found.pop(definition.name, None)
            if len(own) == sum(base.qualified not in NEUTRAL_BASES for base in bases):
                mixin = Flow(self, definition, tuple(own), True)
                if inherited.takes(mixin):
                    found[definition.name] = mixin
        return found

    @cached_property
    def subclasses(self) -> dict[Flow, list[Flow]]:
        """For each flow, the flows of this file that derive from it."""
        found: dict[Flow, list[Flow]] = {}
        for flow in self.flows:
            for base in flow.lineage[1:]:
                found.setdefault(base, []).append(flow)
        return found

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements of the file, those under `if`, `try` and the like too, but not those
        inside functions and classes."""
        return tuple(nested for statement in self.body for nested in statement.walk())

    @property
    def location(self) -> Location:
        """The whole file."""
        return Location(self.resolver.path, Range(0, len(self.code)))

    @property
    def docstring(self) -> Constant | None:
        """The file's docstring."""
        return docstring(self.body)

    @cached_property
    def runnable(self) -> tuple[Flow, ...]:
        """The flows with steps, which rules check: not base flows."""
        return tuple(flow for flow in self.flows if not flow.is_base)

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """The functions and classes at module level."""
        return tuple(s for s in self.statements if isinstance(s, Definition))

    @cached_property
    def first_definitions(self) -> dict[str, Definition]:
        """The functions and classes at module level by name, of several the first."""
        return {definition.name: definition for definition in reversed(self.definitions)}

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """The imports at module level that run: not those under `if TYPE_CHECKING:`."""
        for_types = {
            nested
            for statement in self.statements
            if isinstance(statement, If) and _is_type_checking(statement.test)
            for inner in statement.body
            for nested in inner.walk()
        }
        return tuple(s for s in self.statements if isinstance(s, Import) and s not in for_types)

    @cached_property
    def constants(self) -> dict[str, Expression]:
        """The values of the names that the module assigns exactly once."""
        assigned: dict[str, list[Expression | None]] = {}
        for statement in self.statements:
            if isinstance(statement, Assignment):
                for target in statement.targets:
                    if isinstance(target, Name):
                        assigned.setdefault(target.name, []).append(statement.value)
        return {
            name: values[0]
            for name, values in assigned.items()
            if len(values) == 1 and values[0] is not None and name not in self.scope.rebound
        }

    @cached_property
    def functions(self) -> dict[str, Function]:
        """The functions at module level by name."""
        return {d.name: d for d in self.definitions if isinstance(d, Function)}

    @cached_property
    def classes(self) -> dict[str, Class]:
        """The classes at module level by name."""
        return {d.name: d for d in self.definitions if isinstance(d, Class)}

    @property
    def is_test(self) -> bool:
        """Whether the file holds tests, by pytest's naming: its flows are their material.

        A file that is named like a test and starts its flow is a flow's.
        """
        file = self.resolver.path.name if self.resolver.path else ""
        if any(fnmatchcase(file, name) for name in _TEST_FILES) and "__main__" not in self.code:
            return True
        flows = {flow.name for flow in self.flows}
        return any(
            definition.name.startswith("test_" if isinstance(definition, Function) else "Test")
            for definition in self.definitions
            if definition.name not in flows
        )

    @cached_property
    def references(self) -> dict[str, list[Name]]:
        """The names anywhere in the file by their first part: `pd.DataFrame` under `pd`."""
        found: dict[str, list[Name]] = {}
        for reference in self.descendants.names:
            found.setdefault(reference.head, []).append(reference)
        return found

    @cached_property
    def calls_of_setattr(self) -> tuple[Call, ...]:
        """The calls of Python's `setattr` anywhere in the file."""
        calls = self.descendants.calls
        return tuple(call for call in calls if call.function.qualified == "builtins.setattr")

    @cached_property
    def step_references(self) -> dict[Name, Step]:
        """The names that stand in the bodies of steps, with the steps."""
        return {
            reference: step
            for flow in self.flows
            for step in flow.steps
            for reference in step.function.descendants.names
        }

    @cached_property
    def function_references(self) -> set[Name]:
        """The names that stand in the bodies of functions at module level."""
        return {r for function in self.functions.values() for r in function.descendants.names}

    def known(self, expression: Expression | None) -> Expression | None:
        """The expression, or what the constant of that name holds, in this module or another of
        the repository."""
        return None if expression is None else known(expression, self)[0]

    def code_of(self, node: Node) -> str:
        """How something in the file is written."""
        return self.code[node.start : node.end]

    def text(self, expression: Expression | None, flow: Flow | None = None) -> str | None:
        """The text of an expression, also through constants of this module and of others of the
        repository, in f-strings, and in the defaults of a flow's configs."""
        return text_of(expression, self, flow)

    def function_of_scope(self, scope: Scope) -> Function | None:
        """The function that a scope is the inside of."""
        return self._functions_of_scopes.get(scope)

    @cached_property
    def _functions_of_scopes(self) -> dict[Scope, Function]:
        return {d.scope: d for d in self.descendants.definitions if isinstance(d, Function)}

    def main_guards(self) -> Iterator[If]:
        """The statements `if __name__ == "__main__":`."""
        for statement in self.statements:
            if isinstance(statement, If):
                test = statement.test
                if isinstance(test, Compare) and test.operators == ("==",):
                    names = {o.name for o in test.operands if isinstance(o, Name)}
                    texts = {o.text for o in test.operands if isinstance(o, Constant)}
                    if names == {"__name__"} and texts == {"__main__"}:
                        yield statement


def _is_type_checking(test: Expression) -> bool:
    return isinstance(test, Name) and test.name.rpartition(".")[2] == "TYPE_CHECKING"


NEUTRAL_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol"})
"""Bases that give a flow nothing that a rule asks about."""

FOREIGN_FLOW_BASES = frozenset({"obproject.ProjectFlow"})
"""Flows of installed packages that public projects derive theirs from; all are in a project."""


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
            flow = Flow(module, definition, (), False, flow.has_foreign_project)
        if flow is not None:
            found[definition.name] = flow
        else:
            classes[definition.name] = definition
    return tuple(found.values())


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
    is_flow = in_project = False
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
        elif named.qualified in FOREIGN_FLOW_BASES:
            is_flow, in_project, knows = True, True, False
        elif name in classes and name in module.mixins:
            bases.append(module.mixins[name])
            names.append(base)
        elif named.qualified not in NEUTRAL_BASES:
            other = _from_elsewhere(module, named)
            if other is None:
                knows = False
            else:
                bases.append(other)
                names.append(base)
                is_flow = is_flow or other in other.module.flows
                knows = knows and other.knows_its_bases
    flow = Flow(module, definition, tuple(bases), knows, in_project, tuple(names))
    # A base from elsewhere makes a flow too, when the class has steps.
    return flow if is_flow or (not knows and flow.steps) else None


def _from_elsewhere(module: Module, base: Expression) -> Flow | None:
    """The base flow or mixin that a class takes from another file of the repository."""
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
                if found and found[0]._flows is None and found[0] not in order:
                    order.append(found[0])
                    waiting.append(found[0])
    return order[::-1]


def _unsubscripted(base: Expression) -> Expression:
    return base.value if isinstance(base, Subscript) else base
