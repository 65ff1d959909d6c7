"""Functions, classes and their decorators."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lint_rules.model.code.expressions import (
    Argument,
    Attribute,
    Call,
    Constant,
    Expression,
    FunctionParameter,
    Lambda,
    Name,
)
from lint_rules.model.code.location import Location, Node, Range
from lint_rules.model.code.simple_statements import Expr, Import, Statement
from lint_rules.model.scope import Scope


@dataclass(slots=True, eq=False)
class Decorator(Node):
    """`@name` or `@name(…)`."""

    value: Expression

    @property
    def call(self) -> Call | None:
        """The call, of a decorator with arguments."""
        return self.value if isinstance(self.value, Call) else None

    @property
    def qualified(self) -> str | None:
        """The dotted name of the decorator itself."""
        return (self.call.function if self.call else self.value).qualified

    @property
    def name(self) -> str:
        """The last part of its name as written: `step` of `@mf.step`."""
        function = self.call.function if self.call else self.value
        return function.name.rpartition(".")[2] if isinstance(function, Name | Attribute) else ""

    def argument(self, name: str, position: int | None = None) -> Expression | None:
        """The value given to an argument of the decorator."""
        return self.call.argument(name, position) if self.call else None


@dataclass(slots=True, eq=False)
class Descendants:
    """What stands anywhere inside a function or module, nested functions included, in order."""

    calls: list[Call] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    lambdas: list[Lambda] = field(default_factory=list)
    definitions: list[Function | Class] = field(default_factory=list)

    def extend(self, other: Descendants) -> None:
        """Takes over what stands inside a nested definition."""
        self.calls += other.calls
        self.names += other.names
        self.attributes += other.attributes
        self.imports += other.imports
        self.lambdas += other.lambdas
        self.definitions += other.definitions


@dataclass(slots=True, eq=False)
class TypeParameter(Node):
    """A type parameter (PEP 695): `T: bound = default`; `star` is `""`, `"*"` or `"**"`."""

    name: str
    star: str
    bound: Expression | None
    default: Expression | None


@dataclass(eq=False)
class Definition(Statement):
    """What functions and classes have in common.

    Its range begins at `def` or `class`.

    Attributes:
        name: its name.
        name_start: the offset at which the name starts.
    """

    name: str
    name_start: int
    decorators: tuple[Decorator, ...]
    type_parameters: tuple[TypeParameter, ...]
    body: tuple[Statement, ...]
    scope: Scope
    descendants: Descendants

    @property
    def docstring(self) -> Constant | None:
        """The docstring, if there is one; an f-string is none."""
        return docstring(self.body)

    def decorator(self, *qualified: str) -> Decorator | None:
        """The first decorator with one of these dotted names."""
        return next((d for d in self.decorators if d.qualified in qualified), None)

    @property
    def name_location(self) -> Location:
        """Where its name stands."""
        return Location(self.file, Range(self.name_start, self.name_start + len(self.name)))

    @property
    def location_with_decorators(self) -> Location:
        start = self.decorators[0].start if self.decorators else self.start
        return Location(self.file, Range(start, self.end))

    @property
    def body_without_docstring(self) -> tuple[Statement, ...]:
        """The body without the docstring."""
        return self.body[1:] if self.docstring else self.body


@dataclass(frozen=True, slots=True, eq=False)
class LocalAssignment:
    """One assignment to a local variable.

    Attributes:
        location: where the variable is named.
        bound_from: the offset from which on it holds the value.
        source: what it is assigned from.
        path: where in that its value stands after unpacking.
        statement: the statement that assigns.
    """

    location: Location
    bound_from: int
    source: Expression | None
    path: tuple[int, ...]
    statement: Statement


@dataclass(eq=False)
class Function(Definition):
    """A function or method."""

    parameters: tuple[FunctionParameter, ...]
    returns: Expression | None
    is_async: bool

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements of the body, nested ones too, but not those of inner definitions."""
        return tuple(nested for statement in self.body for nested in statement.walk())

    @cached_property
    def locals(self) -> dict[str, tuple[LocalAssignment, ...]]:
        """What the function assigns to its local variables, in order; definitions too."""
        found: dict[str, list[LocalAssignment]] = {}
        for statement in self.statements:
            if isinstance(statement, Definition):
                at = statement.name_location
                binding = LocalAssignment(at, statement.end, None, (), statement)
                found.setdefault(statement.name, []).append(binding)
            for target, source, path in statement.bindings:
                if isinstance(target, Name) and "." not in target.name:
                    start = statement.bound_from(target)
                    binding = LocalAssignment(target.location, start, source, path, statement)
                    found.setdefault(target.name, []).append(binding)
        of_other_scopes = self.scope.globals | self.scope.nonlocals
        return {name: tuple(found[name]) for name in found if name not in of_other_scopes}

    @property
    def plain_parameters(self) -> tuple[FunctionParameter, ...]:
        """The parameters that can be given both by position and by name."""
        return tuple(
            parameter for parameter in self.parameters if parameter.kind == "positional or keyword"
        )

    @property
    def self_name(self) -> str:
        """The name of the first parameter, `self` by convention; empty if there is none."""
        return self.parameters[0].name if self.parameters else ""


@dataclass(eq=False)
class Class(Definition):
    """A class; `bases` are the positional arguments of its header."""

    bases: tuple[Expression, ...]
    keywords: tuple[Argument, ...]

    @cached_property
    def functions(self) -> tuple[Function, ...]:
        """The functions of the class body, those under `if` and `try` too."""
        return tuple(s for s in self.statements if isinstance(s, Function))

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """All statements of the class body, nested ones too, but not those of definitions."""
        return tuple(nested for statement in self.body for nested in statement.walk())


@dataclass(eq=False)
class TypeAlias(Statement):
    """`type name = value` (PEP 695)."""

    name: str
    type_parameters: tuple[TypeParameter, ...]
    value: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        given = (e for p in self.type_parameters for e in (p.bound, p.default))
        return (*(expression for expression in given if expression is not None), self.value)


def docstring(body: tuple[Statement, ...]) -> Constant | None:
    """The docstring of a body of statements."""
    if body and isinstance(body[0], Expr) and isinstance(body[0].value, Constant):
        return body[0].value if body[0].value.text is not None else None
    return None
