"""Assignments to `self` that the class stands in the way of: those that fail, and those that later
tasks do not see, since Python finds what the class has first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lint_rules.analysis.attribute_uses import functions
from lint_rules.analysis.class_attributes import ClassAttribute, class_attributes
from lint_rules.analysis.existence_checks import guarded
from lint_rules.analysis.indirect_writes import IndirectWrite, indirect_writes
from lint_rules.analysis.run_code import functions_of
from lint_rules.analysis.step_order import later_steps
from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Collection,
    Comprehension,
    Constant,
    Dict,
    Expression,
    Function,
    Import,
    JoinedStr,
    Name,
    Operation,
)
from lint_rules.model.constants import known
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Artifact, Step, assigned

CONSTANT = "class attribute"


@dataclass(frozen=True)
class Shadowed:
    """A name that an artifact cannot have.

    Attributes:
        what: what has the name: "a step", "a method", "a property", "a class attribute".
        refuses: whether to assign it fails.
        attribute: where the class has it, `None` if `FlowSpec` does.
    """

    what: str
    refuses: bool
    attribute: ClassAttribute | None = None


@dataclass(frozen=True)
class Shadowing:
    """An assignment of such a name.

    Attributes:
        artifact: the assignment.
        shadowed: what has the name.
        read: where the value is missed, of those that do not fail themselves.
        reader: the step or method of that.
        breaks: whether the same function needs what the class has, after the assignment.
    """

    artifact: Artifact
    shadowed: Shadowed
    read: Name | None = None
    reader: str = ""
    breaks: bool = False


def shadowings(flow: Flow) -> Iterator[Shadowing]:
    """The assignments in the code of a flow's steps that fail, or that lose their value."""
    names: dict[str, Shadowed] = {}
    made = []
    for function in functions(flow):
        stored = _stored(function) if function.name != "__init__" else set()
        here = {name: _shadowed(flow, name) for name in stored}
        names.update((name, one) for name, one in here.items() if one is not None)
        if any(here.values()):
            made += [artifact for artifact in assigned(function) if artifact.name in names]
    if not made:
        return
    running = {step.name: set(functions_of(step, flow)) for step in flow.all_steps.values()}
    for artifact in made:
        steps = [name for name, run in running.items() if artifact.function in run]
        if not steps:
            continue
        shadowed = names[artifact.name]
        if shadowed.refuses:
            if not guarded(artifact.function).covers(artifact.location):
                yield Shadowing(artifact, shadowed)
            continue
        broken = _broken(artifact, flow)
        if broken is not None:
            yield Shadowing(artifact, shadowed, broken, artifact.function.name, breaks=True)
            continue
        missed = _missed(artifact, shadowed, steps, running, flow)
        if missed is not None:
            yield Shadowing(artifact, shadowed, *missed)


def refused_writes(flow: Flow) -> Iterator[tuple[IndirectWrite, Shadowed]]:
    """What sets or deletes, by `setattr` or `del`, what the class has and that is read-only."""
    for owner in flow.lineage:
        for write in indirect_writes(owner):
            shadowed = _shadowed(flow, write.name)
            if shadowed is None or not shadowed.refuses:
                continue
            if not guarded(write.function).covers(write.at.location):
                yield write, shadowed


def _stored(function: Function) -> set[str]:
    """The attributes of `self` that a function assigns, from cheap facts."""
    found = set()
    for reference in function.descendants.names:
        if reference.context == "store":
            owner, _, name = reference.name.rpartition(".")
            if owner and owner == function.self_name:
                found.add(name)
    return found


@cache
def _own_names() -> dict[str, Shadowed]:
    """What each flow has of `FlowSpec`, by name."""
    return {
        name: Shadowed(own.kind if own.kind in ("method", "property") else "name", not own.settable)
        for name, own in facts().flowspec_attributes.items()
        if not name.startswith("_")
    }


def _shadowed(flow: Flow, name: str) -> Shadowed | None:
    """What a flow, or its class, has under a name, where an artifact cannot have it too."""
    attribute = class_attributes(flow).get(name)
    if attribute is None:
        return _own_names().get(name)
    if not attribute.is_saved or any(p.attribute == name for p in flow.all_parameters):
        return None
    return _of_attribute(attribute, flow)


