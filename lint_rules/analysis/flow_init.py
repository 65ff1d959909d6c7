"""What the `__init__` of a flow does to its runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lint_rules.analysis.in_place import changes
from lint_rules.analysis.self_calls import calls_on_super
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Expr,
    Expression,
    Function,
    Location,
    Name,
    Statement,
)
from lint_rules.model.flow import Flow
from lint_rules.model.step import Artifact, assigned


@dataclass(frozen=True)
class Consequence:
    """Something that an `__init__` does. `location` is where it stands.

    Attributes:
        how: `after`, `join`, `unstarted` or `hidden`.
        name: the join, or the artifact.
        other: the assignment or change in a step, of `hidden`.
    """

    location: Location
    how: str
    name: str = ""
    other: Artifact | Expression | None = None


def consequences(flow: Flow) -> Iterator[Consequence]:
    """What goes wrong by the `__init__` that a flow has, its own or an inherited one.

    Of an `__init__` that does anything else than set attributes and call the one of the bases in
    its own body, only what is certain.
    """
    for owner in flow.lineage:
        found = [f for f in owner.definition.functions if f.name == "__init__"]
        if found:
            if found[-1].parameters and _comes_first(owner, flow):
                yield from _of_function(found[-1], flow)
            return


def _comes_first(owner: Flow, flow: Flow) -> bool:
    """Whether Python finds the `__init__` of a class before that of `FlowSpec`: a mixin must be
    named before the flow's other bases."""
    return owner in owner.module.flows or flow.named_bases[:1] == flow.definition.bases[:1]


def _of_function(init: Function, flow: Flow) -> Iterator[Consequence]:
    starts = [at for at, s in enumerate(init.body) if _is_start(s, init)]
    if not starts:
        if not _calls_another(init):
            yield Consequence(init.name_location, "unstarted")
        return
    after = init.body[starts[0] + 1 :]
    if after and _runs_flow(init.body[starts[0]], init):
        yield Consequence(after[0].location, "after")
    if not _takes_use_cli(init):
        join = next((s.name for s in flow.all_steps.values() if s.inputs is not None), None)
        if join is not None:
            yield Consequence(init.name_location, "join", join)
        return
    yield from _hidden(init, init.body[: starts[0]], flow)


def _is_start(statement: Statement, init: Function) -> bool:
    """Whether a statement is the call of the bases' `__init__`."""
    if not isinstance(statement, Expr) or not isinstance(statement.value, Call):
        return False
    call = statement.value
    if any(call is one and name == "__init__" for one, name in calls_on_super(init)):
        return True
    called = call.function
    return isinstance(called, Name) and called.name.endswith(".__init__")


def _calls_another(init: Function) -> bool:
    """Whether a function calls something that may be the bases' `__init__`, below a branch."""
    named: list[Name | Attribute] = [*init.descendants.names, *init.descendants.attributes]
    mentions = any(one.name.rpartition(".")[2] == "__init__" for one in named)
    return mentions or any(
        isinstance(argument.value, Name) and argument.value.name == init.self_name
        for call in init.descendants.calls
        for argument in call.arguments
    )


def _runs_flow(statement: Statement, init: Function) -> bool:
    """Whether the bases' `__init__` gets `use_cli` as it is, or `True`, which is its default."""
    call = statement.value if isinstance(statement, Expr) else None
    if not isinstance(call, Call):
        return False
    given = call.argument("use_cli")
    if given is None:
        positional = call.positional
        if isinstance(call.function, Attribute):
            given = positional[0] if positional else None
        else:
            given = positional[1] if len(positional) > 1 else None
    if given is None:
        return True
    return isinstance(given, Name) and any(p.name == given.name for p in init.parameters)


def _takes_use_cli(init: Function) -> bool:
    return any(p.name == "use_cli" or p.kind == "variadic keyword" for p in init.parameters)


def _hidden(init: Function, body: Sequence[Statement], flow: Flow) -> Iterator[Consequence]:
    """The attributes that are set before the start, and that a step writes and another reads."""
    before = {statement for statement in body if isinstance(statement, Assignment)}
    written: dict[str, list[tuple[Function, Artifact | Expression]]] = {}
    for step in flow.all_steps.values():
        for artifact in step.artifacts:
            written.setdefault(artifact.name, []).append((step.function, artifact))
        for change in changes(step.function):
            written.setdefault(change.name, []).append((step.function, change.at))
    for artifact in assigned(init):
        others = written.get(artifact.name, [])
        writing = {function for function, _ in others}
        if artifact.statement in before and others and _is_read(artifact.name, writing, flow):
            yield Consequence(artifact.location, "hidden", artifact.name, others[0][1])


def _is_read(name: str, writing: set[Function], flow: Flow) -> bool:
    """Whether a step that does not write an artifact reads it."""
    return any(
        reference.name == f"{step.function.self_name}.{name}" and reference.context == "load"
        for step in flow.all_steps.values()
        if step.function not in writing
        for reference in step.function.descendants.names
    )
