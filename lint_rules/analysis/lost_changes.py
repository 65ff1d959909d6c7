"""Changes in place that a task makes to what is not its own: class attributes and parameters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.attribute_uses import functions
from lint_rules.analysis.class_attributes import ClassAttribute, class_attributes
from lint_rules.analysis.existence_checks import guarded
from lint_rules.analysis.in_place import Change, changes
from lint_rules.analysis.inference import Kind, Reader
from lint_rules.analysis.run_code import functions_of
from lint_rules.analysis.step_order import later_steps
from lint_rules.model.code import Assignment, Call, Constant, Expression, Function, Name
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import assigned

_CONTAINERS = frozenset({"list", "dict", "set", "bytearray"})
_CONTAINER_CALLS = frozenset(
    "collections.Counter collections.OrderedDict collections.defaultdict collections.deque".split()
)
_OF_A_DICT = frozenset({"[]", ".", "clear", "pop", "popitem", "setdefault", "update"})


@dataclass(frozen=True)
class LostChange:
    """A change in place that no later task sees, or that fails.

    Attributes:
        change: the change.
        function: the step or method that makes it.
        what: the class attribute or parameter that it changes.
        reader: a step that comes later and gets the old value.
        read: where it reads it.
        fails: whether the change itself fails, as that of a Config.
    """

    change: Change
    function: Function
    what: ClassAttribute | Parameter
    reader: str = ""
    read: Name | None = None
    fails: bool = False


def lost_changes(flow: Flow) -> Iterator[LostChange]:
    """The changes in place that are lost, and that a later step counts on, or that fail."""
    made = [(f, change) for f in functions(flow) for change in changes(f)]
    if not made:
        return
    shared = _shared(flow)
    set_in_steps = {a.name for function in functions(flow) for a in assigned(function)}
    by_name: dict[str, list[tuple[Function, Change]]] = {}
    for function, change in made:
        what = shared.get(change.name)
        if what is None or change.name in set_in_steps:
            continue
        if isinstance(what, Parameter) and what.kind == "Config":
            if _fails(change) and not guarded(function).covers(change.at.location):
                yield LostChange(change, function, what, fails=True)
        elif _changes(change, what):
            by_name.setdefault(change.name, []).append((function, change))
    if flow.graph.is_complete:
        for name, changed in by_name.items():
            yield from _unseen(flow, name, changed, shared[name])


def _shared(flow: Flow) -> dict[str, ClassAttribute | Parameter]:
    """The parameters, and the attributes of the class, which each task creates again."""
    found: dict[str, ClassAttribute | Parameter] = {
        name: attribute
        for name, attribute in class_attributes(flow).items()
        if isinstance(attribute.statement, Assignment) and attribute.is_saved
    }
    found.update({parameter.attribute: parameter for parameter in flow.all_parameters})
    return found


def _fails(change: Change) -> bool:
    """Whether a Config refuses a change: it is immutable, and so are the dictionaries in it."""
    return change.by in (".", "[]") or (change.depth == 0 and change.by in _OF_A_DICT)


def _changes(change: Change, what: ClassAttribute | Parameter) -> bool:
    """Whether a change certainly is one of the thing itself."""
    if isinstance(what, Parameter):
        kind = what.call.argument("type")
        is_json = kind is not None and metaflow_name(kind.qualified) in ("JSONType",)
        return what.kind == "Parameter" and is_json
    value = what.value
    if value is None or isinstance(value, Constant):
        return False
    return change.by in ("[]", ".") or _is_container(value, what)


def _is_container(value: Expression, attribute: ClassAttribute) -> bool:
    if isinstance(value, Call) and value.function.qualified in _CONTAINER_CALLS:
        return True
    known = Reader(attribute.owner.module, None).value(value)
    if known is None:
        return False
    kind = known.container or (known.type.partition("[")[0] if known.kind is Kind.PLAIN else "")
    return kind in _CONTAINERS


def _unseen(
    flow: Flow,
    name: str,
    changed: list[tuple[Function, Change]],
    what: ClassAttribute | Parameter,
) -> Iterator[LostChange]:
    """The changes of one thing that a later step does not see, though it reads the thing and does
    not change it itself."""
    changing = {function for function, _ in changed}
    receivers = {change.receiver for _, change in changed}
    running = {name: set(functions_of(step, flow)) for name, step in flow.all_steps.items()}
    reads: dict[str, Name] = {}
    for step, run in running.items():
        if not run & changing:
            read = next((r for f in run for r in _reads(f, name) if r not in receivers), None)
            if read is not None:
                reads[step] = read
    later = later_steps(flow)
    for function, change in changed:
        steps = [step for step, run in running.items() if function in run]
        reader = next(
            (
                other
                for step in steps
                for other in flow.all_steps
                if other in later[step] and other in reads
            ),
            None,
        )
        if reader is not None:
            yield LostChange(change, function, what, reader, reads[reader])


def _reads(function: Function, name: str) -> Iterator[Name]:
    """The reads of an attribute in a function, in a join also those of its inputs: `i.rows`."""
    if not function.parameters:
        return
    me = function.self_name
    is_join = len(function.plain_parameters) > 1
    for reference in function.descendants.names:
        head, *path = reference.name.split(".")
        if head == me:
            if path[:1] == [name]:
                yield reference
        elif is_join and name in path and reference.qualified is None:
            yield reference
