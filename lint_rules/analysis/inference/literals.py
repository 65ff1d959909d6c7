"""What displays, comprehensions and operators give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.iteration import item_of
from lint_rules.analysis.inference.value import (
    NONE,
    Kind,
    Names,
    Value,
    container_of,
    holding,
    joined,
    plain,
)
from lint_rules.model.code import (
    BinOp,
    BoolOp,
    Collection,
    Compare,
    Comprehension,
    Constant,
    Dict,
    Expression,
    Name,
    Operation,
    UnaryOp,
)

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


_COMPARING = frozenset({"==", "!=", "<", "<=", ">", ">="})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "//", "%", "**"})
_ELEMENTWISE = _COMPARING | _ARITHMETIC | {"@", "&", "|", "~"}
_ARITHMETIC_TYPES = libraries.TABULAR | {libraries.ARRAY, libraries.TABLE, libraries.TENSOR}


def of_collection(reader: Reader, collection: Collection, names: Names) -> Value | None:
    """What a list, tuple or set display is."""
    parts = tuple(reader.value(item, names) for item in collection.items)
    return container_of(collection.kind, parts, parts)


def of_mapping(reader: Reader, mapping: Dict, names: Names) -> Value | None:
    """What a dict display is."""
    values = tuple(reader.value(value, names) for _, value in mapping.items)
    keys = tuple(reader.value(key, names) if key else None for key, _ in mapping.items)
    held = holding("dict", values)
    if held:
        # The values of a record differ: an unknown one need not be like the others.
        return replace(held, is_mixed=held.is_mixed or None in values)
    key, value = joined(keys), joined(values)
    if key and value and NONE not in (key, value):
        return plain(f"dict[{key.type}, {value.type}]")
    return plain("dict")


def of_comprehension(reader: Reader, comprehension: Comprehension, names: Names) -> Value | None:
    """What a comprehension or generator expression is."""
    names = dict(names)
    for clause in comprehension.generators:
        names |= _unpacked(clause.target, item_of(reader, clause.iterable, names))
    if comprehension.kind == "generator":
        return Value(Kind.UNPICKLABLE, "generator")
    values = tuple(reader.value(element, names) for element in comprehension.elements)
    if comprehension.kind == "dict":
        key, value = values
        held = holding("dict", [value])
        if held or not (key and value):
            return held or plain("dict")
        return plain(f"dict[{key.type}, {value.type}]")
    return container_of(comprehension.kind, values, ())


def of_operation(reader: Reader, operation: Operation, names: Names) -> Value | None:
    """What an operator gives for its operands."""
    values = [reader.value(operand, names) for operand in operation.operands]
    if isinstance(operation, BoolOp):
        return joined(values)
    operator = _operator(operation)
    if operator in _ELEMENTWISE:
        for value in values:
            if value and value.kind is Kind.LIBRARY and not value.container:
                return value if value.type in _ARITHMETIC_TYPES else None
    if isinstance(operation, Compare):
        # `==` and `<` of a library's objects may give anything.
        certain = operator not in _COMPARING
        return plain("bool") if certain or all(v and v.kind is Kind.PLAIN for v in values) else None
    if operator == "not":
        return plain("bool")
    if isinstance(operation, BinOp) and operator in _ARITHMETIC:
        return _arithmetic(operator, *values)
    return None


def _operator(operation: Operation) -> str:
    """The operator, of a chain of comparisons the first one."""
    if isinstance(operation, Compare):
        return operation.operators[0]
    return operation.operator if isinstance(operation, BinOp | UnaryOp) else ""


def _unpacked(target: Expression, value: Value | None) -> Names:
    """What the variables of a target are that is given a value."""
    if isinstance(target, Name):
        return {target.name: value}
    found: Names = {}
    if isinstance(target, Collection):
        parts = value.parts if value else ()
        for index, item in enumerate(target.items):
            found |= _unpacked(item, parts[index] if index < len(parts) else None)
    return found


def of_literal(literal: Constant) -> Value | None:
    """The type of a constant; nothing of `...`."""
    if literal.value is ...:
        return None
    return plain(type(literal.value).__name__.replace("NoneType", "None"))


def _arithmetic(operator: str, left: Value | None, right: Value | None) -> Value | None:
    if left is None or right is None or Kind.PLAIN not in (left.kind, right.kind):
        return None
    types = {left.type, right.type}
    if types <= {"int", "float"}:
        if operator == "**":
            return plain("float") if "float" in types else None
        return plain("float" if operator == "/" or "float" in types else "int")
    if operator == "+" and len(types) == 1:
        return left
    if operator in ("%", "*") and left.type == "str":
        return left
    return None
