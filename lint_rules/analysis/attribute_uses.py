"""What a flow reads of itself."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import Call, Constant, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import is_metaflow

_ACCESSORS = ("getattr", "hasattr", "setattr", "delattr")


def functions(flow: Flow) -> Iterator[Function]:
    """The flow's steps and helper methods, inherited ones and those of mixins too."""
    for owner in flow.classes:
        yield from owner.functions


def reads(flow: Flow, attribute: str) -> Iterator[Name]:
    """The names that read an attribute of `self`, in the flow's own code first."""
    for function in functions(flow):
        wanted = f"{function.self_name}.{attribute}"
        for reference in function.descendants.names:
            if reference.name == wanted:
                if reference.context == "load":
                    yield reference
            elif reference.name.startswith(f"{wanted}."):
                yield reference


def may_read(flow: Flow, attribute: str) -> bool:
    """Whether anything in the flow or its bases reads an attribute, be it of another task:
    `inputs[0].x`, `getattr(self, "x")`, a name in the class body, `self` handed on whole."""
    read = _read(flow)
    return read is None or attribute in read


@remembered
def _read(flow: Flow) -> frozenset[str] | None:
    """The attributes that anything in the flow or its bases may read, `None` for all."""
    found: set[str] = set()
    for function in functions(flow):
        if hands_on(function):
            return None
        found.update(_read_in(function))
    for owner in flow.lineage:
        found.update(
            reference.head
            for reference in owner.module.descendants.names
            if reference.context == "load"
            and (reference.scope.kind == "class" or reference.scope.outer is owner.definition.scope)
        )
    return frozenset(found)


def _read_in(function: Function) -> Iterator[str]:
    for reference in function.descendants.names:
        _, *names = reference.name.split(".")
        yield from names if reference.context == "load" else names[:-1]
    yield from (member.name for member in function.descendants.attributes)
    for call in function.descendants.calls:
        if call.function.qualified in ("builtins.getattr", "builtins.hasattr"):
            for value in call.positional[1:2]:
                if isinstance(value, Constant) and value.text is not None:
                    yield value.text


def hands_on(function: Function) -> bool:
    """Whether a function hands `self` on whole, to code that may read anything of it.

    Metaflow's own `S3(run=self)` and the like read no attributes, nor does `super`.
    """
    name = function.self_name
    whole = {
        reference
        for reference in function.descendants.names
        if reference.name == name and reference.context == "load"
    }
    if not whole:
        return False
    for call in function.descendants.calls:
        if _reads_nothing_else(call):
            whole.difference_update(_given(call))
    return bool(whole)


def _given(call: Call) -> Iterator[Expression]:
    return (argument.value for argument in call.arguments)


def _reads_nothing_else(call: Call) -> bool:
    """Whether what a call does with `self` is known."""
    qualified = call.function.qualified or ""
    kind, _, name = qualified.partition(".")
    if kind == "builtins" and name in _ACCESSORS:
        return len(call.positional) > 1 and isinstance(call.positional[1], Constant)
    return is_metaflow(qualified) or qualified in (
        "builtins.id",
        "builtins.isinstance",
        "builtins.print",
        "builtins.super",
        "builtins.type",
    )
