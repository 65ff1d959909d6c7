"""What classes of the repository make."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis.inference.value import Kind, Value, plain
from lint_rules.model.code import Class
from lint_rules.model.module import Module

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


def of_own_class(module: Module, class_: Class, name: str) -> Value | None:
    """What calling a class of the repository gives: an object of it, if nothing says otherwise."""
    bases = {base.qualified or "" for base in class_.bases}
    if bases & {"typing.TypedDict", "typing_extensions.TypedDict"}:
        return plain("dict")
    makes_others = any(function.name == "__new__" for function in class_.functions)
    if makes_others or any(base.startswith(("enum.", "metaflow.")) for base in bases):
        return None
    return Value(Kind.OWN_CLASS, name, defined=(module, class_))


def named_from_outside(reader: Reader, class_: Class) -> str:
    """The name of a class of the reader's file, with the module where another file asks."""
    path = reader.module.resolver.path
    if reader.flow is not None or not reader.depth or path is None:
        return class_.name
    module = path.parent.name if path.stem == "__init__" else path.stem
    return f"{module}.{class_.name}"
