"""What a value is by how it is used: `x.groupby(…)` is called on no list and no dict.

A use that only a library's object allows is enough by itself (`iloc`). Of others it takes two
different ones (`head`, `columns`), because a class of anybody's may have one of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.value import Value, library
from lint_rules.analysis.library_uses import HINTS, used_as
from lint_rules.model.code import (
    Call,
    Collection,
    Comprehension,
    Constant,
    Expression,
    Function,
    Name,
    Slice,
    Subscript,
)
from lint_rules.model.memoize import remembered

_ASKING = frozenset(
    {"builtins.isinstance", "builtins.hasattr", "builtins.type", "builtins.getattr"}
)
"""Where code asks what a value is, what it does then is not certain."""


_TEXT = '[""]'


@dataclass(frozen=True, eq=False)
class Use:
    """What code does with something that has a name.

    Attributes:
        what: the attribute that it takes; `[""]` for a text as index, `[[]]` for a list, `[:,]`
            for a slice of one of several axes.
        start: where.
        keywords: the names of the arguments, where the attribute is called; else `None`.
    """

    what: str
    start: int
    keywords: frozenset[str] | None = None


END = 1 << 60
"""An offset behind every file."""


def uses_of(function: Function, name: str, start: int = 0, stop: int = END) -> list[Use]:
    """What a part of a function does with a variable, or an attribute of one, in order."""
    if name in _asked(function):
        return []
    uses = _uses(function).get(name, [])
    at = [bisect_left(uses, offset, key=lambda use: use.start) for offset in (start, stop)]
    return uses[at[0] : at[1]]


def used_names(function: Function) -> Iterable[str]:
    """The variables, and attributes of variables, with which a function does anything."""
    return _uses(function).keys()


def of_uses(uses: Iterable[Use], known: Value | None = None) -> Value | None:
    """What a thing is, if its uses make that certain.

    Args:
        uses: the uses.
        known: what is known otherwise; uses may show whether a pandas object is a dataframe.
    """
    if known is not None and known is not library(libraries.COLUMNS):
        return known
    weak: set[str] = set()
    found = libraries.COLUMNS if known is not None else None
    is_indexed = False
    for use in uses:
        is_indexed = is_indexed or use.what == _TEXT
        certain = used_as(use.what, use.keywords)
        if found is None or certain == libraries.FRAME:
            found = certain or found
        if use.what in HINTS:
            weak.add(use.what)
    if found is None and len(weak) > 1:
        found = libraries.COLUMNS
    if found == libraries.COLUMNS and is_indexed:
        found = libraries.FRAME
    return library(found) if found else None


@remembered
def _uses(function: Function) -> dict[str, list[Use]]:
    """The uses of each name, `self.papers` among them."""
    found: dict[str, list[Use]] = {}
    called = {call.function: call for call in function.descendants.calls}
    for reference in function.descendants.names:
        parts = reference.name.split(".")
        for count in range(1, len(parts)):
            # Only of the last attribute it is known how it is called.
            call = called.get(reference) if count == len(parts) - 1 else None
            if count == len(parts) - 1 and reference.context != "load":
                continue
            use = Use(parts[count], reference.start, _keywords(call) if call else None)
            found.setdefault(".".join(parts[:count]), []).append(use)
    for expression in _expressions(function):
        if isinstance(expression, Subscript) and isinstance(expression.value, Name):
            what = _index(expression)
            if what:
                use = Use(what, expression.start)
                found.setdefault(expression.value.name, []).append(use)
    for uses in found.values():
        uses.sort(key=lambda use: use.start)
    return found


def _keywords(call: Call) -> frozenset[str]:
    names = {argument.name for argument in call.arguments if argument.name}
    return frozenset(names | {f"+{len(call.positional)}"})


def _index(subscript: Subscript) -> str:
    first = subscript.index[0] if subscript.index else None
    if len(subscript.index) == 1:
        if isinstance(first, Comprehension):
            return "[[]]" if first.kind == "list" else ""
        if isinstance(first, Collection):
            items = first.items
            sliced = first.kind == "tuple" and any(isinstance(item, Slice) for item in items)
            return "[[]]" if first.kind == "list" else "[:,]" if sliced else ""
        return _TEXT if isinstance(first, Constant) and first.text is not None else ""
    return "[:,]" if any(isinstance(item, Slice) for item in subscript.index) else ""


def _expressions(function: Function) -> Iterator[Expression]:
    for statement in function.statements:
        for expression in statement.expressions:
            yield from expression.walk()


@remembered
def _asked(function: Function) -> frozenset[str]:
    """The names of which a function asks what they are."""
    return frozenset(
        given.name
        for call in function.descendants.calls
        if call.function.qualified in _ASKING
        for given in call.positional[:1]
        if isinstance(given, Name)
    )
