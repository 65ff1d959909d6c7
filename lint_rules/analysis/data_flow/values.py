"""What is known of a value: a few literals that it can be, or kinds. Its size is bounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import TypeAlias

from lint_rules.model.code.expressions import LONGEST_NUMBER

MOST_ATOMS = 8
"""How many alternatives are kept apart before only their kinds are."""

MOST_ITEMS = 64
"""How many items of a container are kept apart."""

_MOST_KEPT = 4096
"""How many small values are kept, since most code has the same ones."""

DEEPEST = 3
"""How deep containers in containers are kept."""

LONGEST_TEXT = 1_000
"""How many characters or bytes of a literal are kept: a text that doubles at each line is not."""


class Kind(Enum):
    """What sort of thing a value is."""

    NONE = "`None`"
    BOOL = "a bool"
    NUMBER = "a number"
    TEXT = "a text"
    BYTES = "bytes"
    LIST = "a list"
    TUPLE = "a tuple"
    DICT = "a dict"
    SET = "a set"
    VIEW = "a view of a dict"
    ITERATOR = "an iterator"
    DATAFRAME = "a dataframe"
    FUNCTION = "a function"
    UNPICKLABLE = "an object that cannot be pickled"
    ANY = "anything"

    # There is one object of each, and `Enum` would take the hash of its name.
    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal. `type` keeps `1`, `1.0` and `True` apart."""

    type: str
    value: object

    @property
    def kind(self) -> Kind:
        """What sort of thing it is."""
        return _KINDS[self.type]


_KINDS = {
    "NoneType": Kind.NONE,
    "bool": Kind.BOOL,
    "int": Kind.NUMBER,
    "float": Kind.NUMBER,
    "complex": Kind.NUMBER,
    "str": Kind.TEXT,
    "bytes": Kind.BYTES,
}


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple, set or view of a dict, whose items are known one by one."""

    kind: Kind
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dict whose keys are known, in order."""

    items: tuple[tuple[Literal, Value], ...]

    @property
    def kind(self) -> Kind:
        """What sort of thing it is."""
        return Kind.DICT


@dataclass(frozen=True, slots=True)
class Some:
    """Anything of a kind.

    Attributes:
        kind: the kind.
        name: what it is more exactly, or what makes it: `zip`, `open file`.
        length: how many items it has, where that is known.
    """

    kind: Kind
    name: str = ""
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Fresh:
    """What is another value each time that it is asked for: the time, a random number.

    `site` tells where and in which task it was asked for.
    """

    site: str

    @property
    def kind(self) -> Kind:
        """What sort of thing it is."""
        return Kind.ANY


EACH, PART, FIRST = "<each>", "<part>", "<first>"
"""How inputs are chosen: all of them, some of them, or one by its number."""


@dataclass(frozen=True, slots=True)
class Special:
    """The flow itself, a join's inputs, one of them, or a function.

    Attributes:
        what: `self`, `inputs`, `input`, `method`, `function` or `class`.
        mode: of inputs or one of them, how they are chosen: `EACH`, `PART`, `FIRST`, or the name
            of a branch; of a method or a class, its name.
        thing: the function, the class, or the call that makes the class.
    """

    what: str
    mode: str = ""
    thing: object = None

    @property
    def kind(self) -> Kind:
        """What sort of thing it is."""
        return Kind.FUNCTION if self.what in ("method", "function") else Kind.ANY


Atom: TypeAlias = Literal | Items | Pairs | Some | Fresh | Special


@dataclass(frozen=True, slots=True)
class Value:
    """What a name can hold.

    Attributes:
        atoms: the alternatives; none if nothing gets there.
        foreaches: the foreaches on whose element or index it depends.
    """

    atoms: frozenset[Atom]
    foreaches: frozenset[str] = frozenset()

    def __or__(self, other: Value) -> Value:
        """What holds either of two values."""
        if self is other or self == other:
            return self
        found = Value(self.atoms | other.atoms, self.foreaches | other.foreaches)
        return widened(found) if len(found.atoms) > MOST_ATOMS else found

    @property
    def kinds(self) -> frozenset[Kind]:
        """The kinds that it can be of."""
        return frozenset(atom.kind for atom in self.atoms)

    @property
    def is_known(self) -> bool:
        """Whether something is known of each alternative."""
        return bool(self.atoms) and Kind.ANY not in self.kinds

    @property
    def single(self) -> Atom | None:
        """The one thing that it is."""
        return next(iter(self.atoms)) if len(self.atoms) == 1 else None

    def special(self, what: str) -> Special | None:
        """The special thing of a sort that it can be."""
        for atom in self.atoms:
            if isinstance(atom, Special) and atom.what == what:
                return atom
        return None

    def depending_on(self, *others: Value) -> Value:
        """The same, worked out from other values."""
        more: frozenset[str] = frozenset()
        for other in others:
            if other.foreaches:
                more |= other.foreaches
        if not more:
            return self
        return self if more <= self.foreaches else Value(self.atoms, self.foreaches | more)


