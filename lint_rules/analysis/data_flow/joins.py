"""Questions about joins: what is read of their inputs, and what is merged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from lint_rules.analysis.data_flow.code import FLOW_SPEC
from lint_rules.analysis.data_flow.flow_states import FlowDataFlow
from lint_rules.analysis.data_flow.records import InputRead, Merge
from lint_rules.analysis.data_flow.state import Fact, Site, State
from lint_rules.analysis.data_flow.steps import catch_of
from lint_rules.analysis.data_flow.values import (
    EACH,
    FIRST,
    PART,
    Items,
    Kind,
    Pairs,
    Some,
    Value,
    differ,
    length,
)
from lint_rules.budget import TooComplex
from lint_rules.model.code import Expression
from lint_rules.model.graph import Node

_MOST_TASKS = 4
_EXCEPTION = "_catch_exception"


@dataclass(frozen=True, slots=True)
class UndefinedInput:
    """A read of an input's artifact that cannot be there.

    Attributes:
        step: the join.
        name: the artifact, or the branch that does not exist.
        at: what reads it.
        lacking: the steps before the join that do not have it; all, if none has.
        having: where the others set it.
        branches: of a branch that does not exist, those that do.
    """

    step: str
    name: str
    at: Expression
    lacking: tuple[str, ...] = ()
    having: tuple[Site, ...] = ()
    branches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """An artifact that a join merges although its inputs certainly differ.

    Attributes:
        merge: the merge.
        name: the artifact.
        kind: `branches`, `tasks` or `catch`.
        sites: where it is set or changed.
        steps: the steps before the join that disagree, or the one whose tasks do.
    """

    merge: Merge
    name: str
    kind: str
    sites: tuple[Site, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """A read of one task's artifact in the join of a foreach, where each task has its own.

    Attributes:
        read: the read.
        sites: where the tasks set or change it.
        is_changed: whether they change it in place.
    """

    read: InputRead
    sites: tuple[Site, ...]
    is_changed: bool


def undefined_inputs(found: FlowDataFlow) -> Iterator[UndefinedInput]:
    """The reads of artifacts, and of branches, that the inputs of joins do not have."""
    for node, inputs in _joins(found):
        records = found.records[node.name]
        for branch in records.branch_reads.values():
            if branch.name not in inputs and not branch.name.startswith("_"):
                branches = tuple(inputs)
                yield UndefinedInput(node.name, branch.name, branch.at, branches=branches)
        seen: set[tuple[str, str]] = set()
        for read in records.input_reads.values():
            if read.mode not in (*inputs, EACH, PART, FIRST):
                continue
            asked = [read.mode] if read.mode in inputs else list(inputs)
            facts = {source: inputs[source].get(read.name) for source in asked}
            lacking = tuple(source for source, fact in facts.items() if fact.is_missing)
            is_all = len(lacking) == len(facts)
            is_one = read.mode == EACH and read.is_certain and bool(lacking)
            if (is_all or is_one) and (read.name, read.mode) not in seen:
                seen.add((read.name, read.mode))
                having = tuple(_sites(found, read.name))
                yield UndefinedInput(node.name, read.name, read.at, lacking, having)


def conflicts(found: FlowDataFlow) -> Iterator[Conflict]:
    """The artifacts that joins merge although they certainly differ."""
    for node, inputs in _joins(found):
        for merge in found.records[node.name].merges.values():
            if not merge.is_certain:
                continue
            names = {name for state in inputs.values() for name in state.facts}
            taken = [n for n in sorted(names) if _is_taken(merge, n)]
            yield from _of_branches(merge, inputs, taken)
            yield from _of_tasks(found, node, merge, taken)
            yield from _of_catch(found, node, merge)


def one_of_many(found: FlowDataFlow) -> Iterator[OneOfMany]:
    """The reads of one task's artifact where each task of a foreach has its own."""
    for node, inputs in _joins(found):
        foreach = _closed_foreach(found, node)
        if foreach is None:
            continue
        inside = _inside(found, foreach)
        reads = list(found.records[node.name].input_reads.values())
        for read in reads:
            if read.mode not in (*inputs, FIRST):
                continue
            others = [r for r in reads if r.name == read.name and r is not read]
            if any(other.mode in (EACH, PART, FIRST) for other in others):
                continue
            for source, state in inputs.items():
                fact = state.get(read.name)
                changed = tuple(s for s in sorted(fact.changed) if s.step in inside)
                own = tuple(s for s in sorted(fact.set_at) if s.step in inside)
                if fact.is_class or not fact.is_set or not (changed or own):
                    continue
                if _tasks_differ(found, foreach, source, read.name, fact):
                    yield OneOfMany(read, changed or own, bool(changed))
                    break


def _joins(found: FlowDataFlow) -> Iterator[tuple[Node, dict[str, State]]]:
    if not found.is_known:
        return
    for name, inputs in found.states.into.items():
        node = found.graph.nodes[name]
        if node.step in found.flow.reported_steps and name in found.records:
            yield node, inputs


def _is_taken(merge: Merge, name: str) -> bool:
    return (
        merge.takes(name)
        # Metaflow leaves alone what the join has, be it an attribute of `FlowSpec`.
        and name not in FLOW_SPEC
        and merge.state.get(name).is_missing
        and (not name.startswith("_") or name in (merge.included or ()))
    )