def read_only(flow: Flow) -> dict[str, ClassAttribute]:
    """The values in a flow's class that are properties in a task, by name."""
    found = {}
    for name, attribute in class_attributes(flow).items():
        shadowed = _shadowed(flow, name)
        if shadowed is not None and shadowed.what == CONSTANT and shadowed.refuses:
            found[name] = attribute
    return found


def _of_attribute(attribute: ClassAttribute, flow: Flow) -> Shadowed | None:
    statement = attribute.statement
    if isinstance(statement, Function):
        return _of_function(attribute, statement, flow)
    if not attribute.is_certain or isinstance(statement, Class | Import):
        return None
    if not isinstance(statement, Assignment) or attribute.value is None:
        return None
    value, _ = known(attribute.value, attribute.owner.module)
    called = value.function.qualified if isinstance(value, Call) else None
    if called in ("builtins.property", "builtins.staticmethod", "builtins.classmethod"):
        return None
    is_method = value.qualified is None and not isinstance(value, _PLAIN) and called is None
    if is_method and not isinstance(value, Call):
        # A lambda, or another name for a method.
        return None
    return Shadowed(CONSTANT, not attribute.is_private, attribute)


def _of_function(attribute: ClassAttribute, function: Function, flow: Flow) -> Shadowed | None:
    if function.name in flow.all_steps:
        return Shadowed("step", False, attribute)
    names = [decorator.qualified for decorator in function.decorators]
    if names == ["builtins.property"]:
        return Shadowed("property", True, attribute)
    if set(names) <= {"builtins.staticmethod", "builtins.classmethod"}:
        return Shadowed("method", False, attribute)
    return None


_PLAIN = (Constant, Collection, Comprehension, Dict, JoinedStr, Operation)


def _broken(artifact: Artifact, flow: Flow) -> Name | None:
    """Where a function needs the step or method that it has put a value in the place of."""
    function, wanted = artifact.function, f"{artifact.function.self_name}.{artifact.name}"
    is_plain = isinstance(artifact.value, _PLAIN)
    for call in function.descendants.calls:
        called = call.function
        if call.start < artifact.bound_from or not isinstance(called, Name):
            continue
        if called.name == wanted and is_plain and called.scope is function.scope:
            return called
        if called.name == f"{function.self_name}.next" and artifact.name in flow.all_steps:
            for value in call.positional:
                for part in value.walk():
                    if isinstance(part, Name) and part.name == wanted:
                        return part
    return None


def _missed(
    artifact: Artifact,
    shadowed: Shadowed,
    steps: list[str],
    running: dict[str, set[Function]],
    flow: Flow,
) -> tuple[Name, str] | None:
    """Where a later step reads the value, and gets what the class has."""
    later = later_steps(flow)
    after = {name for step in steps for name in later.get(step, ())}
    for name in flow.all_steps:
        if name not in after or any(artifact.name in _assigned(f) for f in running[name]):
            continue
        for function in running[name]:
            read = _read_in(function, artifact.name, shadowed, flow.all_steps[name])
            if read is not None:
                return read, name
    return None


def _read_in(function: Function, name: str, shadowed: Shadowed, step: Step) -> Name | None:
    """A read of an attribute as a value: not one that calls the method or names the next step."""
    found = _reads(function).get(name, ())
    if not found:
        return None
    meant: set[Expression] = set()
    if shadowed.what in ("method", "step"):
        meant.update(call.function for call in function.descendants.calls)
        meant.update(t for transition in step.transitions for t in transition.targets)
    whole = f"{function.self_name}.{name}"
    return next((read for read in found if read.name != whole or read not in meant), None)


@remembered
def _reads(function: Function) -> dict[str, list[Name]]:
    """What reads an attribute of `self` in a function, or leads through it, by attribute."""
    found: dict[str, list[Name]] = {}
    for reference in function.descendants.names:
        head, _, rest = reference.name.partition(".")
        name, _, further = rest.partition(".")
        if head == function.self_name and name and (further or reference.context == "load"):
            found.setdefault(name, []).append(reference)
    return found


@remembered
def _assigned(function: Function) -> frozenset[str]:
    return frozenset(artifact.name for artifact in assigned(function))
