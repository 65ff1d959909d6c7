"""What each step of a flow makes and reads, for those who want to look at it."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.data_flow.code import FLOW_SPEC, bound
from lint_rules.analysis.inference.container_mutation import certain_statements
from lint_rules.analysis.join_inputs import read_from_inputs
from lint_rules.analysis.summaries import Effects, EffectsOf
from lint_rules.budget import FILE_STEPS, Budget
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step


@dataclass(frozen=True, slots=True)
class Traffic:
    """What a step does with artifacts, and whose they are.

    Attributes:
        makes: the names of those that it sets or changes, in the order in which it first does.
        reads: the names of those that it is given and reads, in order, with the names of the steps
            that may have set them; none if no step before it seems to.
        merges: the names of those that a join takes over by `merge_artifacts`.
        parameters: the attributes of the flow's parameters that it reads.
        is_hidden: whether it may set others: it hands `self` on, or has a decorator that is not
            Metaflow's own, or there is too much to follow.
    """

    makes: tuple[str, ...]
    reads: dict[str, tuple[str, ...]]
    merges: tuple[str, ...]
    parameters: tuple[str, ...]
    is_hidden: bool


def traffic(flow: Flow, apart: Iterable[str] = ()) -> dict[str, Traffic]:
    """What each step that is reached does with artifacts, by the steps' names.

    Args:
        flow: the flow.
        apart: the names of decorators that are not Metaflow's and set no artifacts.
    """
    return dict(_Traffic(flow, tuple(apart)).of_steps())


class _Traffic:
    """What goes in and out of the steps of one flow."""

    def __init__(self, flow: Flow, apart: tuple[str, ...]) -> None:
        self.flow = flow
        self.nodes = flow.graph.reached
        self.effects = EffectsOf(flow, apart)
        self.own = {node.name: self.effects.of_step(node.step) for node in self.nodes}
        self.budget = Budget(FILE_STEPS)
        self.before = self._before()

    def of_steps(self) -> Iterator[tuple[str, Traffic]]:
        """See `traffic`."""
        made = dict.fromkeys(name for own in self.own.values() for name in _made(own))
        constant = {name for owner in self.flow.classes for name in bound(owner)} - made.keys()
        constant |= FLOW_SPEC | {"__class__"}
        parameters = [parameter.attribute for parameter in self.flow.all_parameters]
        for node in self.nodes:
            own, before = self.own[node.name], self.before[node.name]
            read = dict.fromkeys(self._read_by(node.step, own, before))
            merged = [name for name in made if name in before and _keeps(own, name)]
            yield (
                node.name,
                Traffic(
                    tuple(dict.fromkeys(_made(own))),
                    {
                        name: self._in_order(before.get(name, ()))
                        for name in read
                        if name not in constant and name not in parameters
                    },
                    tuple(n for n in merged if n not in own.assigned) if node.is_join else (),
                    tuple(name for name in parameters if name in read),
                    own.is_hidden or self.budget.exhausted_by is not None,
                ),
            )

    def _before(self) -> dict[str, dict[str, frozenset[str]]]:
        """What each step is given, a join in its inputs, with the steps that set it last on some
        way there; found by going round until nothing changes, or the budget is used up."""
        before: dict[str, dict[str, frozenset[str]]] = {node.name: {} for node in self.nodes}
        handed = {node.name: before[node.name] for node in self.nodes}
        changed = True
        while changed:
            changed = False
            for node in self.nodes:
                given: dict[str, frozenset[str]] = {}
                for edge in node.before:
                    for name, steps in handed.get(edge.source, {}).items():
                        given[name] = given.get(name, frozenset()) | steps
                if not self.budget.spend(1 + len(given) // 10, node.name):
                    return before
                own = self.own[node.name]
                after = {n: s for n, s in given.items() if not node.is_join or _keeps(own, n)}
                certain = _certainly_set(node.step)
                for name in _made(own):
                    others = frozenset() if name in certain else after.get(name, frozenset())
                    after[name] = others | {node.name}
                if given != before[node.name] or after != handed[node.name]:
                    before[node.name], handed[node.name] = given, after
                    changed = True
        return before

    def _in_order(self, steps: Container[str]) -> tuple[str, ...]:
        return tuple(node.name for node in self.nodes if node.name in steps)

    def _read_by(self, step: Step, own: Effects, before: Container[str]) -> Iterator[str]:
        """The attributes that a step reads before it sets them itself, with its methods."""
        first = {artifact.name: artifact for artifact in reversed(step.artifacts)}
        for read in own.reads:
            setter = first.get(read.name)
            value = setter.source if setter is not None else None
            is_own = read.name in own.assigned and own.assigned[read.name] <= read.at.start
            if not is_own or (value is not None and any(e is read.at for e in value.walk())):
                yield read.name
        if step.inputs is not None:
            yield from read_from_inputs(step.function, step.inputs, before)
        for name in sorted(own.calls):
            for function in self.effects.functions.get(name, ()):
                for read in self.effects.of_function(function).reads:
                    if read.name not in own.assigned or read.name in before:
                        yield read.name


def _made(own: Effects) -> Iterator[str]:
    """The artifacts that a step sets or changes; what is set by a computed name has none."""
    return (name for name in (*own.assigned, *sorted(own.continued)) if name)


def _keeps(own: Effects, name: str) -> bool:
    """Whether a join takes an artifact over."""
    return any(merge.keeps(name) for merge in own.merges)


def _certainly_set(step: Step) -> set[str]:
    """The artifacts that a step itself sets whichever way it goes."""
    certain = certain_statements(step.function)
    return {artifact.name for artifact in step.artifacts if artifact.statement in certain}
