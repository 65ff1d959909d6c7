"""Questions about foreaches and switches: what they go over, ask for, and lose on the way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.data_flow.flow_states import FlowDataFlow, may_equal
from lint_rules.analysis.data_flow.joins import list_of
from lint_rules.analysis.data_flow.records import InputUse, Leaving
from lint_rules.analysis.data_flow.state import Fact, Site
from lint_rules.analysis.data_flow.values import Items, Kind, Literal, Pairs, Value, length, literal
from lint_rules.model.code import (
    BinOp,
    BoolOp,
    Compare,
    Constant,
    Expression,
    Function,
    If,
    IfExp,
    Name,
    UnaryOp,
    While,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.step import assigned

MOST_SPLITS = 100
"""The default of Metaflow's `--max-num-splits`."""


@dataclass(frozen=True, slots=True)
class LostInput:
    """A use of `self.input` or `self.index` that gives `None`.

    Attributes:
        use: the use.
        foreach: the foreach that is open, `None` if none is.
        name: the artifact that it goes over.
        joins: the joins that lose that artifact.
    """

    use: InputUse
    foreach: str | None
    name: str | None
    joins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangedList:
    """A use of `self.input` after the list of its foreach was set or changed.

    Attributes:
        use: the use.
        foreach: the foreach.
        name: the artifact that it goes over.
        sites: where it is set or changed.
        is_deleted: whether it is deleted.
    """

    use: InputUse
    foreach: str
    name: str
    sites: tuple[Site, ...]
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class BadForeach:
    """A foreach over what is no list.

    Attributes:
        leaving: the transition.
        kinds: what it goes over; none for an empty list.
        length: how many items it has, if that is the problem.
    """

    leaving: Leaving
    kinds: tuple[str, ...]
    length: int | None = None


@dataclass(frozen=True, slots=True)
class BadSwitch:
    """A switch whose condition certainly has no case, or that has a case twice.

    Attributes:
        leaving: the transition.
        values: the values of the condition, or their kinds.
        twice: the case that stands there twice.
    """

    leaving: Leaving
    values: tuple[str, ...]
    twice: object = None


def lost_inputs(found: FlowDataFlow) -> Iterator[LostInput]:
    """The uses of `self.input` and `self.index` outside of a foreach, or after its list is lost."""
    for use in _uses(found):
        opened = found.foreaches.get(use.step, ())
        if use.at in _asked(found.graph.nodes[use.step].step.function):
            continue
        if not opened:
            if use.name != "foreach_stack":
                yield LostInput(use, None, None, ())
            continue
        joins = tuple(sorted({x.step for x in use.fact.lost if x.why == "join"}))
        is_lost = opened[-1].name is not None and use.fact.is_missing and bool(joins)
        if use.name == "input" and is_lost and use.is_first:
            yield LostInput(use, opened[-1].step, opened[-1].name, joins)


def changed_lists(found: FlowDataFlow) -> Iterator[ChangedList]:
    """The uses of `self.input` after the list of the foreach was set or changed inside it."""
    for use in _uses(found):
        opened = found.foreaches.get(use.step, ())
        if not opened or opened[-1].name is None or use.name == "index" or not use.is_first:
            continue
        foreach, name = opened[-1].step, opened[-1].name
        inside = {s for s, o in found.foreaches.items() if any(x.step == foreach for x in o)}
        deleted = [x for x in use.fact.lost if x.why == "del" and x.step in inside]
        if use.fact.is_missing and deleted:
            at = tuple(Site(x.step, x.location) for x in deleted if x.location is not None)
            yield ChangedList(use, foreach, name, at, True)
            continue
        sites = _changes(found, use.fact, inside)
        before = list_of(found, foreach)
        if sites and before is not None and not _is_prefix(before.value, use.fact.value):
            yield ChangedList(use, foreach, name, sites, False)


def _changes(found: FlowDataFlow, fact: Fact, inside: set[str]) -> tuple[Site, ...]:
    """Where a list was certainly set, or changed in place, inside a foreach."""
    if not fact.is_set:
        return ()
    grown = {
        artifact.location
        for name in inside
        for artifact in assigned(found.graph.nodes[name].step.function)
        if _grows(artifact.value, f"self.{artifact.name}")
    }
    own = [site for site in fact.set_at if site.step in inside and site.location not in grown]
    if own and len(own) == len(fact.set_at):
        return tuple(sorted(own))
    changed = [s for s in fact.changed if s.step in inside and not s.keeps]
    known = isinstance(fact.value.single, Items)
    return tuple(sorted(changed)) if known else ()


def _grows(value: Expression | None, name: str) -> bool:
    """Whether an assignment only adds at the end: `self.x = self.x + [1]`."""
    return isinstance(value, BinOp) and isinstance(value.left, Name) and value.left.name == name


def _is_prefix(before: Value, after: Value) -> bool:
    """Whether a list certainly begins with the items of another."""
    first, second = before.single, after.single
    if not isinstance(first, Items) or not isinstance(second, Items):
        return False
    return second.items[: len(first.items)] == first.items


