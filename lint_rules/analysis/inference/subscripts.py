"""What `value[…]` is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.value import Kind, Names, Value, library
from lint_rules.model.code import (
    Collection,
    Comprehension,
    Constant,
    Expression,
    Name,
    Operation,
    Slice,
    Subscript,
)

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


_ARRAYS = (libraries.ARRAY, libraries.TABLE, libraries.MATRIX, libraries.TENSOR)
_CLIENT = {
    "metaflow.Flow": "metaflow.Run",
    "metaflow.Run": "metaflow.Step",
    "metaflow.Step": "metaflow.Task",
}
"""What an index of an object of Metaflow's client gives."""


def of_subscript(reader: Reader, subscript: Subscript, names: Names) -> Value | None:
    """What `value[index]` is."""
    of, index = subscript.value, subscript.index
    if isinstance(of, Name):
        owner, _, accessor = of.name.rpartition(".")
        if accessor in ("loc", "iloc") and owner:
            return _located(reader, of, subscript, names)
    value = reader.value(of, names)
    sliced = any(isinstance(i, Slice) for i in index)
    if value is None:
        return None
    if value.container or value.kind is Kind.PLAIN:
        at = index[0].value if len(index) == 1 and isinstance(index[0], Constant) else None
        if isinstance(at, int) and at < len(value.parts):
            return value.parts[at]
        return value if sliced else value.item
    if value.type in _CLIENT:
        return library(_CLIENT[value.type])
    if value.type == libraries.BUNCH:
        key = index[0].text if isinstance(index[0], Constant) else None
        type_ = libraries.attribute_gives(value.type, key or "")
        return library(type_) if type_ else None
    if value.type == libraries.FRAME:
        text = index[0].text if isinstance(index[0], Constant) else None
        return library(libraries.SERIES if text is not None else _columns(reader, index, names))
    if value.type == libraries.COLUMNS:
        is_part = _columns(reader, index, names) == libraries.FRAME
        return value if is_part else None
    if value.type == "gensim.models.KeyedVectors":
        return library(libraries.ARRAY)
    is_array = value.type in _ARRAYS
    if is_array and _is_part(index):
        return value
    picked = reader.value(index[0], names) if is_array else None
    if picked is not None and (picked.kind is Kind.LIBRARY or picked.type.startswith("list")):
        return value
    return value if sliced else None


def _columns(reader: Reader, index: tuple[Expression, ...], names: Names) -> str:
    """What `frame[…]` is: a frame for a list, a slice or a mask, else perhaps a column."""
    picked = reader.value(index[0], names)
    listed = picked is not None and (picked.kind is Kind.LIBRARY or picked.type[:4] == "list")
    written = isinstance(index[0], Collection | Comprehension | Operation | Slice)
    return libraries.FRAME if listed or written else libraries.COLUMNS


def _located(reader: Reader, of: Name, subscript: Subscript, names: Names) -> Value | None:
    """`frame.loc[…]`, which may be a row, a part or a single value."""
    value = reader.value(of.without_last(), names)
    frames = (libraries.FRAME, libraries.COLUMNS)
    if value is None or value.type not in frames or value.container:
        return None
    sliced = any(isinstance(i, Slice) for i in subscript.index)
    if len(subscript.index) > 1:
        return value if sliced else None
    part = _columns(reader, subscript.index, names)
    if value.type == libraries.COLUMNS:
        return value if part == libraries.FRAME else None
    return library(part)


def _is_part(index: tuple[Expression, ...]) -> bool:
    """Whether an index takes a part of an array, which is an array: `[:, 1]`, `[[0, 2]]`."""
    items = index[0].items if len(index) == 1 and isinstance(index[0], Collection) else index
    return any(isinstance(item, Slice) for item in items) or (
        isinstance(index[0] if len(index) == 1 else None, Collection)
        and getattr(index[0], "kind", "") == "list"
    )
