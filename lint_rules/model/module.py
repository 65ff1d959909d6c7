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
    docstring,
)
from lint_rules.model.constants import Known, known, text_of
from lint_rules.model.flow import Flow
from lint_rules.model.flow_classes import find_flows, find_mixins
from lint_rules.model.memoize import forget
from lint_rules.model.scope import Scope
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
    known_configs: dict[object, object] = field(init=False, default_factory=dict)
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

    @property
    def knows_flows(self) -> bool:
        """Whether its flows were already found, or are being looked for."""
        return self._flows is not None

    @cached_property
    def budget(self) -> Budget:
        """What it may still take to find out things of the file."""
        return Budget(FILE_STEPS)

    @cached_property
    def mixins(self) -> dict[str, Flow]:
        """Its classes that are no flows but can be a part of one, as base flows, by name."""
        return find_mixins(self)

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

    @cached_property
    def is_test(self) -> bool:
        """Whether the file contains tests, by pytest's naming. Its flows are test data.

        A file that is named like a test and starts its flow is a flow's.
        """
        file = self.resolver.path.name if self.resolver.path else ""
        if any(fnmatchcase(file, name) for name in _TEST_FILES) and not any(self.main_guards()):
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

    def forget_analyses(self) -> None:
        """Drops what analyses remember of it, of its flows and of its functions: that takes more
        memory than the model itself."""
        steps = (step for flow in self.flows for step in flow.steps)
        forget((self, *self.flows, *steps, *self.descendants.definitions))

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
