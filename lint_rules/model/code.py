"""Python as the rules see it: statements and expressions, plain and small.

The reader makes these from libcst's tree in one walk, after which the tree can go. Each thing
knows its `place`: a number that the reader gave it, which the source turns into a position in the
file when a finding asks for one (see `lint_rules.source`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from lint_rules.model.scope import Scope

Place: TypeAlias = int
"""The number of a thing, in the order of the reader's walk through its file."""

FILE = 1 << 32
"""How far apart the places of two files lie, so that a place says which file it is in."""


@dataclass(slots=True, eq=False)
class Expression:
    """Any expression. Kinds that no rule asks about are plain `Expression`s with parts."""

    place: Place

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions directly inside this one."""
        return ()

    @property
    def qualified(self) -> str | None:
        """The dotted name that this refers to (`pandas.DataFrame`), where imports tell it."""
        return None

    def walk(self) -> Iterator[Expression]:
        """This expression and all inside it, outermost first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@dataclass(slots=True, eq=False)
class Literal(Expression):
    """A constant as it is written: a number, a string, `True`, `None`, `...`."""

    source: str

    @property
    def value(self) -> object:
        """The constant's value; of a string that cannot be evaluated, its source."""
        try:
            return ast.literal_eval(self.source)
        except (ValueError, SyntaxError):
            return self.source

    @property
    def text(self) -> str | None:
        """The value if it is a `str`."""
        value = self.value if self.source[-1] in "\"'" else None
        return value if isinstance(value, str) else None


@dataclass(slots=True, eq=False)
class Reference(Expression):
    """A name, or attributes of one: `x`, `self.papers`, `pd.DataFrame`."""

    name: str
    scope: Scope
    context: str
    """`load`, `store` or `del`."""

    @property
    def head(self) -> str:
        """The first name: `pd` of `pd.DataFrame`."""
        return self.name.partition(".")[0]

    @property
    def qualified(self) -> str | None:
        return self.scope.resolve(self.name)


@dataclass(slots=True, eq=False)
class Member(Expression):
    """An attribute of something other than a name: `f().x`."""

    of: Expression
    name: str

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.of,)


@dataclass(slots=True, eq=False)
class Argument:
    """An argument of a call; `star` is `""`, `"*"` or `"**"`."""

    place: Place
    name: str | None
    star: str
    value: Expression


@dataclass(slots=True, eq=False)
class Call(Expression):
    """A call."""

    function: Expression
    arguments: tuple[Argument, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.function, *(argument.value for argument in self.arguments))

    @property
    def positional(self) -> tuple[Expression, ...]:
        """The values of the arguments that are given by position, up to the first `*`."""
        values = []
        for argument in self.arguments:
            if argument.star == "*":
                break
            if argument.name is None and not argument.star:
                values.append(argument.value)
        return tuple(values)

    @property
    def has_unpacking(self) -> bool:
        """Whether `*args` or `**kwargs` may hide arguments."""
        return any(argument.star for argument in self.arguments)

    def argument(self, name: str, position: int | None = None) -> Expression | None:
        """The value given to the argument `name`, which may also stand at `position`."""
        named = self.named(name)
        if named is not None:
            return named.value
        positional = self.positional
        if position is not None and position < len(positional):
            return positional[position]
        return None

    def named(self, name: str) -> Argument | None:
        """The argument that is given by this name."""
        return next((argument for argument in self.arguments if argument.name == name), None)


@dataclass(slots=True, eq=False)
class Lambda(Expression):
    """A lambda; `parameters` are its names."""

    parameters: tuple[str, ...]
    body: Expression
    defaults: tuple[Expression, ...] = ()

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body, *self.defaults)


@dataclass(slots=True, eq=False)
class Collection(Expression):
    """A display: `kind` is `list`, `tuple` or `set`."""

    kind: str
    items: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.items


@dataclass(slots=True, eq=False)
class Mapping(Expression):
    """A dict display; the key of `**other` is `None`."""

    items: tuple[tuple[Expression | None, Expression], ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(part for item in self.items for part in item if part is not None)


@dataclass(slots=True, eq=False)
class Comprehension(Expression):
    """A comprehension: `kind` is `list`, `set`, `dict` or `generator`."""

    kind: str
    elements: tuple[Expression, ...]
    clauses: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (*self.elements, *self.clauses)


@dataclass(slots=True, eq=False)
class Operation(Expression):
    """An operator with its operands: `not x`, `a + b`, `a and b`, `a < b`."""

    operator: str
    operands: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.operands


@dataclass(slots=True, eq=False)
class Conditional(Expression):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body, self.test, self.orelse)


@dataclass(slots=True, eq=False)
class Template(Expression):
    """An f-string or a t-string: texts and expressions in turn."""

    pieces: tuple[str | Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return tuple(piece for piece in self.pieces if not isinstance(piece, str))


@dataclass(slots=True, eq=False)
class Subscript(Expression):
    """`of[index]`."""

    of: Expression
    index: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.of, *self.index)


@dataclass(slots=True, eq=False)
class Walrus(Expression):
    """`target := value`."""

    target: Expression
    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.target, self.value)


