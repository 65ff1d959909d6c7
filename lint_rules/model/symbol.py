"""What a place in the code is called, so that it is known again in a text with another layout.

A line's text changes with every formatter, annotation and base class. What a place belongs to and
is about does not: the names of the classes and functions around it, and its own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from lint_rules.model.code import (
    Assignment,
    Attribute,
    Await,
    Call,
    Collection,
    Constant,
    Definition,
    Dict,
    Expression,
    Function,
    Import,
    JoinedStr,
    Name,
    Range,
    Starred,
    Statement,
    Subscript,
)
from lint_rules.model.code.definitions import Class

_MOST_NAMES, _MOST_LOOKED_AT, _DEEPEST, _LONGEST = 5, 200, 20, 100
"""Limits of a symbol: it tells places apart, and need not hold all of the code."""

_TEXTS = (Constant, JoinedStr, Collection, Dict)
"""What has no name of its own. Its text may be a secret, which belongs into no baseline."""


class Symbol(NamedTuple):
    """What a place is called.

    Attributes:
        scope: the names of the classes and functions around it, with dots: `Topics.start`.
        name: what it is about, as code without its layout: `self.papers`, `pd.read_csv()`,
            `@conda`. Empty if it is about all of the scope.
    """

    scope: str = ""
    name: str = ""


def symbol_at(body: Sequence[Statement], place: Range) -> Symbol:
    """The symbol of a place in a module's statements."""
    scope: list[str] = []
    block = body
    while (statement := _at(block, place.start)) is not None:
        if isinstance(statement, Definition):
            scope.append(statement.name)
            block = statement.body
            if _at(block, place.start) is None:
                return Symbol(".".join(scope), _in_header(statement, place)[:_LONGEST])
            continue
        inner = next((b for b in statement.blocks if _at(b, place.start) is not None), None)
        if inner is None:
            return Symbol(".".join(scope), _in_statement(statement, place)[:_LONGEST])
        block = inner
    return Symbol(".".join(scope))


def _at(block: Sequence[Statement], offset: int) -> Statement | None:
    """The statement of a block that stands around an offset."""
    index = bisect_right(block, offset, key=lambda one: one.location_with_decorators.start)
    found = block[index - 1] if index else None
    return found if found is not None and offset < found.location_with_decorators.end else None


def _in_header(definition: Definition, place: Range) -> str:
    """What a place before a definition's body is about; nothing if it is the definition."""
    for decorator in definition.decorators:
        if decorator.start <= place.start < decorator.end:
            return f"@{_name(decorator.call.function if decorator.call else decorator.value)}"
    if place.start <= definition.name_start < place.end:
        return ""
    if isinstance(definition, Function):
        for parameter in definition.parameters:
            given = (parameter, parameter.annotation, parameter.default)
            if any(part is not None and part.start <= place.start < part.end for part in given):
                return parameter.name
    if isinstance(definition, Class):
        found = _smallest(definition.bases, place)
        return "" if found is None else _name(found)
    return ""


def _in_statement(statement: Statement, place: Range) -> str:
    """What a place in a statement that is no definition is about."""
    if isinstance(statement, Import):
        return _imported(statement, place)
    found = None
    if place.start > statement.start or place.end < statement.end:
        found = _smallest(statement.expressions, place)
    if found is not None:
        return _name(found)
    if isinstance(statement, Assignment):
        return ", ".join(map(_name, statement.targets))
    kind = type(statement).__name__.lower()
    value = next(iter(statement.expressions), None)
    if value is None or kind == "expr":
        return kind if value is None else _name(value)
    return f"{kind} {_name(value)}"


def _imported(statement: Import, place: Range) -> str:
    """What a place in an import is about: a module, and the names if it is about these."""
    is_whole = place.start <= statement.start
    names = [n.name for n in statement.names if n.start < place.end and place.start < n.end]
    if not statement.is_from:
        return ", ".join(names)
    module = f"{'.' * statement.level}{statement.module or ''}"
    return module if is_whole or not names else f"{module}: {', '.join(names)}"


def _smallest(expressions: Iterable[Expression], place: Range) -> Expression | None:
    """The smallest expression around a place that has a name."""
    found: Expression | None = None
    inside = tuple(expressions)
    while True:
        around = next((e for e in inside if e.start <= place.start and place.end <= e.end), None)
        if around is None:
            return found
        if not isinstance(around, _TEXTS):
            found = around
        inside = around.parts


def _name(expression: Expression, depth: int = 0) -> str:
    """What an expression is called, without its layout, arguments and texts."""
    if depth == _DEEPEST:
        return "…"
    deeper = depth + 1
    if isinstance(expression, Name):
        return expression.name
    if isinstance(expression, Attribute):
        return f"{_name(expression.value, deeper)}.{expression.name}"
    if isinstance(expression, Call):
        return f"{_name(expression.function, deeper)}()"
    if isinstance(expression, Subscript):
        return f"{_name(expression.value, deeper)}[]"
    if isinstance(expression, Await | Starred):
        return _name(expression.value, deeper)
    kind = type(expression).__name__.lower()
    return " ".join([kind, *islice(_names(expression), _MOST_NAMES)])


def _names(expression: Expression) -> Iterator[str]:
    for part in islice(expression.walk(), _MOST_LOOKED_AT):
        if isinstance(part, Name):
            yield part.name
