"""What can be known of a value, and what several values have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum, auto


class Kind(Enum):
    """What sort of thing a value is."""

    PLAIN = auto()
    LIBRARY = auto()
    FUNCTION = auto()
    LOCAL_FUNCTION = auto()
    """A lambda, or a function that is defined inside another."""
    UNPICKLABLE = auto()
    """Something that lives in one process alone: a generator, an open file, a connection."""
    OWN_CLASS = auto()
    """An object of a class that the file itself defines."""


@dataclass(frozen=True)
class Value:
    """What is known of a value.

    Attributes:
        kind: what sort of thing it is; of a container that holds a library's objects, theirs.
        type: its type as Python writes it (`int`, `list[str]`), or a dotted name
            (`pandas.DataFrame`); of a function its name.
        container: what holds it (`list`), where the value is a container of such things.
        parts: the values of a tuple's or other display's places, where they are known one by one.
        holds: what each item of a container is, where it is a container itself.
        is_mixed: whether a container holds other things beside its library's objects.
    """

    kind: Kind
    type: str
    container: str = ""
    parts: tuple[Value | None, ...] = ()
    holds: Value | None = None
    is_mixed: bool = False

    @property
    def item(self) -> Value | None:
        """What a container holds, or a part of a library's object that is like the whole."""
        if self.kind is Kind.PLAIN:
            _, _, inner = self.type.removesuffix("]").partition("[")
            return plain(inner.split(", ")[-1]) if inner and "[" not in inner else None
        if self.is_mixed or not self.container:
            return None
        return self.holds or Value(self.kind, self.type)


def plain(type_: str) -> Value:
    """A value of one of Python's own types."""
    return Value(Kind.PLAIN, type_)


def library(type_: str, container: str = "") -> Value:
    """A library's object, or a container of such objects."""
    return Value(Kind.LIBRARY, type_, container)


NONE = plain("None")
FUNCTIONS = (Kind.FUNCTION, Kind.LOCAL_FUNCTION)
PLAIN_OBJECT = plain("object")
"""Something of Python's own, whatever it is."""

INPUT = Value(Kind.PLAIN, "<input of a join>")
UNBOUND = object()
"""What is said of a name that is none of those asked about."""

Names = dict[str, "Value | None"]
"""What is known of variables, by their names."""


def container_of(
    kind: str, values: Iterable[Value | None], parts: tuple[Value | None, ...]
) -> Value | None:
    """A list, tuple or set of values."""
    values = tuple(values)
    held = holding(kind, values)
    if held:
        return replace(held, parts=parts)
    item = joined(values)
    known = item is not None and item.kind is Kind.PLAIN and item != NONE and kind != "tuple"
    return Value(Kind.PLAIN, f"{kind}[{item.type}]" if known and item else kind, "", parts)


def holding(kind: str, values: Iterable[Value | None]) -> Value | None:
    """A container that holds objects of a library, or of a class of the file, or functions."""
    found = [value for value in values if value is not None and value != NONE]
    first = next((value for value in found if value.kind is not Kind.PLAIN), None)
    if first is None:
        return None
    is_mixed = any(value.kind is not first.kind for value in found)
    holds = first if first.container else None
    return Value(first.kind, first.type, kind, (), holds, is_mixed)


def joined(values: Iterable[Value | None]) -> Value | None:
    """What one of several values is: what they all are, `None` apart."""
    found = list(dict.fromkeys(values))
    known = [value for value in found if value != NONE]
    if not known:
        return NONE if found else None
    if len(known) == 1 and NONE not in found:
        return known[0]
    if None in known:
        return None
    libraries_ = [value for value in known if value and value.kind is not Kind.PLAIN]
    return libraries_[0] if len(libraries_) == len(known) else None


def visible(values: Iterable[Value | None]) -> Value | None:
    """As `joined`, but a library's object counts if it is one of the possible values."""
    found = list(values)
    agreed = joined(found)
    if agreed is not None or any(
        v is not None and v != NONE and v.kind is Kind.PLAIN for v in found
    ):
        return agreed
    return next((v for v in found if v is not None and v.kind is not Kind.PLAIN), None)