def one(atom: Atom) -> Value:
    """The value that is one thing."""
    return Value(frozenset((atom,)))


@lru_cache(_MOST_KEPT)
def some(kind: Kind, name: str = "", length: int | None = None) -> Value:
    """Any value of a kind."""
    return one(Some(kind, name, length))


UNKNOWN = some(Kind.ANY)
NOTHING = Value(frozenset())
NONE = one(Literal("NoneType", None))


@lru_cache(_MOST_KEPT)
def inside(value: Value) -> frozenset[Atom]:
    """What the containers that a value can be hold, at any depth."""
    found: set[Atom] = set()
    for atom in value.atoms:
        held: Iterable[Value] = ()
        if isinstance(atom, Items):
            held = atom.items
        elif isinstance(atom, Pairs):
            held = (item for _, item in atom.items)
        for item in held:
            found |= item.atoms
            found |= inside(item)
    return frozenset(found)


def union(values: Iterable[Value]) -> Value:
    """What holds any of some values."""
    found = NOTHING
    for value in values:
        found = found | value
    return found


def literal(value: object) -> Value:
    """The value of a literal of Python's, its kind for a long one; unknown for what is none."""
    name = type(value).__name__
    match value:
        case str() | bytes() if len(value) > LONGEST_TEXT:
            return some(_KINDS[name], length=len(value))
        case int() if value.bit_length() > LONGEST_NUMBER:
            return some(Kind.NUMBER)
    return _literal(value) if name in _KINDS else UNKNOWN


@lru_cache(_MOST_KEPT, typed=True)
def _literal(value: object) -> Value:
    return one(Literal(type(value).__name__, value))


def items(kind: Kind, values: Iterable[Value]) -> Value:
    """A container with known items, or only its length where these are many or deep."""
    given = tuple(values)
    if len(given) > MOST_ITEMS or any(_depth(value) >= DEEPEST for value in given):
        return some(kind, length=len(given))
    return one(Items(kind, given))


def pairs(values: Iterable[tuple[Literal, Value]]) -> Value:
    """A dict with known keys; of two equal ones the last counts."""
    found: dict[object, tuple[Literal, Value]] = {}
    for key, value in values:
        found[key.value] = (found.get(key.value, (key, value))[0], value)
    given = tuple(found.values())
    if len(given) > MOST_ITEMS or any(_depth(value) >= DEEPEST for _, value in given):
        return some(Kind.DICT, length=len(given))
    return one(Pairs(given))


def _depth(value: Value) -> int:
    depths = [0]
    for atom in value.atoms:
        if isinstance(atom, Items):
            depths.append(1 + max((_depth(item) for item in atom.items), default=0))
        elif isinstance(atom, Pairs):
            depths.append(1 + max((_depth(item) for _, item in atom.items), default=0))
    return max(depths)


def widened(value: Value) -> Value:
    """Only the kinds of a value."""
    found: set[Atom] = set()
    for atom in value.atoms:
        keeps = isinstance(atom, Special) or (isinstance(atom, Some) and atom.length is None)
        found.add(atom if keeps else Some(atom.kind, getattr(atom, "name", "")))
    if len(found) > MOST_ATOMS:
        found = {Some(kind) for kind in {atom.kind for atom in found}}
    return Value(frozenset(found), value.foreaches)


def length(atom: Atom) -> int | None:
    """How many items something has, `None` if that is not known."""
    if isinstance(atom, Items | Pairs):
        return len(atom.items)
    if isinstance(atom, Some):
        return atom.length
    return len(atom.value) if isinstance(atom, Literal) and isinstance(atom.value, str) else None


def differ(first: Value, second: Value) -> bool:
    """Whether two values are certainly different, as they are when saved."""
    if not first.atoms or not second.atoms:
        return False
    return all(_atoms_differ(a, b) for a in first.atoms for b in second.atoms)


def _atoms_differ(first: Atom, second: Atom) -> bool:
    if isinstance(first, Fresh) and isinstance(second, Fresh):
        return first.site != second.site
    if Kind.ANY in (first.kind, second.kind):
        return False
    if first.kind is not second.kind:
        return True
    lengths = length(first), length(second)
    if None not in lengths and lengths[0] != lengths[1]:
        return True
    if isinstance(first, Literal) and isinstance(second, Literal):
        return (first.type, first.value) != (second.type, second.value)
    if isinstance(first, Items) and isinstance(second, Items):
        if first.kind is Kind.SET:
            return _keys(first) is not None and _keys(first) != _keys(second)
        return any(differ(a, b) for a, b in zip(first.items, second.items, strict=True))
    if isinstance(first, Pairs) and isinstance(second, Pairs):
        theirs = dict(second.items)
        return any(k not in theirs or differ(v, theirs[k]) for k, v in first.items)
    return False


def _keys(found: Items) -> frozenset[Atom | None] | None:
    keys = frozenset(item.single for item in found.items)
    return None if None in keys or not all(isinstance(k, Literal) for k in keys) else keys
