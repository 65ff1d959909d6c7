"""What a flow's artifacts are, and the inputs of its joins and foreach steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.analysis.inference.annotations import of_annotation
from lint_rules.analysis.inference.attributes import of_attributes
from lint_rules.analysis.inference.container_mutation import with_additions
from lint_rules.analysis.inference.value import Kind, Value, visible
from lint_rules.model.code import Assignment, Constant, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.step import Artifact

if TYPE_CHECKING:
    from lint_rules.analysis.inference.inferrer import Reader


def of_artifact(reader: Reader, artifact: Artifact) -> Value | None:
    """What an assignment gives an artifact, else what the artifact's annotation says."""
    value = reader.assigned(artifact.source, artifact.path, artifact.statement)
    if value is None:
        return _annotated(reader, artifact)
    if value.kind is Kind.PLAIN:
        function = artifact.function
        name = f"{function.self_name}.{artifact.name}"
        return with_additions(reader, value, name, function)
    return value


def _annotated(reader: Reader, artifact: Artifact) -> Value | None:
    statement = artifact.statement
    if isinstance(statement, Assignment) and statement.annotation is not None:
        return of_annotation(reader, statement.annotation)
    for base in reader.flow.lineage if reader.flow else ():
        for stated in base.definition.statements:
            if isinstance(stated, Assignment) and stated.annotation is not None:
                target = stated.targets[0]
                if isinstance(target, Name) and target.name == artifact.name:
                    return of_annotation(reader, stated.annotation)
    return None


def of_path(reader: Reader, names: str, reference: Name | None = None) -> Value | None:
    """What `self.<names>` is: an artifact, an input of a foreach, or an attribute of one."""
    name, _, rest = names.partition(".")
    if reader.flow is None or not name:
        return None
    if name == "input":
        return of_attributes(_foreach_input(reader, reader.flow), rest)
    return of_attributes(_by_name(reader, name, reader.flow, reference), rest)


def _by_name(reader: Reader, name: str, flow: Flow, reference: Name | None) -> Value | None:
    if reference is not None and reader.function is not None:
        here = [a for a in flow.artifacts.get(name, ()) if a.function is reader.function]
        before = [a for a in here if a.bound_from <= reference.start]
        if before and before[-1].source is not None:
            return reader.guarded(before[-1])
        if before:
            return None
    found: dict[Function, Artifact] = {}
    for artifact in flow.artifacts.get(name, ()):
        found[artifact.function] = artifact
    values = [
        reader.guarded(artifact, reader.within(reader.module, function, flow))
        for function, artifact in found.items()
        if function is not reader.function
    ]
    return visible(values) if values else None


def _foreach_input(reader: Reader, flow: Flow) -> Value | None:
    """What `self.input` is: an item of the artifact that a foreach goes over."""
    for step in flow.all_steps.values():
        for transition in step.transitions:
            over = transition.call.argument("foreach")
            here = reader.function is not None and reader.function.name in transition.target_names
            if here and isinstance(over, Constant) and over.text:
                whole = _by_name(reader, over.text, flow, None)
                return whole.item if whole else None
    return None


def is_input(reader: Reader, reference: Name) -> bool:
    """Whether a name is the inputs that a join takes."""
    if reader.flow is None or reader.function is None or len(reader.function.parameters) < 2:
        return False
    name = reader.function.parameters[1].name
    return reference.head == name and reader.function in {s.function for s in reader.flow.steps}
