"""Finds out what the expressions of a function are; each kind of them has a file of its own."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import cached_property

from lint_rules.analysis.inference.artifacts import is_input, of_artifact, of_path
from lint_rules.analysis.inference.attributes import of_attribute
from lint_rules.analysis.inference.calls import of_call
from lint_rules.analysis.inference.functions import of_definition, of_returns
from lint_rules.analysis.inference.iteration import item_of
from lint_rules.analysis.inference.literals import (
    of_collection,
    of_comprehension,
    of_literal,
    of_mapping,
    of_operation,
)
from lint_rules.analysis.inference.names import of_reference
from lint_rules.analysis.inference.session import Session, session_of
from lint_rules.analysis.inference.subscripts import of_subscript
from lint_rules.analysis.inference.value import Kind, Names, Value, joined, plain
from lint_rules.model.code import (
    Attribute,
    Await,
    Call,
    Collection,
    Comprehension,
    Constant,
    Definition,
    Dict,
    Expression,
    For,
    Function,
    IfExp,
    JoinedStr,
    Lambda,
    LocalAssignment,
    Name,
    NamedExpr,
    Operation,
    Starred,
    Statement,
    Subscript,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.step import Artifact


@dataclass
class Reader:
    """Finds out what the expressions of one function are.

    Args:
        module: the file that the function stands in.
        function: the function, `None` for code at module level.
        flow: the flow, where the function is one of its steps or methods.
        library_types: further calls that make library objects, by their dotted names.
        given: what is known of the function's arguments.
    """

    module: Module
    function: Function | None
    flow: Flow | None = None
    library_types: frozenset[str] = frozenset()
    given: Names = field(default_factory=dict)
    depth: int = 0
    asked_by: Session | None = None

    @cached_property
    def session(self) -> Session:
        """What is known already where the first question was asked."""
        return self.asked_by or session_of(self.module)

    @cached_property
    def _context(self) -> Hashable:
        """All that an answer depends on beside the thing itself."""
        given = frozenset(self.given.items())
        return self.module, self.function, self.flow, self.library_types, given, self.depth

    def enter(self) -> bool:
        """Begins a question; says whether it may be asked. If so, `leave` ends it."""
        return self.session.enter(self.function.name if self.function else "the module's code")

    def leave(self) -> None:
        """Ends a question."""
        self.session.leave()

    def value(self, expression: Expression | None, names: Names | None = None) -> Value | None:
        """What an expression is.

        Args:
            expression: the expression.
            names: what the variables of comprehensions and lambdas around it are.
        """
        if expression is None or not self.enter():
            return None
        try:
            return self._value(expression, names or {})
        finally:
            self.leave()

    def _value(self, expression: Expression, names: Names) -> Value | None:
        match expression:
            case Constant():
                return of_literal(expression)
            case JoinedStr():
                return plain("str")
            case Lambda():
                return Value(Kind.LOCAL_FUNCTION, "lambda")
            case Collection():
                return of_collection(self, expression, names)
            case Dict():
                return of_mapping(self, expression, names)
            case Comprehension():
                return of_comprehension(self, expression, names)
            case Operation():
                return of_operation(self, expression, names)
            case IfExp():
                values = (self.value(expression.body, names), self.value(expression.orelse, names))
                return joined(values)
            case NamedExpr():
                return self.value(expression.value, names)
            case Starred():
                return None
            case Await():
                return self.value(expression.value, names)
            case Name():
                return of_reference(self, expression, names)
            case Attribute(value=Subscript(value=Name() as inputs)) if (
                is_input(self, inputs) and "." not in inputs.name
            ):
                return of_path(self, expression.name)
            case Attribute():
                return of_attribute(self.value(expression.value, names), expression.name)
            case Subscript():
                return of_subscript(self, expression, names)
            case Call():
                return of_call(self, expression, names)
        return None

    def artifact(self, artifact: Artifact) -> Value | None:
        """What is assigned to an artifact, and put into it later; else what its annotation says."""
        return self.guarded(artifact)

    def within(
        self,
        module: Module,
        function: Function | None,
        flow: Flow | None,
        deeper: int = 0,
        given: Names | None = None,
    ) -> Reader:
        """A reader of another function, which knows what this one is at."""
        depth, types = self.depth + deeper, self.library_types
        return Reader(module, function, flow, types, given or {}, depth, self.session)

    def assigned(
        self, source: Expression | None, path: tuple[int, ...], statement: Statement
    ) -> Value | None:
        """What a statement assigns from a source, or from the place in it that `path` leads to."""
        if source is None:
            return None
        value = item_of(self, source, {}) if isinstance(statement, For) else self.value(source)
        for index in path:
            if value is None:
                return None
            value = value.parts[index] if index < len(value.parts) else value.item
        return value

    def guarded(self, thing: object, reader: Reader | None = None) -> Value | None:
        """What a thing is, found out once; one that leads back to itself is not known."""
        reader = reader or self
        if not reader.enter():
            return None
        try:
            return self.session.answer(thing, (thing, reader._context), reader._read)
        finally:
            reader.leave()

    def is_own(self, qualified: str) -> bool:
        """Whether a dotted name is one of the repository's own."""
        head = qualified.partition(".")[0]
        return not head or self.module.resolver.is_own(head)

    def _read(self, thing: object) -> Value | None:
        match thing:
            case Artifact():
                return of_artifact(self, thing)
            case LocalAssignment(statement=Definition() as definition):
                return of_definition(definition, Kind.LOCAL_FUNCTION)
            case LocalAssignment():
                return self.assigned(thing.source, thing.path, thing.statement)
            case Function():
                return of_returns(self, thing)
            case Expression():
                return self.value(thing)
        return None
