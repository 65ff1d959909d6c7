"""What a quick look at code shows of artifacts: which a step sets, and which a function reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from lint_rules.model.code import (
    Assignment,
    Comprehension,
    Delete,
    Expression,
    For,
    Function,
    If,
    Name,
    Statement,
    Try,
    With,
)
from lint_rules.model.step import Step


def set_on_the_way(step: Step) -> dict[str, int]:
    """The artifacts that a step sets whichever way it takes, and from where on they are there.

    A `try` may fail before it does; then a way through it has set them all the same.
    """
    made: dict[Statement, dict[str, int]] = {}
    for artifact in step.artifacts:
        statement = artifact.statement
        if isinstance(statement, Assignment) and statement.operator == "=":
            made.setdefault(statement, {})[artifact.name] = artifact.bound_from
    return _set_in(step.function.body, made) if made else {}


def _set_in(block: Sequence[Statement], made: Mapping[Statement, dict[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for statement in block:
        inner: Mapping[str, int] = {}
        match statement:
            case Assignment():
                inner = made.get(statement, {})
            case With(body=body) | Try(body=body):
                inner = _set_in(body, made)
            case If(body=body, orelse=orelse):
                first, other = _set_in(body, made), _set_in(orelse, made)
                inner = {n: max(first[n], other[n]) for n in first.keys() & other.keys()}
        for name, start in inner.items():
            found.setdefault(name, start)
    return found


def reads_only(function: Function, there: Collection[str], own: Mapping[str, int]) -> bool:
    """Whether a function reads nothing of the flow but what is there, or what it has set before.

    Args:
        function: the function.
        there: what is there when it begins.
        own: what it sets, and from where on that is there.
    """
    changed: set[object] = set()
    for statement in function.statements:
        if isinstance(statement, Delete):
            return False
        if isinstance(statement, Assignment) and statement.operator != "=":
            changed.update(statement.targets)
    for reference in function.descendants.names:
        owner, _, path = reference.name.partition(".")
        if owner != function.self_name:
            continue
        name, _, further = path.partition(".")
        is_read = reference.context == "load" or bool(further) or reference in changed
        if not name:
            return False
        if is_read and name not in there and own.get(name, reference.start) >= reference.start:
            return False
    return True


def reads_only_of_inputs(
    function: Function, inputs: str, branches: Mapping[str, Collection[str]], *, is_foreach: bool
) -> bool:
    """Whether a join reads nothing of its inputs but what they all, or the one that it names, have.

    It goes through them with `for` or a comprehension, or names one, `inputs.train.score`; of a
    foreach it names none. It does nothing else with them.

    Args:
        function: the join's code.
        inputs: the parameter that takes them.
        branches: the steps before the join, with what each certainly hands on.
        is_foreach: whether the join closes a foreach.
    """
    names = function.descendants.names
    own = [reference for reference in names if reference.head == inputs]
    items = {target.name for over, target in _loops(function) if over in own}
    whole = {over for over, _ in _loops(function)}
    for reference in own:
        _, _, path = reference.name.partition(".")
        branch, _, read = path.partition(".")
        if not path and reference in whole:
            continue
        if is_foreach or not read or read.partition(".")[0] not in branches.get(branch, ()):
            return False
    for reference in names:
        if reference.head in items and reference.context == "load":
            name = reference.name.split(".")[1] if "." in reference.name else ""
            if not all(name in handed for handed in branches.values()):
                return False
    return True


def _loops(function: Function) -> Iterator[tuple[Expression, Name]]:
    """What loops and comprehensions with one name for each item go through, with that name."""
    for statement in function.statements:
        if isinstance(statement, For) and isinstance(statement.target, Name):
            yield statement.iterable, statement.target
        for expression in statement.expressions:
            for part in expression.walk():
                if isinstance(part, Comprehension):
                    for clause in part.generators:
                        if isinstance(clause.target, Name):
                            yield clause.iterable, clause.target
