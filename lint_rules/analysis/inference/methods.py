"""What calls of methods give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.functions import (
    is_method,
    of_method_of_class,
    of_own_method,
    self_name,
)
from lint_rules.analysis.inference.value import (
    PLAIN_OBJECT,
    UNBOUND,
    Kind,
    Names,
    Value,
    container_of,
    holding,
    instance_of,
    library,
    of_facts,
    plain,
)
from lint_rules.model.code import Call, Name

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


_LEAVING = frozenset(
    "to_dict to_list tolist to_json to_csv to_html to_markdown to_string to_latex item".split()
)
"""Methods that lead from a library's object back to plain Python."""
_DATA = libraries.TABULAR | {
    libraries.ARRAY,
    libraries.TABLE,
    libraries.MATRIX,
    libraries.SPARSE,
}
_MODEL_METHODS = ("predict", "transform", "fit_transform")
_STRING_METHODS = {
    "join": "str",
    "format": "str",
    "lower": "str",
    "upper": "str",
    "strip": "str",
    "replace": "str",
    "title": "str",
    "split": "list[str]",
    "splitlines": "list[str]",
    "encode": "bytes",
    "startswith": "bool",
    "endswith": "bool",
}


def of_method_named(reader: Reader, function: Name, call: Call, names: Names) -> object:
    """What `a.b.method(…)` gives, `UNBOUND` where `a` is no variable but a module."""
    owner, _, method = function.name.rpartition(".")
    if not owner:
        return UNBOUND
    if function.qualified is not None and function.head not in names:
        return UNBOUND
    if reader.flow is not None and owner == self_name(reader):
        found = of_own_method(reader, reader.flow, method, call, names)
        if found is not None or is_method(reader, method):
            return found
        # The artifact may be a class.
        return instance_of(reader.value(function, names))
    receiver = reader.value(function.without_last(), names)
    return of_method(reader, receiver, method, call, names)


def of_method(
    reader: Reader, receiver: Value | None, method: str, call: Call, names: Names
) -> Value | None:
    """What a method gives that is called on something."""
    if method in _LEAVING:
        arrays = (libraries.ARRAY, libraries.TABLE)
        known = receiver is not None and receiver.type in (*libraries.TABULAR, *arrays)
        return plain("list") if known and method in ("to_list", "tolist") else PLAIN_OBJECT
    if receiver is not None and receiver.kind is Kind.OWN_CLASS and not receiver.container:
        return of_method_of_class(reader, receiver, method, call, names)
    if method in _MODEL_METHODS and (receiver is None or receiver.type == libraries.MODEL):
        # What is given an array gives an array, or a dataframe.
        given_ = [reader.value(value, names) for value in call.positional[:1]]
        is_data = any(v and v.type in _DATA and not v.container for v in given_)
        return library(libraries.TABLE) if is_data else None
    if receiver is not None and receiver.kind is Kind.LIBRARY and not receiver.container:
        if method == "split" and receiver.type.startswith("sklearn.model_selection."):
            array = library(libraries.ARRAY)
            pair = container_of("tuple", (array, array), (array, array))
            return holding("generator", [pair])
        given = libraries.method_gives(receiver.type, method)
        return of_facts(given) if given else None
    if receiver is not None and receiver.kind is Kind.PLAIN:
        if receiver.type == "str" and method in _STRING_METHODS:
            return plain(_STRING_METHODS[method])
        if method == "copy":
            return receiver
        if method in ("keys", "values", "items") and receiver.type.startswith("dict"):
            return Value(Kind.UNPICKLABLE, f"`{method}` view of a dict")
    if receiver is not None and receiver.container:
        if method in ("get", "pop"):
            return receiver.item
        if method == "values":
            return replace(receiver, container="list", parts=())
        if method == "copy":
            return receiver
    if receiver is not None and receiver.type == "database connection" and method == "cursor":
        return Value(Kind.UNPICKLABLE, "database cursor")
    given = libraries.any_method_gives(method) if receiver is None else None
    return library(given) if given else None
