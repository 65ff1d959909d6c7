"""What Python's own functions, and the methods of its types, give and change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lint_rules.analysis.data_flow.folding import fold
from lint_rules.analysis.data_flow.values import (
    NONE,
    UNKNOWN,
    Atom,
    Fresh,
    Items,
    Kind,
    Literal,
    Pairs,
    Some,
    Value,
    items,
    length,
    literal,
    one,
    pairs,
    some,
    union,
)

_FOLDED: dict[str, Callable[..., Any]] = {
    f.__name__: f
    for f in (abs, all, any, bool, divmod, float, int, max, min, round, sorted, str, sum, repr)
}
_FOLDED |= {"len": len, "range": lambda *bounds: range(*bounds)}
_RESULTS = {
    "abs": Kind.NUMBER,
    "all": Kind.BOOL,
    "any": Kind.BOOL,
    "bool": Kind.BOOL,
    "callable": Kind.BOOL,
    "dict": Kind.DICT,
    "float": Kind.NUMBER,
    "hasattr": Kind.BOOL,
    "id": Kind.NUMBER,
    "int": Kind.NUMBER,
    "isinstance": Kind.BOOL,
    "len": Kind.NUMBER,
    "list": Kind.LIST,
    "print": Kind.NONE,
    "repr": Kind.TEXT,
    "set": Kind.SET,
    "sorted": Kind.LIST,
    "str": Kind.TEXT,
    "tuple": Kind.TUPLE,
}
_ITERATORS = frozenset({"enumerate", "filter", "iter", "map", "reversed", "zip"})
_FRESH = frozenset(
    "datetime.datetime.now datetime.datetime.utcnow datetime.datetime.today os.getpid "
    "random.random secrets.token_hex secrets.token_urlsafe time.time time.time_ns "
    "time.perf_counter time.monotonic uuid.uuid1 uuid.uuid4".split()
)
_DATAFRAMES = frozenset(
    f"{library}.{name}"
    for library in ("pandas", "polars")
    for name in "DataFrame read_csv read_parquet read_json read_excel concat".split()
)
_UNPICKLABLE = {
    "builtins.open": "an open file",
    "contextvars.ContextVar": "a context variable",
    "multiprocessing.Lock": "a lock",
    "socket.socket": "a socket",
    "sqlite3.connect": "a database connection",
    "threading.Condition": "a lock",
    "threading.Event": "a lock",
    "threading.Lock": "a lock",
    "threading.RLock": "a lock",
    "threading.Semaphore": "a lock",
    "threading.Thread": "a thread",
    "weakref.WeakKeyDictionary": "a weak reference",
    "weakref.WeakValueDictionary": "a weak reference",
    "weakref.WeakSet": "a weak reference",
    "weakref.proxy": "a weak reference",
    "weakref.ref": "a weak reference",
}


def is_fresh(qualified: str) -> bool:
    """Whether a function gives another value each time."""
    return qualified in _FRESH


def is_pure(qualified: str) -> bool:
    """Whether a function of Python's certainly changes none of its arguments."""
    owner, _, name = qualified.rpartition(".")
    if owner == "builtins":
        return name in _FOLDED or name in _RESULTS or name in _ITERATORS or name == "type"
    return qualified in _FRESH or qualified in _UNPICKLABLE or owner == "math"


