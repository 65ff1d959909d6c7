"""What can be known of a value, and what several values have in common."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

if TYPE_CHECKING:
    from lint_rules.model.code import Class
    from lint_rules.model.module import Module


class Kind(Enum):
    """What sort of thing a value is."""

    PLAIN = auto()
    LIBRARY = auto()
    FUNCTION = auto()
    LOCAL_FUNCTION = auto()
    """A lambda, or a function that is defined inside another."""
    UNPICKLABLE = auto()
    """Something that exists in one process only: a generator, an open file, a connection."""
    OWN_CLASS = auto()
    """An object of a class that the repository itself defines."""
    CLASS = auto()
    """A class, of a library or of the repository: `type` is that of its objects."""


MOST_HEIGHT = 6
"""How many nested containers are distinguished."""

MOST_PARTS = 200
"""How many places of a display are known one by one."""

LONGEST_TYPE = 100
"""Characters of a type that says what is inside, before it says no more than `list`."""


@dataclass(frozen=True, eq=False, init=False)
class Value:
    """What is known of a value. Equal values are one object.

    Attributes:
        kind: what sort of thing it is; of a container that holds a library's objects, theirs.
        type: its type as Python writes it (`int`, `list[str]`), or a dotted name
            (`pandas.DataFrame`); of a function its name.
        container: what holds it (`list`), where the value is a container of such things.
        parts: the values of a tuple's or other display's places, where they are known one by one.
        holds: what each item of a container is, where it is a container itself.
        is_mixed: whether a container holds other things beside its library's objects.
        defined: of an object of a class of the repository, its module and the class.
    """

    kind: Kind
    type: str
    container: str = ""
    parts: tuple[Value | None, ...] = ()
    holds: Value | None = None
    is_mixed: bool = False
    defined: tuple[Module, Class] | None = None
    height: int = field(init=False, repr=False)
    """How many containers it is deep."""

    def __new__(
        cls,
        kind: Kind,
        type: str,
        container: str = "",
        parts: tuple[Value | None, ...] = (),
        holds: Value | None = None,
        is_mixed: bool = False,
        defined: tuple[Module, Class] | None = None,
    ) -> Value:
        """The one value of this description, which is cut where it is too large."""
        if len(parts) > MOST_PARTS:
            parts = ()
        height = 1 + max((v.height for v in (*parts, holds) if v is not None), default=0)
        if height > MOST_HEIGHT:
            parts, height = (), 1
            # What it holds is not known, which is not to say that it holds no containers.
            holds, is_mixed = None, is_mixed or holds is not None
        if len(type) > LONGEST_TYPE and "[" in type:
            type = type.partition("[")[0]
        key = kind, type, container, parts, holds, is_mixed, defined
        known = _VALUES.get(key)
        if known is None:
            known = super().__new__(cls)
            for name, value in zip(_FIELDS, (*key, height), strict=True):
                object.__setattr__(known, name, value)
            known = _VALUES.setdefault(key, known)
        return known

    @property
    def item(self) -> Value | None:
        """What a container holds, or a part of a library's object that is like the whole."""
        if self.kind is Kind.PLAIN:
            _, _, inner = self.type.removesuffix("]").partition("[")
            return plain(inner.split(", ")[-1]) if inner and "[" not in inner else None
        if self.is_mixed or not self.container:
            return None
        return self.holds or Value(self.kind, self.type, defined=self.defined)


_FIELDS = ("kind", "type", "container", "parts", "holds", "is_mixed", "defined", "height")
_VALUES: WeakValueDictionary[tuple[object, ...], Value] = WeakValueDictionary()
"""All values that there are."""


def plain(type_: str) -> Value:
    """A value of one of Python's own types."""
    return Value(Kind.PLAIN, type_)


def library(type_: str, container: str = "") -> Value:
    """A library's object, or a container of such objects."""
    return Value(Kind.LIBRARY, type_, container)


def of_facts(made: str) -> Value | None:
    """A library's object, or a tuple of such whose types are separated by commas."""
    if "," not in made:
        return library(made)
    parts = tuple(library(type_) if type_ != "?" else None for type_ in made.split(","))
    return container_of("tuple", parts, parts)


def class_of(instance: Value | None) -> Value | None:
    """The class of an object."""
    return Value(Kind.CLASS, instance.type, holds=instance) if instance is not None else None


def instance_of(class_: Value | None) -> Value | None:
    """What calling a class gives; nothing of what is no class."""
    if class_ is None or class_.kind is not Kind.CLASS or class_.container:
        return None
    return class_.holds


NONE = plain("None")
FUNCTIONS = (Kind.FUNCTION, Kind.LOCAL_FUNCTION)
PLAIN_OBJECT = plain("object")
"""Something of Python's own, whatever it is."""

INPUT = Value(Kind.PLAIN, "<input of a join>")
UNBOUND = object()
"""The answer for a name that is not one of those in question."""

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
    holds = first if first.container or first.kind is Kind.CLASS else None
    return Value(first.kind, first.type, kind, (), holds, is_mixed, first.defined)


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
