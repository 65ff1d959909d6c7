"""What is saved of a flow's artifacts: their values when a step ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lint_rules.analysis.inference import Kind, Reader, Value, certain_statements
from lint_rules.model.code import Delete, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.step import Artifact


@dataclass(frozen=True)
class Persisted:
    """An artifact as a step, or a helper method, leaves it.

    Attributes:
        artifact: the assignment that gives the value; of several the first that shows it.
        value: what the value is, where the code shows it.
    """

    artifact: Artifact
    value: Value | None


def persisted(flow: Flow, library_types: Sequence[str] = ()) -> tuple[Persisted, ...]:
    """The artifacts that each of a flow's functions leaves, in the order of the file.

    Args:
        flow: the flow.
        library_types: dotted names of further classes and functions that make library objects.
    """
    known, key = _known(flow), tuple(library_types)
    if key not in known:
        known[key] = tuple(_persisted(flow, key))
    return known[key]


@remembered
def _known(_: Flow) -> dict[tuple[str, ...], tuple[Persisted, ...]]:
    return {}


def _persisted(flow: Flow, library_types: Sequence[str]) -> Iterator[Persisted]:
    found: list[Persisted] = []
    for name, artifacts in flow.artifacts.items():
        by_function: dict[Function, list[Artifact]] = {}
        for artifact in artifacts:
            by_function.setdefault(artifact.function, []).append(artifact)
        for function, assignments in by_function.items():
            if not _is_deleted(function, name, assignments[-1]):
                found.append(_left(flow, function, assignments, library_types))
    yield from sorted(found, key=lambda saved: saved.artifact.location.start)


def _left(
    flow: Flow, function: Function, assignments: list[Artifact], library_types: Sequence[str]
) -> Persisted:
    """What a function leaves of one artifact.

    The last assignment that always happens decides, together with those after it that may.
    """
    certain = certain_statements(function)
    reader = Reader(flow.module, function, flow, frozenset(library_types))
    candidates: list[tuple[Artifact, Value | None]] = []
    for artifact in reversed(assignments):
        candidates.append((artifact, reader.artifact(artifact)))
        if artifact.statement in certain:
            break
    candidates.reverse()
    for artifact, value in candidates:
        if value is not None and value.kind is not Kind.PLAIN:
            # The same thing may have been there before: the first of these is the cause.
            earlier = [
                (a, reader.artifact(a))
                for a in assignments
                if a.location.start < artifact.location.start
            ]
            same = next((a for a, v in earlier if v is not None and v.kind is value.kind), artifact)
            return Persisted(same, value)
    return Persisted(*candidates[0])


def _is_deleted(function: Function, name: str, last: Artifact) -> bool:
    """Whether a function deletes an artifact after it has assigned it."""
    deleted = _deleted(function).get(f"{function.self_name}.{name}")
    return deleted is not None and deleted > last.location.start


@remembered
def _deleted(function: Function) -> dict[str, int]:
    """The names that a function deletes, and where last."""
    found: dict[str, int] = {}
    for statement in function.statements:
        if isinstance(statement, Delete):
            for target in _targets(statement):
                if isinstance(target, Name):
                    found[target.name] = max(target.start, found.get(target.name, 0))
    return found


def _targets(statement: Delete) -> Iterator[Expression]:
    for expression in statement.targets:
        yield from expression.walk()
