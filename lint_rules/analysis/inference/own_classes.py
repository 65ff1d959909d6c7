"""What classes of the repository make."""

from __future__ import annotations

from lint_rules.analysis.inference.value import Kind, Value, plain
from lint_rules.model.code import Class
from lint_rules.model.module import Module


def of_own_class(module: Module, class_: Class, name: str) -> Value | None:
    """What calling a class of the repository gives: an object of it, if nothing says otherwise."""
    bases = {base.qualified or "" for base in class_.bases}
    if bases & {"typing.TypedDict", "typing_extensions.TypedDict"}:
        return plain("dict")
    makes_others = any(function.name == "__new__" for function in class_.functions)
    if makes_others or any(base.startswith(("enum.", "metaflow.")) for base in bases):
        return None
    return Value(Kind.OWN_CLASS, name, defined=(module, class_))
