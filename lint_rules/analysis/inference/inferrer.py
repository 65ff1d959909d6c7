"""Finds out what the expressions of a function are; each kind of them has a file of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

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
from lint_rules.analysis.inference.subscripts import of_subscript
from lint_rules.analysis.inference.value import Kind, Names, Value, joined, plain
from lint_rules.analysis.memoize import remembered
from lint_rules.model.code import (
    Block,
    Call,
    Collection,
    Compound,
    Comprehension,
    Conditional,
    Definition,
    Expression,
    Function,
    Lambda,
    Literal,
    LocalBinding,
    Mapping,
    Member,
    Operation,
    Reference,
    Starred,
    Statement,
    Subscript,
    Template,
    Walrus,
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
    _open: set[object] = field(default_factory=set)
    _memory: dict[object, Value | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.given:
            self._memory = _found(self.module)

    def value(self, expression: Expression | None, names: Names | None = None) -> Value | None:
        """What an expression is.

        Args:
            expression: the expression.
            names: what the variables of comprehensions and lambdas around it are.
        """
        names = names or {}
        match expression:
            case Literal():
                return of_literal(expression)
            case Template():
                return plain("str")
            case Lambda():
                return Value(Kind.LOCAL_FUNCTION, "lambda")
            case Collection():
                return of_collection(self, expression, names)
            case Mapping():
                return of_mapping(self, expression, names)
            case Comprehension():
                return of_comprehension(self, expression, names)
            case Operation():
                return of_operation(self, expression, names)
            case Conditional():
                values = (self.value(expression.body, names), self.value(expression.orelse, names))
                return joined(values)
            case Walrus():
                return self.value(expression.value, names)
            case Starred():
                return None
            case Compound(kind="Await"):
                return self.value(expression.inside[0], names) if expression.inside else None
            case Reference():
                return of_reference(self, expression, names)
            case Member(of=Subscript(of=Reference() as inputs)) if (
                is_input(self, inputs) and "." not in inputs.name
            ):
                return of_path(self, expression.name)
            case Member():
                return of_attribute(self.value(expression.of, names), expression.name)
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
        return Reader(module, function, flow, types, given or {}, depth, self._open)

    def assigned(
        self, source: Expression | None, path: tuple[int, ...], statement: Statement
    ) -> Value | None:
        """What a statement assigns from a source, or from the place in it that `path` leads to."""
        if source is None:
            return None
        looped = isinstance(statement, Block) and statement.kind == "for"
        value = item_of(self, source, {}) if looped else self.value(source)
        for index in path:
            if value is None:
                return None
            value = value.parts[index] if index < len(value.parts) else value.item
        return value

    def guarded(self, thing: object, reader: Reader | None = None) -> Value | None:
        """What a thing is, found out once; one that leads back to itself is not known."""
        if thing in self._open:
            return None
        reader = reader or self
        memory = reader._memory
        key = thing, self.library_types
        if key not in memory:
            self._open.add(thing)
            memory[key] = reader._read(thing)
            self._open.discard(thing)
        return memory[key]

    def is_open(self, thing: object) -> bool:
        """Whether a thing is being found out about right now."""
        return thing in self._open

    def is_own(self, qualified: str) -> bool:
        """Whether a dotted name is one of the repository's own."""
        head = qualified.partition(".")[0]
        return not head or self.module.resolver.is_own(head)

    def _read(self, thing: object) -> Value | None:
        match thing:
            case Artifact():
                return of_artifact(self, thing)
            case LocalBinding(statement=Definition() as definition):
                return of_definition(definition, Kind.LOCAL_FUNCTION)
            case LocalBinding():
                return self.assigned(thing.source, thing.path, thing.statement)
            case Function():
                return of_returns(self, thing)
            case Expression():
                return self.value(thing)
        return None


@remembered
def _found(_: Module) -> dict[object, Value | None]:
    """What has been found out of the things of a file."""
    return {}
