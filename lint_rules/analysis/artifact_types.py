"""The built-in type that an artifact certainly has, wherever it is assigned."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.class_attributes import class_attributes
from lint_rules.analysis.inference import NONE, Kind, Reader, Value, grown, joined
from lint_rules.analysis.takers import dependents
from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Assignment,
    Call,
    Compare,
    Comprehension,
    Expression,
    For,
    Function,
    Name,
    Subscript,
)
from lint_rules.model.flow import Flow, is_own
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Artifact

_CONTAINERS = frozenset({"list", "dict", "set", "tuple", "frozenset"})
_SCALARS = frozenset({"int", "float", "str", "bool", "bytes", "complex"})
_ONLY_READING = frozenset(
    "builtins." + name
    for name in "abs all any bool dict enumerate float frozenset int len list max min print range "
    "repr reversed round set sorted str sum tuple zip".split()
)

_ANNOTATIONS = re.compile(r"\b(?:__annotations__|get_type_hints|get_annotations)\b")
_ASSIGNED = re.compile(rb"(?:self|cls)\s*\.\s*(\w+)|^[ \t]+(\w+)\s*[=:]", re.MULTILINE)


def certain_type(flow: Flow, name: str) -> str | None:
    """The built-in type that all assignments of an artifact show: in the flow's classes and in all
    that derive from it. `None` if it is not certain."""
    if name in class_attributes(flow) or name in facts().flowspec_attributes:
        return None
    owners = (*flow.lineage, *flow.subclasses)
    if name in _caught(flow) or name in _assigned_elsewhere(flow):
        return None
    assigned = [(owner, a) for owner in owners for a in owner.artifacts.get(name, ())]
    values = [_value(owner, flow, artifact) for owner, artifact in assigned]
    bases = {v.type.partition("[")[0] if v and v.kind is Kind.PLAIN else None for v in values}
    if len(bases) != 1:
        return None
    (base,) = bases
    if base not in _SCALARS | _CONTAINERS or base is None:
        return None
    if flow.definition.scope.resolve(base) != f"builtins.{base}":
        return None
    whole = joined(values)
    if whole and whole != NONE and _writes_generics(flow) and name not in _changing(flow):
        return whole.type
    return base


@remembered
def asks_for_annotations(flow: Flow) -> bool:
    """Whether code may see the annotations of a flow's class: that of its files, or a decorator of
    the project's own."""
    modules = {owner.module for owner in flow.lineage}
    is_decorated = any(
        is_own(decorator, owner.module)
        for owner in (*flow.lineage, *flow.subclasses)
        for decorator in owner.decorators
    )
    return is_decorated or any(_ANNOTATIONS.search(module.code) for module in modules)


def _value(owner: Flow, flow: Flow, artifact: Artifact) -> Value | None:
    around = owner if owner in flow.subclasses else flow
    return Reader(around.module, artifact.function, around).artifact(artifact)


@remembered
def _caught(flow: Flow) -> frozenset[str]:
    """The artifacts that `@catch(var=…)` sets, to an error or to `None`."""
    return frozenset(
        text
        for owner in (*flow.lineage, *flow.subclasses)
        for step in owner.steps
        for decorator in step.function.decorators
        if metaflow_name(decorator.qualified) == "catch"
        and (text := owner.module.text(decorator.argument("var"), owner)) is not None
    )


@remembered
def _assigned_elsewhere(flow: Flow) -> frozenset[str]:
    """The names of attributes in classes of other files that may derive from the flow."""
    return frozenset(
        (on_self or in_class).decode("utf-8", "replace")
        for content in dependents(flow.module)
        if b"class" in content
        for on_self, in_class in _ASSIGNED.findall(content)
    )


@remembered
def _changing(flow: Flow) -> frozenset[str]:
    """The artifacts that something may be put into after they are made: by the flow itself, or by
    what it gives them another name in, or passes them to."""
    found: set[str] = set()
    for owner in (*flow.lineage, *flow.subclasses):
        for function in owner.definition.functions:
            prefix = f"{function.self_name}."
            handed = (reference.name for reference in _handed_on(function))
            for name in (*grown(function), *handed):
                if name.startswith(prefix):
                    found.add(name.removeprefix(prefix))
    return frozenset(found)


def _handed_on(function: Function) -> list[Name]:
    """The names that a function reads as a whole, but to look at what is in them."""
    inner = [d for d in function.descendants.definitions if isinstance(d, Function)]
    looked_at = {id(expression) for one in (function, *inner) for expression in _looked_at(one)}
    return [
        reference
        for reference in function.descendants.names
        if reference.context == "load" and id(reference) not in looked_at
    ]


def _looked_at(function: Function) -> Iterator[Expression]:
    for statement in function.statements:
        if isinstance(statement, For):
            yield statement.iterable
        for outer in statement.expressions:
            for part in outer.walk():
                match part:
                    case Call() if part.function.qualified in _ONLY_READING:
                        yield from part.positional
                    case Subscript():
                        yield part.value
                    case Compare():
                        yield from (part.left, *part.comparators)
                    case Comprehension():
                        yield from (generator.iterable for generator in part.generators)


@remembered
def _writes_generics(flow: Flow) -> bool:
    """Whether the file must run in a Python that allows `list[str]` in a class body."""
    if flow.module.scope.imports.get("annotations") == "__future__.annotations":
        return True
    return any(
        isinstance(statement, Assignment)
        and isinstance(statement.annotation, Subscript)
        and (statement.annotation.value.qualified or "").removeprefix("builtins.") in _CONTAINERS
        for statement in flow.definition.statements
    )
