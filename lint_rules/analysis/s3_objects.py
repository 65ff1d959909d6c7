"""Objects that `S3` downloads, and what reads them after their client has deleted their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Collection,
    Comprehension,
    Expr,
    Expression,
    For,
    Function,
    Name,
    Return,
    Statement,
    Subscript,
    With,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name


class S3Kind(Enum):
    """What a value is: one object, several, the path of its file, or several paths."""

    OBJECT = auto()
    OBJECTS = auto()
    PATH = auto()
    PATHS = auto()


_ITEM = {S3Kind.OBJECTS: S3Kind.OBJECT, S3Kind.PATHS: S3Kind.PATH}
_SEVERAL = {one: several for several, one in _ITEM.items()}


def _item(kind: S3Kind | None) -> S3Kind | None:
    return None if kind is None else _ITEM.get(kind)


def _several(kind: S3Kind | None) -> S3Kind | None:
    return None if kind is None else _SEVERAL.get(kind)


_READING = ("open", "read", "load", "Path")

Kinds = dict[str, S3Kind]
Calls = Mapping[Call, S3Kind]
"""The calls of functions that return such values, whose clients are closed."""


@dataclass(frozen=True, eq=False)
class Closed:
    """A client that is closed before its function ends.

    Attributes:
        statement: what opens it: `with S3() as s3:`, or `s3 = S3()`.
        start: the offset from which on it is open.
        end: the offset from which on its files are gone.
        kinds: what the local names hold that its objects are assigned to.
    """

    statement: Statement
    start: int
    end: int
    kinds: Kinds = field(default_factory=dict)


def is_client(expression: Expression | None) -> bool:
    """Whether an expression makes a client of S3."""
    return isinstance(expression, Call) and metaflow_name(expression.function.qualified) == "S3"


@remembered
def closed_clients(function: Function) -> tuple[Closed, ...]:
    """The clients that a function closes, in order."""
    found = []
    for statement in function.statements:
        if isinstance(statement, With):
            names = {
                item.target.name
                for item in statement.items
                if is_client(item.context) and isinstance(item.target, Name)
            }
            if names:
                closed = Closed(statement, statement.start, statement.end)
                closed.kinds.update(_kinds_in(statement.body, names, function))
                found.append(closed)
        elif isinstance(statement, Assignment) and is_client(statement.value):
            names = {t.name for t in statement.targets if isinstance(t, Name)}
            end = _closing(function, names)
            if end is not None:
                closed = Closed(statement, statement.start, end)
                body = tuple(s for s in function.statements if statement.end < s.start < end)
                closed.kinds.update(_kinds_in(body, names, function))
                found.append(closed)
    return tuple(found)


def _closing(function: Function, names: set[str]) -> int | None:
    """Where a function itself closes a client: not in a branch."""
    for statement in function.body:
        call = statement.value if isinstance(statement, Expr) else None
        if isinstance(call, Call) and isinstance(call.function, Name):
            owner, _, method = call.function.name.rpartition(".")
            if owner in names and method == "close":
                return statement.end
    return None


def _kinds_in(body: tuple[Statement, ...], clients: set[str], function: Function) -> Kinds:
    """What is assigned to local names in the body of a client, and to no others elsewhere."""
    kinds: Kinds = {}
    statements = [nested for statement in body for nested in statement.walk()]
    for statement in statements:
        if isinstance(statement, For) and isinstance(statement.target, Name):
            kind = _item(kind_of(statement.iterable, kinds, clients))
            if kind is not None:
                kinds[statement.target.name] = kind
        elif isinstance(statement, Assignment) and statement.value is not None:
            kind = kind_of(statement.value, kinds, clients)
            for target in statement.targets:
                if kind is not None and isinstance(target, Name):
                    kinds[target.name] = kind
                elif isinstance(target, Name):
                    kinds.pop(target.name, None)
        elif isinstance(statement, Expr):
            added = _appended(statement.value)
            kind = _several(kind_of(added[1], kinds, clients)) if added else None
            if added is not None and kind is not None:
                kinds[added[0]] = kind
    # A name that is assigned again may hold something else.
    return {name: kind for name, kind in kinds.items() if not _is_assigned_again(name, function)}


def _is_assigned_again(name: str, function: Function) -> bool:
    return len(function.locals.get(name, ())) > 1


def _appended(expression: Expression) -> tuple[str, Expression] | None:
    if isinstance(expression, Call) and isinstance(expression.function, Name):
        owner, _, method = expression.function.name.rpartition(".")
        if method == "append" and len(expression.positional) == 1:
            return owner, expression.positional[0]
    return None


def kind_of(
    expression: Expression, kinds: Kinds, clients: set[str] | frozenset[str] = frozenset()
) -> S3Kind | None:
    """What an expression is, given what names hold and which names are clients."""
    match expression:
        case Name():
            if expression.name in kinds:
                return kinds[expression.name]
            owner, _, name = expression.name.rpartition(".")
            is_path = kinds.get(owner) is S3Kind.OBJECT and name in facts().s3_paths
            return S3Kind.PATH if is_path else None
        case Attribute():
            is_object = kind_of(expression.value, kinds, clients) is S3Kind.OBJECT
            return S3Kind.PATH if is_object and expression.name in facts().s3_paths else None
        case Call(function=Name() as function):
            owner, _, name = function.name.rpartition(".")
            method = facts().s3_methods.get(name) if owner in clients else None
            returned = {"one": S3Kind.OBJECT, "many": S3Kind.OBJECTS}
            return returned.get(method.returns) if method is not None else None
        case Subscript():
            return _item(kind_of(expression.value, kinds, clients))
        case Comprehension(kind="list", elements=(element,)):
            inner = {**kinds, **targets_of(expression, kinds, clients)}
            return _several(kind_of(element, inner, clients))
        case Collection(items=(first, *_)):
            return _several(kind_of(first, kinds, clients))
    return None


def targets_of(
    comprehension: Comprehension, kinds: Kinds, clients: set[str] | frozenset[str] = frozenset()
) -> Kinds:
    """What the variables of a comprehension hold."""
    found: Kinds = {}
    for generator in comprehension.generators:
        kind = _item(kind_of(generator.iterable, {**kinds, **found}, clients))
        if kind is not None and isinstance(generator.target, Name):
            found[generator.target.name] = kind
    return found


def late_reads(function: Function, kinds: Kinds, start: int) -> Iterator[Expression]:
    """What a function reads of such objects behind an offset, where their files are gone."""
    known = dict(kinds)
    for statement in function.statements:
        for expression in statement.expressions:
            if expression.start >= start:
                yield from _read_in(expression, known)
        if isinstance(statement, For) and isinstance(statement.target, Name):
            kind = _item(kind_of(statement.iterable, known))
            if kind is not None and statement.start >= start:
                known[statement.target.name] = kind
        elif isinstance(statement, Assignment) and statement.value is not None:
            kind = kind_of(statement.value, known)
            for target in statement.targets:
                if isinstance(target, Name) and kind is not None and statement.start >= start:
                    known[target.name] = kind


def _read_in(expression: Expression, kinds: Kinds) -> Iterator[Expression]:
    waiting = [(expression, kinds)]
    while waiting:
        part, known = waiting.pop()
        if isinstance(part, Comprehension):
            known = {**known, **targets_of(part, known)}
        if reads_content(part, known):
            yield part
        waiting += [(inner, known) for inner in part.parts[::-1]]


def reads_content(part: Expression, kinds: Kinds) -> bool:
    """Whether an expression reads a file that is gone: `found.text`, `open(found.path)`."""
    match part:
        case Name(context="load"):
            names = part.name.split(".")
            return any(
                kinds.get(".".join(names[:cut])) is S3Kind.OBJECT
                and names[cut] in facts().s3_contents
                for cut in range(1, len(names))
            )
        case Attribute():
            is_object = kind_of(part.value, kinds) is S3Kind.OBJECT
            return is_object and part.name in facts().s3_contents
        case Call(function=Name() | Attribute() as function) if part.positional:
            name = function.name.rpartition(".")[2]
            reads = any(word in name for word in _READING)
            return reads and kind_of(part.positional[0], kinds) is S3Kind.PATH
    return False


def returned_kind(function: Function) -> S3Kind | None:
    """What a function returns of a client that it has closed then."""
    for closed in closed_clients(function):
        clients = _clients_of(closed.statement)
        for statement in function.statements:
            if isinstance(statement, Return) and statement.value is not None:
                is_inside = closed.start <= statement.start and isinstance(closed.statement, With)
                if is_inside or statement.start >= closed.end:
                    kind = kind_of(statement.value, closed.kinds, clients)
                    if kind is not None:
                        return kind
    return None


def _clients_of(statement: Statement) -> set[str]:
    if isinstance(statement, With):
        return {item.target.name for item in statement.items if isinstance(item.target, Name)}
    return set()