@dataclass(slots=True, eq=False)
class Starred(Expression):
    """`*value` in a display or a target."""

    value: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class Compound(Expression):
    """Another expression: `await`, `yield`, a slice, a pattern; `kind` is libcst's name."""

    kind: str
    inside: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.inside


Binding: TypeAlias = tuple[Expression, "Expression | None", tuple[int, ...]]
"""A target, what it is assigned from, and where in that its value stands after unpacking."""


@dataclass(slots=True, eq=False)
class Statement:
    """Any statement."""

    place: Place

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """The expressions of the statement itself, without those of nested statements."""
        return ()

    @property
    def blocks(self) -> tuple[tuple[Statement, ...], ...]:
        """The blocks nested in the statement."""
        return ()

    @property
    def anchor(self) -> Place:
        """The place at which the statement begins, for lines that are put before it."""
        return self.place

    @property
    def bindings(self) -> Iterator[Binding]:
        """The single targets that the statement assigns to."""
        yield from ()

    def walk(self) -> Iterator[Statement]:
        """This statement and all nested in it, but nothing inside functions and classes."""
        yield self
        for block in self.blocks:
            for statement in block:
                yield from statement.walk()


@dataclass(slots=True, eq=False)
class Assignment(Statement):
    """`a = b = value`, `a: T = value`, `a: T` (no value) or `a += value`."""

    targets: tuple[Expression, ...]
    value: Expression | None
    annotation: Expression | None = None
    operator: str = "="

    @property
    def expressions(self) -> tuple[Expression, ...]:
        given = (*self.targets, self.value, self.annotation)
        return tuple(expression for expression in given if expression is not None)

    @property
    def bindings(self) -> Iterator[Binding]:
        if self.annotation is None or self.value is not None:
            source = self.value if self.operator == "=" else None
            for target in self.targets:
                yield from _unpacked(target, source, ())


@dataclass(slots=True, eq=False)
class Evaluation(Statement):
    """An expression that stands as a statement."""

    value: Expression

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (self.value,)


@dataclass(slots=True, eq=False)
class ImportedName:
    """One name of an import: what it is called at its origin and here."""

    place: Place
    name: str
    alias: str | None

    @property
    def bound(self) -> str:
        """The name that the import binds: `os` of `import os.path`."""
        return self.alias or self.name.partition(".")[0]


@dataclass(slots=True, eq=False)
class Import(Statement):
    """`import a.b as c` (no `module`) or `from module import a as b`; `*` has no `names`."""

    module: str | None
    level: int
    names: tuple[ImportedName, ...]
    is_from: bool

    @property
    def is_star(self) -> bool:
        """Whether this is `from module import *`."""
        return self.is_from and not self.names

    def packages(self) -> set[str]:
        """The top-level packages that are imported; none of a relative import."""
        if self.level:
            return set()
        modules = [self.module or ""] if self.is_from else [name.name for name in self.names]
        return {module.partition(".")[0] for module in modules}


@dataclass(slots=True, eq=False)
class Block(Statement):
    """A compound statement: `kind` is `if`, `for`, `while`, `with`, `try` or `match`.

    `heads` are the expressions of its header(s), `targets` what `for` and `with` assign to, and
    `bodies` its blocks in the order of the source. Of `if` and `for` the second body is `else`.
    """

    kind: str
    heads: tuple[Expression, ...]
    targets: tuple[Expression, ...]
    bodies: tuple[tuple[Statement, ...], ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return (*self.heads, *self.targets)

    @property
    def bindings(self) -> Iterator[Binding]:
        # Heads and targets of `with` and `try` need not be as many.
        is_paired = len(self.heads) == len(self.targets) and self.kind in ("for", "with")
        sources = self.heads if is_paired else (None,) * len(self.targets)
        for target, source in zip(self.targets, sources, strict=True):
            yield from _unpacked(target, source, ())

    @property
    def blocks(self) -> tuple[tuple[Statement, ...], ...]:
        return self.bodies


@dataclass(slots=True, eq=False)
class Simple(Statement):
    """A statement that is only its keyword and expressions: `return x`, `del x`, `raise`."""

    keyword: str
    inside: tuple[Expression, ...]

    @property
    def expressions(self) -> tuple[Expression, ...]:
        return self.inside


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
    """A parameter of a function."""

    place: Place
    name: str
    annotation: Expression | None
    default: Expression | None


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


def _unpacked(
    target: Expression, source: Expression | None, path: tuple[int, ...]
) -> Iterator[Binding]:
    if isinstance(target, Starred):
        yield from _unpacked(target.value, None, ())
    elif isinstance(target, Collection):
        starred = any(isinstance(item, Starred) for item in target.items)
        given: tuple[Expression, ...] = ()
        if isinstance(source, Collection) and not path and not starred:
            given = source.items if len(source.items) == len(target.items) else ()
        for index, item in enumerate(target.items):
            if given:
                yield from _unpacked(item, given[index], ())
            elif source is None or starred:
                yield from _unpacked(item, None, ())
            else:
                yield from _unpacked(item, source, (*path, index))
    else:
        yield target, source, path


def docstring(body: tuple[Statement, ...]) -> Literal | None:
    """The docstring of a body of statements."""
    if body and isinstance(body[0], Evaluation) and isinstance(body[0].value, Literal):
        return body[0].value if body[0].value.text is not None else None
    return None
