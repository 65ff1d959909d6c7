"""What annotations say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis import libraries
from lint_rules.analysis.inference.own_classes import named_from_outside, of_own_class
from lint_rules.analysis.inference.value import NONE, Kind, Value, holding, joined, library, plain
from lint_rules.model.code import BinOp, Class, Collection, Constant, Expression, Name, Subscript

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


_TYPING = {"List": "list", "Dict": "dict", "Set": "set", "Tuple": "tuple", "FrozenSet": "frozenset"}
_PLAIN_TYPES = frozenset(
    "int float str bool bytes complex list dict set tuple frozenset None".split()
)


def of_annotation(reader: Reader, annotation: Expression | None) -> Value | None:
    """What an annotation says."""
    if not reader.enter():
        return None
    try:
        return _of_annotation(reader, annotation)
    finally:
        reader.leave()


def _of_annotation(reader: Reader, annotation: Expression | None) -> Value | None:
    match annotation:
        case Constant(value=None):
            return NONE
        case Constant() if annotation.text is not None:
            return _text(reader, annotation.text)
        case Name():
            return _type_named(reader, annotation.name, annotation.qualified)
        case BinOp(operator="|"):
            return joined(of_annotation(reader, operand) for operand in annotation.operands)
        case Subscript():
            return _subscript(reader, annotation)
    return None


def _text(reader: Reader, text: str) -> Value | None:
    text = text.strip()
    if not text.replace(".", "").replace("_", "").isalnum():
        return None
    scope = reader.function.scope if reader.function else reader.module.scope
    return _type_named(reader, text, scope.resolve(text))


def _type_named(reader: Reader, name: str, qualified: str | None) -> Value | None:
    if qualified is None:
        own = reader.module.first_definitions.get(name)
        if not isinstance(own, Class):
            return None
        return of_own_class(reader.module, own, named_from_outside(reader, own))
    owner, _, last = qualified.rpartition(".")
    if owner == "builtins" and last in _PLAIN_TYPES:
        return plain(last)
    if owner in ("typing", "collections.abc"):
        return plain(_TYPING[last]) if last in _TYPING else None
    if qualified in ("numpy.typing.ArrayLike", "numpy.typing.NDArray"):
        return library(libraries.ARRAY)
    if reader.is_own(qualified):
        found = reader.module.resolver.definition(qualified)
        if found is None or not isinstance(found[1], Class):
            return None
        return of_own_class(found[0], found[1], qualified.lstrip("."))
    if not libraries.is_class_name(last):
        return library(qualified) if qualified == libraries.ARRAY else None
    made = libraries.made_by(qualified)
    return library(made) if made else None


def _subscript(reader: Reader, annotation: Subscript) -> Value | None:
    base = annotation.value.qualified or ""
    items = annotation.index
    if len(items) == 1 and isinstance(items[0], Collection):
        items = items[0].items
    if base == "typing.Optional":
        return of_annotation(reader, items[0])
    if base == "typing.Union":
        return joined(of_annotation(reader, item) for item in items)
    container = of_annotation(reader, annotation.value)
    if container is None:
        return None
    if container.kind is not Kind.PLAIN:
        return container
    values = [of_annotation(reader, item) for item in items]
    if container.type == "tuple":
        ellipsis = any(isinstance(i, Constant) and i.value is ... for i in items)
        held = holding("tuple", values)
        parts = () if ellipsis else tuple(values)
        return Value(held.kind, held.type, "tuple", parts) if held else plain("tuple")
    held = holding(container.type, values[-1:])
    if held:
        return held
    if values and all(v is not None and v.kind is Kind.PLAIN for v in values):
        inside = ", ".join(v.type for v in values if v)
        return plain(f"{container.type}[{inside}]")
    return container
