"""What the two ways to make a model share: scopes, and what stands inside of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar

from lint_rules.model.code import (
    Argument,
    Attribute,
    Call,
    Class,
    Comprehension,
    Constant,
    Context,
    Decorator,
    Descendants,
    Expression,
    Function,
    FunctionParameter,
    Generator,
    Import,
    ImportedName,
    Lambda,
    Name,
    NamedExpr,
    Node,
    Statement,
    TypeParameter,
)
from lint_rules.model.code import (
    TypeAlias as TypeAliasStatement,
)
from lint_rules.model.code.expressions import LONGEST_NUMBER
from lint_rules.model.scope import Scope

At: TypeAlias = tuple[Path | None, int, int]
"""The file, start and end of a node."""

Body: TypeAlias = tuple[Statement, ...]
MadeNode = TypeVar("MadeNode", bound=Node)
Defined = TypeVar("Defined", Function, Class)


class Clause(NamedTuple):
    """A clause of a comprehension, before it is lowered."""

    target: Any
    iterable: Any
    conditions: Iterable[Any]
    is_async: bool


class Builder:
    """Makes the nodes of one file. A subclass lowers one kind of tree.

    Args:
        file: the real path of the file, `None` for text that comes from no file.

    Attributes:
        made: all nodes, in the order in which they are made: those inside another one first.
        scope: the scope that names belong to at this point of the walk.
        descendants: collects what the function (or module) being read holds.
    """

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self.made: list[Node] = []
        self.scope = Scope(kind="module")
        self.descendants = Descendants()

    def expression(self, node: Any) -> Expression:
        """Lowers any expression."""
        raise NotImplementedError

    def target(self, node: Any, context: Context = "store") -> Expression:
        """Lowers what an assignment, `for`, `with` or `del` binds."""
        raise NotImplementedError

    def make(self, node: MadeNode) -> MadeNode:
        """Takes a node that was made."""
        self.made.append(node)
        return node

    def optional(self, node: Any) -> Expression | None:
        """Lowers an expression that may be missing."""
        return None if node is None else self.expression(node)

    def all_of(self, nodes: Iterable[Any]) -> tuple[Expression, ...]:
        """Lowers several expressions."""
        return tuple([self.expression(node) for node in nodes])

    def name(self, at: At, name: str, context: Context = "load") -> Name:
        """A name; what is assigned is bound in its scope."""
        made = Name(*at, name, self.scope, context)
        if context == "store" and "." not in name:
            self.scope.bind(name)
        self.descendants.names.append(made)
        self.made.append(made)
        return made

    def constant_of(self, at: At, value: object) -> Expression:
        """A constant; any expression for an integer that is too long to work with."""
        if type(value) is int and value.bit_length() > LONGEST_NUMBER:
            return self.make(Expression(*at))
        return self.make(Constant(*at, value))

    def attribute(self, at: At, value: Expression, name: str) -> Attribute:
        """An attribute of something other than a name."""
        made = Attribute(*at, value, name)
        self.descendants.attributes.append(made)
        self.made.append(made)
        return made

    def call(self, at: At, function: Expression, arguments: tuple[Argument, ...]) -> Call:
        """A call."""
        made = Call(*at, function, arguments)
        self.descendants.calls.append(made)
        self.made.append(made)
        return made

    def named_expression(self, at: At, target: Any, value: Any) -> NamedExpr:
        """`target := value`, which binds outside of the comprehensions that it stands in."""
        inner = self.scope
        while self.scope.kind == "comprehension" and self.scope.outer is not None:
            self.scope = self.scope.outer
        lowered = self.target(target)
        self.scope = inner
        return self.make(NamedExpr(*at, lowered, self.expression(value)))

    def lambda_(self, at: At, parameters: tuple[FunctionParameter, ...], body: Any) -> Lambda:
        """A lambda."""
        outer = self.scope
        self.scope = Scope(outer)
        self._bind_parameters(parameters)
        made = self.make(Lambda(*at, parameters, self.expression(body)))
        self.scope = outer
        self.descendants.lambdas.append(made)
        return made

    def comprehension(
        self,
        at: At,
        kind: Literal["list", "set", "dict", "generator"],
        elements: Iterable[Any],
        clauses: Iterable[Clause],
    ) -> Comprehension:
        """A comprehension. The first iterable belongs to the scope around it."""
        outer = self.scope
        inner = Scope(outer, "comprehension")
        generators = []
        for clause in clauses:
            iterable = self.expression(clause.iterable)
            self.scope = inner
            target = self.target(clause.target)
            conditions = self.all_of(clause.conditions)
            end = (conditions[-1] if conditions else iterable).end
            made = Generator(
                self.file, target.start, end, target, iterable, conditions, clause.is_async
            )
            generators.append(self.make(made))
        lowered = self.all_of(elements)
        self.scope = outer
        return self.make(Comprehension(*at, kind, lowered, tuple(generators)))

    def import_(
        self, at: At, module: str | None, level: int, names: tuple[ImportedName, ...], is_from: bool
    ) -> Import:
        """An import, with what it binds."""
        origin = "." * level + (module or "")
        separator = "" if origin.endswith(".") else "."
        if not is_from:
            for name in names:
                self.scope.bind_import(name.bound, name.name if name.alias else name.bound)
        elif not names:
            self.scope.stars.append(origin)
        else:
            for name in names:
                self.scope.bind_import(name.bound, f"{origin}{separator}{name.name}")
        made = self.make(Import(*at, module, level, names, is_from))
        self.descendants.imports.append(made)
        return made

    def function(
        self,
        at: At,
        name: tuple[str, int],
        decorators: tuple[Decorator, ...],
        type_parameters: Callable[[], tuple[TypeParameter, ...]],
        signature: Callable[[], tuple[tuple[FunctionParameter, ...], Expression | None]],
        body: Callable[[], Body],
        is_async: bool,
    ) -> Function:
        """A function. Annotations and defaults belong to the scope around it."""
        self.scope.bind(name[0])
        outer, around = self.scope, self.descendants
        types = self._type_parameters(type_parameters)
        parameters, returns = signature()
        self.scope, self.descendants = Scope(self.scope), Descendants()
        self._bind_parameters(parameters)
        made = Function(
            *at,
            *name,
            decorators,
            types,
            body(),
            self.scope,
            self.descendants,
            parameters,
            returns,
            is_async,
        )
        self.scope, self.descendants = outer, around
        return self._defined(made)

    def class_(
        self,
        at: At,
        name: tuple[str, int],
        decorators: tuple[Decorator, ...],
        type_parameters: Callable[[], tuple[TypeParameter, ...]],
        header: Callable[[], tuple[tuple[Expression, ...], tuple[Argument, ...]]],
        body: Callable[[], Body],
    ) -> Class:
        """A class."""
        self.scope.bind(name[0])
        outer, around = self.scope, self.descendants
        types = self._type_parameters(type_parameters)
        bases, keywords = header()
        self.scope, self.descendants = Scope(self.scope, "class"), Descendants()
        made = Class(
            *at,
            *name,
            decorators,
            types,
            body(),
            self.scope,
            self.descendants,
            bases,
            keywords,
        )
        self.scope, self.descendants = outer, around
        return self._defined(made)

    def type_parameter(
        self, at: At, name: str, star: str, bound: Any, default: Any
    ) -> TypeParameter:
        """A type parameter of a function, class or type alias."""
        self.scope.bind(name)
        lowered = self.optional(bound), self.optional(default)
        return self.make(TypeParameter(*at, name, star, *lowered))

    def type_alias(
        self,
        at: At,
        name: str,
        type_parameters: Callable[[], tuple[TypeParameter, ...]],
        value: Any,
    ) -> TypeAliasStatement:
        """`type name = value`."""
        self.scope.bind(name)
        outer = self.scope
        types = self._type_parameters(type_parameters)
        made = self.make(TypeAliasStatement(*at, name, types, self.expression(value)))
        self.scope = outer
        return made

    def _type_parameters(
        self, lower: Callable[[], tuple[TypeParameter, ...]]
    ) -> tuple[TypeParameter, ...]:
        """Type parameters; where there are some, their scope is the current one afterwards."""
        outer = self.scope
        self.scope = Scope(outer, "types")
        lowered = lower()
        if not lowered:
            self.scope = outer
        return lowered

    def _bind_parameters(self, parameters: Iterable[FunctionParameter]) -> None:
        self.scope.bound.update(parameter.name for parameter in parameters)

    def _defined(self, definition: Defined) -> Defined:
        self.descendants.definitions.append(definition)
        self.descendants.extend(definition.descendants)
        return self.make(definition)


def joined(values: Iterable[str | Any]) -> tuple[Any, ...]:
    """The parts of an f-string: texts beside each other as one, and no empty ones."""
    found: list[Any] = []
    for value in values:
        if isinstance(value, str) and found and isinstance(found[-1], str):
            found[-1] += value
        elif value != "":
            found.append(value)
    return tuple(found)
