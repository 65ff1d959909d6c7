"""Functions, classes and their decorators."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from lint_rules.model.code.expressions import (
    Argument,
    Call,
    Expression,
    Lambda,
    Literal,
    Member,
    Place,
    Reference,
)
from lint_rules.model.code.statements import Evaluation, Import, Statement
from lint_rules.model.scope import Scope


@dataclass(slots=True, eq=False)
class Decorator:
    """`@name` or `@name(…)`."""

    place: Place
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
        return function.name.rpartition(".")[2] if isinstance(function, Reference | Member) else ""

    def argument(self, name: str, position: int | None = None) -> Expression | None:
        """The value given to an argument of the decorator."""
        return self.call.argument(name, position) if self.call else None


@dataclass(eq=False)
class FunctionParameter:
    """A parameter of a function.

    Attributes:
        kind: `plain`, or how it is marked: `positional` (before `/`), `keyword` (after `*`), `*`
            or `**`.
    """

    place: Place
    name: str
    annotation: Expression | None
    default: Expression | None
    kind: str = "plain"


@dataclass(slots=True, eq=False)
class Inside:
    """What stands anywhere inside a function or module, nested functions included, in order."""

    calls: list[Call] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    lambdas: list[Lambda] = field(default_factory=list)
    definitions: list[Function | Class] = field(default_factory=list)

    def extend(self, other: Inside) -> None:
        """Takes over what stands inside a nested definition."""
        self.calls += other.calls
        self.references += other.references
        self.members += other.members
        self.imports += other.imports
        self.lambdas += other.lambdas
        self.definitions += other.definitions


@dataclass(eq=False)
class Definition(Statement):
    """What functions and classes have in common.

    `place` is that of the name, `header` that of `def` or `class`.
    """

    header: Place
    name: str
    decorators: tuple[Decorator, ...]
    body: tuple[Statement, ...]
    scope: Scope
    inside: Inside

    @property
    def docstring(self) -> Literal | None:
        """The docstring, if there is one; an f-string is none."""
        return docstring(self.body)

    def decorator(self, *qualified: str) -> Decorator | None:
        """The first decorator with one of these dotted names."""
        return next((d for d in self.decorators if d.qualified in qualified), None)

    @property
    def anchor(self) -> Place:
        """The place of the first decorator, else of `def` or `class`."""
        return self.decorators[0].place if self.decorators else self.header

    @property
    def work(self) -> tuple[Statement, ...]:
        """The body without the docstring."""
        return self.body[1:] if self.docstring else self.body


@dataclass(frozen=True, slots=True, eq=False)
class LocalBinding:
    """One assignment to a local variable: from what, where in that, and by which statement."""

    place: Place
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
    def locals(self) -> dict[str, tuple[LocalBinding, ...]]:
        """What the function assigns to its local variables, in order; definitions too."""
        found: dict[str, list[LocalBinding]] = {}
        for statement in self.statements:
            if isinstance(statement, Definition):
                binding = LocalBinding(statement.place, None, (), statement)
                found.setdefault(statement.name, []).append(binding)
            for target, source, path in statement.bindings:
                if isinstance(target, Reference) and "." not in target.name:
                    binding = LocalBinding(target.place, source, path, statement)
                    found.setdefault(target.name, []).append(binding)
        return {name: tuple(bindings) for name, bindings in found.items()}

    @property
    def plain_parameters(self) -> tuple[FunctionParameter, ...]:
        """The parameters that can be given both by position and by name."""
        return tuple(parameter for parameter in self.parameters if parameter.kind == "plain")

    @property
    def self_name(self) -> str:
        """The name of the first parameter, `self` by convention; empty where there is none."""
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


def docstring(body: tuple[Statement, ...]) -> Literal | None:
    """The docstring of a body of statements."""
    if body and isinstance(body[0], Evaluation) and isinstance(body[0].value, Literal):
        return body[0].value if body[0].value.text is not None else None
    return None