def call_of(qualified: str, arguments: Sequence[Value], is_whole: bool, site: str) -> Value:
    """What a call of a function by its dotted name gives.

    Args:
        qualified: the function's dotted name.
        arguments: what it is given by position.
        is_whole: whether these are all of its arguments.
        site: where and in which task the call stands.
    """
    if qualified in _FRESH:
        return one(Fresh(site))
    if qualified in _UNPICKLABLE:
        return some(Kind.UNPICKLABLE, _UNPICKLABLE[qualified])
    if qualified in _DATAFRAMES:
        return some(Kind.DATAFRAME, "a dataframe").depending_on(*arguments)
    owner, _, name = qualified.rpartition(".")
    if owner != "builtins":
        return UNKNOWN.depending_on(*arguments)
    if name in _ITERATORS:
        return some(Kind.ITERATOR, name).depending_on(*arguments)
    otherwise = some(_RESULTS[name]) if name in _RESULTS else UNKNOWN
    if not is_whole:
        return otherwise.depending_on(*arguments)
    if name in ("list", "tuple", "set"):
        return _container(name, arguments)
    if name == "dict" and not arguments:
        return pairs(())
    if name == "len" and len(arguments) == 1:
        lengths = [length(atom) for atom in arguments[0].atoms]
        if lengths and None not in lengths:
            return union(literal(size) for size in lengths).depending_on(*arguments)
    if name in _FOLDED and (arguments or name in ("str", "int", "float", "bool")):
        if not arguments:
            return literal(_FOLDED[name]())
        return fold(_FOLDED[name], *arguments, otherwise=otherwise)
    return otherwise.depending_on(*arguments)


def _container(name: str, arguments: Sequence[Value]) -> Value:
    kind = {"list": Kind.LIST, "tuple": Kind.TUPLE, "set": Kind.SET}[name]
    if not arguments:
        return items(kind, ())
    found: list[Value] = []
    for atom in arguments[0].atoms:
        match atom:
            case Items(items=inner) if kind is not Kind.SET and atom.kind is not Kind.SET:
                found.append(items(kind, inner))
            case Pairs(items=inner) if kind is not Kind.SET:
                found.append(items(kind, (one(key) for key, _ in inner)))
            case Literal(value=str(text)) if kind is not Kind.SET:
                found.append(items(kind, (literal(letter) for letter in text)))
            case Some(length=int(size)) if kind is not Kind.SET:
                found.append(some(kind, length=size))
            case _:
                made = set if kind is Kind.SET else {"list": list, "tuple": tuple}[name]
                found.append(fold(made, one(atom), otherwise=some(kind)))
    return (union(found) if found else some(kind)).depending_on(*arguments)


# Methods

_TEXT = frozenset(
    "capitalize casefold count endswith find format index isalpha isdigit islower istitle isupper "
    "join lower lstrip partition removeprefix removesuffix replace rpartition rsplit rstrip split "
    "splitlines startswith strip title upper zfill".split()
)
_TEXT_KINDS = {"split": Kind.LIST, "splitlines": Kind.LIST, "startswith": Kind.BOOL}
_READING = frozenset("copy count get index items keys values".split())
_CHANGING: dict[str, bool] = {
    "add": True,
    "append": True,
    "appendleft": False,
    "clear": False,
    "discard": False,
    "extend": True,
    "insert": False,
    "pop": False,
    "popitem": False,
    "remove": False,
    "reverse": False,
    "setdefault": True,
    "sort": False,
    "update": False,
}
"""The methods that change a container, and whether they leave the items that are there."""


def changes(method: str) -> bool:
    """Whether a method of this name changes a container."""
    return method in _CHANGING


def keeps_items(method: str) -> bool:
    """Whether a method that changes a container leaves the items that were there."""
    return _CHANGING.get(method, False)


def given_by_change(value: Value, method: str) -> Value:
    """What a method gives that changes a container: `None`, where it is one of Python's own."""
    is_own = bool(value.atoms) and value.kinds <= {Kind.LIST, Kind.DICT, Kind.SET}
    gives_none = is_own and method not in ("pop", "popitem", "setdefault")
    return NONE if gives_none else UNKNOWN


def reads_only(value: Value, method: str) -> bool:
    """Whether a method certainly leaves a value as it is."""
    return method in _READING or value.kinds <= {Kind.TEXT, Kind.NUMBER, Kind.BOOL, Kind.BYTES}


