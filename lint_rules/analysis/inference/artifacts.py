"""What a flow's artifacts are, and the inputs of its joins and foreach steps."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from lint_rules.analysis.inference.annotations import of_annotation
from lint_rules.analysis.inference.artifact_uses import uses_of_artifact
from lint_rules.analysis.inference.attributes import of_attributes
from lint_rules.analysis.inference.container_mutation import with_additions
from lint_rules.analysis.inference.uses import of_uses
from lint_rules.analysis.inference.value import Kind, Value, visible
from lint_rules.model.code import Assignment, Constant, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Artifact

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


def of_artifact(reader: Reader, artifact: Artifact) -> Value | None:
    """What an assignment gives an artifact, else what the artifact's annotation says."""
    value = reader.assigned(artifact.source, artifact.path, artifact.statement)
    if value is None:
        return _annotated(reader, artifact) or _by_uses(reader, artifact, None)
    if value.kind is Kind.LIBRARY:
        return _by_uses(reader, artifact, value)
    if value.kind is Kind.PLAIN:
        function = artifact.function
        name = f"{function.self_name}.{artifact.name}"
        return with_additions(reader, value, name, function)
    return value


def _annotated(reader: Reader, artifact: Artifact) -> Value | None:
    statement = artifact.statement
    if isinstance(statement, Assignment) and statement.annotation is not None:
        return of_annotation(reader, statement.annotation)
    stated = _annotations(reader.flow).get(artifact.name) if reader.flow else None
    return of_annotation(reader, stated) if stated else None


def _by_uses(reader: Reader, artifact: Artifact, known: Value | None) -> Value | None:
    """What the flow shows by what it does with an artifact of which nothing says what it is."""
    if reader.flow is None or _is_annotated(reader.flow, artifact):
        return known
    return of_uses(uses_of_artifact(reader.flow, artifact), known)


def _is_annotated(flow: Flow, artifact: Artifact) -> bool:
    return artifact.is_annotated or artifact.name in _annotations(flow)


@remembered
def _annotations(flow: Flow) -> dict[str, Expression]:
    """The annotations in the bodies of the flow's classes, the nearest first."""
    found: dict[str, Expression] = {}
    for base in flow.lineage:
        for stated in base.definition.statements:
            if isinstance(stated, Assignment) and stated.annotation is not None:
                target = stated.targets[0]
                if isinstance(target, Name):
                    found.setdefault(target.name, stated.annotation)
    return found


def of_path(reader: Reader, names: str, reference: Name | None = None) -> Value | None:
    """What `self.<names>` is: an artifact, an input of a foreach, or an attribute of one."""
    name, _, rest = names.partition(".")
    if reader.flow is None or not name:
        return None
    if name == "input":
        return of_attributes(_foreach_input(reader, reader.flow), rest)
    return of_attributes(_by_name(reader, name, reader.flow, reference), rest)


def _by_name(reader: Reader, name: str, flow: Flow, reference: Name | None) -> Value | None:
    by_function = _by_function(flow).get(name, {})
    if reference is not None and reader.function is not None:
        offsets, here = by_function.get(reader.function, ([], []))
        before = bisect_right(offsets, reference.start)
        if before:
            last = here[before - 1]
            return reader.guarded(last) if last.source is not None else None
    values = [
        reader.guarded(artifacts[-1], reader.within(reader.module, function, flow))
        for function, (_, artifacts) in by_function.items()
        if function is not reader.function
    ]
    return visible(values) if values else None


@remembered
def _by_function(flow: Flow) -> dict[str, dict[Function, tuple[list[int], list[Artifact]]]]:
    """The assignments to each artifact, and from where each holds, in order, by functions."""
    found: dict[str, dict[Function, tuple[list[int], list[Artifact]]]] = {}
    for name, artifacts in flow.artifacts.items():
        for artifact in sorted(artifacts, key=lambda artifact: artifact.bound_from):
            of_function = found.setdefault(name, {})
            offsets, known = of_function.setdefault(artifact.function, ([], []))
            offsets.append(artifact.bound_from)
            known.append(artifact)
    return found


def _foreach_input(reader: Reader, flow: Flow) -> Value | None:
    """What `self.input` is: an item of the artifact that a foreach goes over."""
    name = reader.function.name if reader.function is not None else ""
    over = _loops(flow).get(name)
    whole = _by_name(reader, over, flow, None) if over else None
    return whole.item if whole else None


@remembered
def _loops(flow: Flow) -> dict[str, str]:
    """The artifact that a foreach into a step goes over, by the step's name."""
    found: dict[str, str] = {}
    for step in flow.all_steps.values():
        for transition in step.transitions:
            over = transition.call.argument("foreach")
            if isinstance(over, Constant) and over.text:
                for target in transition.target_names:
                    found.setdefault(target, over.text)
    return found


def is_input(reader: Reader, reference: Name) -> bool:
    """Whether a name is the inputs that a join takes."""
    if reader.flow is None or reader.function is None or len(reader.function.parameters) < 2:
        return False
    name = reader.function.parameters[1].name
    return reference.head == name and reader.function in _step_functions(reader.flow)


@remembered
def _step_functions(flow: Flow) -> frozenset[Function]:
    return frozenset(step.function for step in flow.steps)
