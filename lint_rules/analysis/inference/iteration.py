"""What looping over something gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lint_rules.analysis.inference.artifacts import is_input
from lint_rules.analysis.inference.functions import function_named, returned_by
from lint_rules.analysis.inference.value import (
    FUNCTIONS,
    INPUT,
    Kind,
    Names,
    Value,
    container_of,
    plain,
)
from lint_rules.model.code import Attribute, Call, Comprehension, Expression, Name

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


_SAME_ITEMS = frozenset(
    f"builtins.{name}" for name in ("list", "tuple", "sorted", "reversed", "iter")
)


def item_of(reader: Reader, source: Expression | None, names: Names) -> Value | None:
    """What looping over an expression gives."""
    if not reader.enter():
        return None
    try:
        return _item_of(reader, source, names)
    finally:
        reader.leave()


def _item_of(reader: Reader, source: Expression | None, names: Names) -> Value | None:
    if isinstance(source, Name) and "." not in source.name and is_input(reader, source):
        return INPUT
    together = _items_together(reader, source, names)
    if together is not None:
        return together
    value = reader.value(source, names)
    if value is None or value.kind is Kind.UNPICKLABLE or value.container == "dict":
        return None
    if value.type.startswith("dict["):
        return plain(value.type.removeprefix("dict[").partition(",")[0])
    return value.item


def _items_together(reader: Reader, source: Expression | None, names: Names) -> Value | None:
    """The tuples that `d.items()`, `enumerate(…)` and `zip(…)` give."""
    while isinstance(source, Call) and source.function.qualified in _SAME_ITEMS:
        if len(source.positional) != 1:
            break
        source = source.positional[0]
    if not isinstance(source, Call):
        return None
    function, given = source.function, source.positional
    parts: tuple[Value | None, ...] = ()
    if function.qualified == "builtins.enumerate" and given:
        parts = plain("int"), item_of(reader, given[0], names)
    elif function.qualified == "builtins.zip":
        parts = tuple(item_of(reader, one, names) for one in given)
    elif not source.arguments:
        container = _items_of(reader, function, names)
        parts = (None, container.item) if container else ()
    return container_of("tuple", parts, parts) if any(parts) else None


def _items_of(reader: Reader, function: Expression, names: Names) -> Value | None:
    """The dict of library objects whose `.items` this is."""
    of: Expression | None = None
    if isinstance(function, Attribute) and function.name == "items":
        of = function.value
    elif isinstance(function, Name) and function.name.endswith(".items"):
        of = function.without_last()
    value = reader.value(of, names)
    return value if value is not None and value.container == "dict" else None


def looped(reader: Reader, source: Expression, names: Names) -> Value | None:
    """What the items of an argument are: of a container, a generator, `map(f, …)`."""
    if isinstance(source, Call) and source.function.qualified == "builtins.map":
        mapped = source.positional
        function = reader.value(mapped[0], names) if mapped else None
        if function is None or function.kind not in FUNCTIONS or len(mapped) < 2:
            return None
        defined = function_named(reader, mapped[0])
        if defined is None:
            return None
        return returned_by(reader, defined, {defined.self_name: item_of(reader, mapped[1], names)})
    if isinstance(source, Comprehension):
        listed = replace(source, kind="list")
        value = reader.value(listed, names)
        return value.item if value else None
    return item_of(reader, source, names)