def method_of(value: Value, method: str, arguments: Sequence[Value], is_whole: bool) -> Value:
    """What a method that changes nothing gives."""
    if value.kinds == {Kind.TEXT} and method in _TEXT:
        otherwise = some(_TEXT_KINDS.get(method, Kind.TEXT))
        if method in ("count", "find", "index"):
            otherwise = some(Kind.NUMBER)
        elif method in ("endswith", "partition", "rpartition", "rsplit") or method[:2] == "is":
            otherwise = UNKNOWN
        if is_whole:
            return fold(
                lambda text, *rest: getattr(text, method)(*rest),
                value,
                *arguments,
                otherwise=otherwise,
            )
        return otherwise.depending_on(value, *arguments)
    if method in ("keys", "values", "items") and value.kinds == {Kind.DICT}:
        found = (_view(atom, method) for atom in value.atoms)
        return union(found).depending_on(value)
    if method == "copy" and value.kinds <= {Kind.LIST, Kind.DICT, Kind.SET}:
        return value
    if method in _READING and is_whole:
        return fold(
            lambda thing, *rest: getattr(thing, method)(*rest), value, *arguments
        ).depending_on(value, *arguments)
    return UNKNOWN.depending_on(value, *arguments)


def _view(atom: Atom, method: str) -> Value:
    if not isinstance(atom, Pairs):
        return some(Kind.VIEW, f"`.{method}()` of a dict")
    if method == "keys":
        return items(Kind.VIEW, (one(key) for key, _ in atom.items))
    if method == "values":
        return items(Kind.VIEW, (item for _, item in atom.items))
    return items(Kind.VIEW, (items(Kind.TUPLE, (one(key), item)) for key, item in atom.items))


def changed(value: Value, method: str, arguments: Sequence[Value], is_whole: bool) -> Value:
    """What a container is after a method that changes it."""
    if not is_whole:
        return _kinds_of(value)
    return union(_changed(atom, method, arguments) for atom in value.atoms).depending_on(
        value, *arguments
    )


def _changed(atom: Atom, method: str, arguments: Sequence[Value]) -> Value:
    match atom, method, tuple(arguments):
        case Items(kind=Kind.LIST, items=inner), "append", (item,):
            return items(Kind.LIST, (*inner, item))
        case Items(kind=Kind.LIST, items=inner), "extend", (more,):
            other = more.single
            if isinstance(other, Items) and other.kind is not Kind.SET:
                return items(Kind.LIST, (*inner, *other.items))
            return some(Kind.LIST)
        case Items() | Pairs(), _, _:

            def apply(thing: Any, *rest: Any) -> Any:
                getattr(thing, method)(*rest)
                return thing

            return fold(apply, one(atom), *arguments, otherwise=_kinds_of(one(atom)))
    return _kinds_of(one(atom))


def with_item(value: Value, index: Value, item: Value) -> Value:
    """What a container is after `value[index] = item`."""
    key = index.single
    found: list[Value] = []
    for atom in value.atoms:
        if isinstance(atom, Pairs) and isinstance(key, Literal):
            found.append(pairs((*atom.items, (key, item))))
        elif isinstance(atom, Items) and atom.kind is Kind.LIST and isinstance(key, Literal):
            position = key.value
            inner = list(atom.items)
            if isinstance(position, int) and -len(inner) <= position < len(inner):
                inner[position] = item
                found.append(items(Kind.LIST, inner))
            else:
                found.append(some(Kind.LIST, length=len(inner)))
        else:
            found.append(_kinds_of(one(atom)))
    return (union(found) if found else UNKNOWN).depending_on(value, index, item)


def _kinds_of(value: Value) -> Value:
    """The kinds of containers that may have any items."""
    kept = (Kind.LIST, Kind.DICT, Kind.SET, Kind.DATAFRAME)
    return union(some(a.kind) if a.kind in kept else UNKNOWN for a in value.atoms) or UNKNOWN