def _of_branches(merge: Merge, inputs: dict[str, State], taken: list[str]) -> Iterator[Conflict]:
    for name in taken:
        for (first, one), (second, other) in combinations(inputs.items(), 2):
            facts = one.get(name), other.get(name)
            if all(fact.is_set for fact in facts) and differ(facts[0].value, facts[1].value):
                sites = {s for fact in facts for s in fact.set_at | fact.changed}
                yield Conflict(merge, name, "branches", tuple(sorted(sites)), (first, second))
                break


def _of_tasks(
    found: FlowDataFlow, node: Node, merge: Merge, taken: list[str]
) -> Iterator[Conflict]:
    foreach = _closed_foreach(found, node)
    if foreach is None:
        return
    inside = _inside(found, foreach)
    for name in taken:
        for source, state in found.states.into[node.name].items():
            fact = state.get(name)
            sites = tuple(s for s in sorted(fact.set_at | fact.changed) if s.step in inside)
            if sites and fact.is_set and _certainly_differ(found, foreach, source, name):
                yield Conflict(merge, name, "tasks", sites, (source,))
                break


def _of_catch(found: FlowDataFlow, node: Node, merge: Merge) -> Iterator[Conflict]:
    """The variable of `@catch` in the body of a foreach: it differs as soon as one task fails."""
    foreach = _closed_foreach(found, node)
    if foreach is None:
        return
    for name in sorted(_inside(found, foreach)):
        catch = catch_of(found.graph.nodes[name].step)
        if catch is None or not catch.is_known:
            continue
        wanted = [n for n in (catch.var, _EXCEPTION) if n is not None]
        left = [n for n in wanted if merge.takes(n) and merge.state.get(n).is_missing]
        if catch.var is not None and left == [_EXCEPTION] and merge.include is None:
            yield Conflict(merge, _EXCEPTION, "catch", (catch.site,), (name,))
        elif left:
            yield Conflict(merge, left[0], "catch", (catch.site,), (name,))


def _closed_foreach(found: FlowDataFlow, node: Node) -> str | None:
    """The step whose foreach a join closes."""
    closes = node.closes
    if closes is None or closes not in found.graph.nodes:
        return None
    return closes if found.graph.nodes[closes].kind == "foreach" else None


def _inside(found: FlowDataFlow, foreach: str) -> set[str]:
    """The steps inside a foreach."""
    return {
        name
        for name, opened in found.foreaches.items()
        if any(one.step == foreach for one in opened)
    }


def task_count(found: FlowDataFlow, foreach: str) -> int | None:
    """How many tasks a foreach has, `None` if that is not known."""
    over = list_of(found, foreach)
    atom = over.value.single if over is not None and over.is_set else None
    is_list = isinstance(atom, Items | Pairs | Some)
    return length(atom) if atom is not None and is_list else None


def list_of(found: FlowDataFlow, foreach: str) -> Fact | None:
    """What is known of the list that a foreach goes over, when it begins."""
    transitions = found.graph.nodes[foreach].step.transitions
    names = [t.decided_by.text for t in transitions if t.decided_by is not None]
    state = found.states.after.get(foreach)
    if len(names) != 1 or names[0] is None or state is None:
        return None
    return state.get(names[0])


def _facts_of_tasks(
    found: FlowDataFlow, foreach: str, source: str, name: str
) -> list[tuple[Fact, Value]]:
    count = task_count(found, foreach) or 0
    facts = []
    try:
        for index in range(min(count, _MOST_TASKS)):
            state = found.tasks_of(foreach, index).after.get(source)
            if state is not None:
                facts.append((state.get(name), state.get(name).value))
    except TooComplex:
        return []
    return facts


def _certainly_differ(found: FlowDataFlow, foreach: str, source: str, name: str) -> bool:
    """Whether an artifact certainly has different values in two tasks of a foreach."""
    facts = _facts_of_tasks(found, foreach, source, name)
    return any(
        one.is_set and other.is_set and differ(first, second)
        for (one, first), (other, second) in combinations(facts, 2)
    )


def _tasks_differ(found: FlowDataFlow, foreach: str, source: str, name: str, fact: Fact) -> bool:
    """Whether the tasks of a foreach have, as far as one can see, different values."""
    if task_count(found, foreach) in (0, 1):
        return False
    return foreach in fact.value.foreaches or _certainly_differ(found, foreach, source, name)


def _sites(found: FlowDataFlow, name: str) -> Iterator[Site]:
    for step in found.graph.nodes:
        after = found.states.after.get(step)
        if after is not None:
            yield from sorted(s for s in after.get(name).set_at if s.step == step)


def merge_problems(found: FlowDataFlow) -> Iterator[tuple[Merge, str, str]]:
    """The calls of `merge_artifacts` that cannot work.

    Yields:
        The call, the problem (`no join`, `both`, `missing` or `text`), and the name that it is
        about.
    """
    if not found.is_known:
        return
    for name, records in found.records.items():
        if found.graph.nodes[name].step not in found.flow.reported_steps:
            continue
        inputs = found.states.into.get(name, {})
        for merge in records.merges.values():
            if not found.graph.nodes[name].is_join:
                if merge.is_certain:
                    yield merge, "no join", ""
                continue
            texts = [
                option
                for option, value in (("include", merge.include), ("exclude", merge.exclude))
                if value is not None and value.kinds == {Kind.TEXT}
            ]
            if texts:
                yield merge, "text", texts[0]
            elif merge.included and merge.excluded:
                yield merge, "both", ""
            else:
                for wanted in sorted(merge.included or ()):
                    facts = [*(s.get(wanted) for s in inputs.values()), merge.state.get(wanted)]
                    if all(fact.is_missing for fact in facts):
                        yield merge, "missing", wanted