def bad_foreaches(found: FlowDataFlow) -> Iterator[BadForeach]:
    """The foreaches over what certainly is no list that Metaflow can go over."""
    for leaving in _leavings(found):
        if leaving.transition.kind != "foreach" or not leaving.fact.is_set:
            continue
        value = leaving.fact.value
        if not value.is_known:
            continue
        refused = [_refused(atom, _reads_items(found, leaving.step)) for atom in value.atoms]
        if all(refused):
            yield BadForeach(leaving, tuple(sorted({name for name in refused if name})))
            continue
        sizes = {length(atom) for atom in value.atoms}
        if sizes == {0}:
            yield BadForeach(leaving, (), 0)
        elif None not in sizes and min(s for s in sizes if s is not None) > MOST_SPLITS:
            yield BadForeach(leaving, (), min(s for s in sizes if s is not None))


def _reads_items(found: FlowDataFlow, foreach: str) -> bool:
    """Whether the tasks of a foreach read their items."""
    return any(
        use.name == "input" and found.foreaches[step][-1].step == foreach
        for step, records in found.records.items()
        if found.foreaches.get(step)
        for use in records.input_uses.values()
    )


_NO_LISTS = (Kind.BOOL, Kind.NONE, Kind.NUMBER, Kind.ITERATOR, Kind.UNPICKLABLE, Kind.VIEW)


def _refused(atom: object, reads_items: bool) -> str:
    kind = getattr(atom, "kind", Kind.ANY)
    if kind is Kind.ITERATOR:
        return f"an iterator (`{getattr(atom, 'name', '')}`)"
    if kind is Kind.UNPICKLABLE:
        return str(getattr(atom, "name", kind.value))
    if kind is Kind.DATAFRAME:
        return str(kind.value) if reads_items else ""
    if isinstance(atom, Pairs):
        # A dict with the keys 0, 1, 2 … has items like a list.
        has_others = any(not isinstance(key.value, int) for key, _ in atom.items)
        return str(kind.value) if reads_items and has_others else ""
    if kind in _NO_LISTS:
        if isinstance(atom, Literal) and kind is Kind.NUMBER:
            return f"the number {atom.value}"
        return str(kind.value)
    return ""


def bad_switches(found: FlowDataFlow) -> Iterator[BadSwitch]:
    """The switches whose condition certainly has no case, and those with a case twice."""
    for leaving in _leavings(found):
        if leaving.transition.kind != "switch":
            continue
        cases = leaving.transition.cases
        if not cases or None in cases:
            continue
        keys = [case.value for case in cases if case is not None]
        twice = next((k for n, k in enumerate(keys) if k in keys[:n]), None)
        if twice is not None:
            yield BadSwitch(leaving, (), twice)
            continue
        value = leaving.fact.value
        if not leaving.fact.is_set or not value.is_known:
            continue
        if not any(may_equal(atom, literal(key)) for atom in value.atoms for key in keys):
            yield BadSwitch(leaving, tuple(sorted(_named(atom) for atom in value.atoms)))


def _named(atom: object) -> str:
    if isinstance(atom, Literal):
        return f"`{atom.value!r}`" if not isinstance(atom.value, str) else f'`"{atom.value}"`'
    return str(getattr(atom, "kind", Kind.ANY).value)


def _uses(found: FlowDataFlow) -> Iterator[InputUse]:
    if not found.is_known:
        return
    for name in found.graph.nodes:
        if found.graph.nodes[name].step in found.flow.reported_steps and name in found.records:
            yield from found.records[name].input_uses.values()


def _leavings(found: FlowDataFlow) -> Iterator[Leaving]:
    if not found.is_known:
        return
    for name in found.graph.nodes:
        if found.graph.nodes[name].step in found.flow.reported_steps and name in found.records:
            yield from found.records[name].leavings.values()


@remembered
def _asked(function: Function) -> frozenset[Expression]:
    """The uses of names whose existence the function asks for, anywhere: `if self.input`."""
    tests: list[Expression] = []
    for statement in function.statements:
        if isinstance(statement, If | While):
            tests.append(statement.test)
        for outer in statement.expressions:
            for part in outer.walk():
                if isinstance(part, IfExp):
                    tests.append(part.test)
                elif isinstance(part, BoolOp | Compare):
                    tests.append(part)
    names = {name for test in tests for name in _asked_by(test)}
    return frozenset(r for r in function.descendants.names if r.name in names)


def _asked_by(test: Expression) -> Iterator[str]:
    match test:
        case Name(name=name):
            yield name
        case UnaryOp(operator="not", operand=operand):
            yield from _asked_by(operand)
        case BoolOp(operands=operands):
            for operand in operands:
                yield from _asked_by(operand)
        case Compare(operands=operands):
            if any(isinstance(o, Constant) and o.value is None for o in operands):
                yield from (o.name for o in operands if isinstance(o, Name))
