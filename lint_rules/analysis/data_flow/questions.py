"""What rules ask about the data flow of a flow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.data_flow.flow_states import FlowDataFlow, data_flow
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.analysis.data_flow.records import Read
from lint_rules.analysis.data_flow.state import Site
from lint_rules.analysis.data_flow.steps import catch_of
from lint_rules.analysis.data_flow.values import Atom, Items, Kind, Pairs, Some, Special, Value
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step


@dataclass(frozen=True, slots=True)
class Missing:
    """A read of an artifact that cannot be there, or that one way through the graph lacks.

    Attributes:
        step: the step that reads it.
        read: where, the first such read in the step.
        joins: the names of the joins that leave it behind; none if nothing before sets it.
        setters: where it is set: before those joins, or anywhere.
        is_deleted: whether it is deleted before.
        on_a_way: whether some ways through the graph set it, and another certainly does not.
    """

    step: Step
    read: Read
    joins: tuple[str, ...]
    setters: tuple[Site, ...]
    is_deleted: bool = False
    on_a_way: bool = False

    @property
    def name(self) -> str:
        """The artifact's name."""
        return self.read.name

    @property
    def setting_steps(self) -> tuple[str, ...]:
        """The names of the steps that set it."""
        return tuple(dict.fromkeys(site.step for site in self.setters))


def missing(flow: Flow, ignored: Iterable[str] = ()) -> tuple[Missing, ...]:
    """The reads of artifacts that cannot be there, one a step and artifact, in the graph's order.

    None where the flow's graph or what its classes hold is not known in full.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    found = doubtful(flow, ignored)
    return () if found is None else tuple(_missing(found))


def _missing(found: FlowDataFlow) -> Iterator[Missing]:
    if not found.is_known:
        return
    seen: set[tuple[str, str]] = set()
    for read in found.reads:
        step = found.graph.nodes[read.step].step
        key = (read.step, read.name)
        if key in seen or step not in found.flow.reported_steps or not _is_missing(found, read):
            continue
        seen.add(key)
        joins = tuple(sorted({loss.step for loss in read.fact.lost if loss.why == "join"}))
        yield Missing(
            step,
            read,
            joins if read.fact.is_missing else (),
            tuple(_setters(found, read, set(joins))),
            any(loss.why == "del" for loss in read.fact.lost),
            not read.fact.is_missing,
        )


def _is_missing(found: FlowDataFlow, read: Read) -> bool:
    fact = read.fact
    if fact.is_missing:
        if read.is_late:
            after = found.states.after.get(read.step)
            return after is None or after.get(read.name).is_missing
        return True
    return fact.on_a_way and read.is_certain and not read.is_late


def _setters(found: FlowDataFlow, read: Read, joins: set[str]) -> Iterator[Site]:
    """Where a name is set in the flow, in the graph's order."""
    for name in found.graph.nodes:
        after = found.states.after.get(name)
        if after is None or name in joins:
            continue
        sites = [site for site in after.get(read.name).set_at if site.step == name]
        yield from sorted(sites, key=lambda site: site.location.start)


@dataclass(frozen=True, slots=True)
class Unpicklable:
    """An artifact that cannot be saved when its step ends.

    Attributes:
        name: the artifact's name.
        what: what it is.
        site: where it is set.
    """

    name: str
    what: str
    site: Site


def unpicklable(flow: Flow, ignored: Iterable[str] = ()) -> Iterator[Unpicklable]:
    """The artifacts that certainly cannot be pickled when a step ends.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    found = data_flow(flow, ignored)
    if not found.is_known:
        return
    for name in found.graph.nodes:
        after = found.states.after.get(name)
        if after is None or found.graph.nodes[name].step not in flow.reported_steps:
            continue
        for artifact, fact in after.facts.items():
            sites = [site for site in fact.set_at if site.step == name]
            what = _what(fact.value) if fact.is_set and len(sites) == len(fact.set_at) else None
            if what is not None:
                yield Unpicklable(artifact, what, min(sites))


def _what(value: Value) -> str | None:
    """What in a value cannot be pickled, `None` if it may be."""
    found = [_what_of(atom) for atom in value.atoms]
    return found[0] if found and all(found) else None


def _what_of(atom: Atom) -> str | None:
    if isinstance(atom, Some) and atom.kind in (Kind.UNPICKLABLE, Kind.VIEW):
        return atom.name
    if isinstance(atom, Special) and atom.what == "class":
        return f"the class `{atom.mode}`, which is defined inside a function"
    inner: tuple[Value, ...] = ()
    if isinstance(atom, Items):
        if atom.kind is Kind.VIEW:
            return "a view of a dict"
        inner = atom.items
    elif isinstance(atom, Pairs):
        inner = tuple(item for _, item in atom.items)
    inside = next((what for what in map(_what, inner) if what), None)
    return f"{atom.kind.value} with {inside}" if inside else None


@dataclass(frozen=True, slots=True)
class UnsetAfterCatch:
    """A read of an artifact that is not there if a step with `@catch` fails.

    Attributes:
        read: the read.
        catching: the step with `@catch`.
        var: the variable of `@catch`, `None` if it has none.
        at: where the step stands.
    """

    read: Read
    catching: str
    var: str | None
    at: Step


def unset_after_catch(flow: Flow, ignored: Iterable[str] = ()) -> Iterator[UnsetAfterCatch]:
    """The reads of artifacts that are not there if a step before fails, one a step and artifact.

    Args:
        flow: the flow.
        ignored: names of decorators that set and read no artifacts.
    """
    if not any(catch_of(step) for step in flow.all_steps.values()):
        return
    found = data_flow(flow, ignored)
    seen: set[tuple[str, str]] = set()
    for read in found.reads if found.is_known else ():
        reading = found.graph.nodes[read.step].step
        losses = [loss for loss in read.fact.lost if loss.why == "catch"]
        is_new = (read.step, read.name) not in seen
        if not losses or read.fact.is_set or not read.fact.present or not is_new:
            continue
        catching = found.graph.nodes[losses[0].step].step
        catch = catch_of(catching)
        var = catch.var if catch is not None else None
        function = reading.function
        names = {reference.name.rpartition(".")[2] for reference in function.descendants.names}
        if catching is reading or var in names or reading not in flow.reported_steps:
            continue
        seen.add((read.step, read.name))
        yield UnsetAfterCatch(read, catching.name, var, catching)
