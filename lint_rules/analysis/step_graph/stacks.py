"""The splits that are open at each step, as Metaflow keeps them: stacks that share their parts."""

from __future__ import annotations

from dataclasses import dataclass, field

from lint_rules.analysis.step_graph.nodes import StepGraph


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """An open split on top of others.

    Attributes:
        split: the step that splits.
        branches: the steps that it splits into, in order.
        below: what was open before, `None` at the bottom.
    """

    split: str
    branches: tuple[str, ...]
    below: Stack | None


@dataclass(slots=True)
class Stacks:
    """Makes each stack once, so that equal ones are the same.

    Metaflow compares the branches of a split and not the split, and not their order.
    """

    known: dict[tuple[frozenset[str], int, int], Stack] = field(default_factory=dict)

    def pushed(self, split: str, branches: tuple[str, ...], below: Stack | None) -> Stack:
        """A stack with one split more."""
        key = (frozenset(branches), len(branches), id(below))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Stack(split, branches, below)
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Chain:
    """Names, the last first: a list that shares its beginning with others."""

    name: str
    below: Chain | None
    depth: int


@dataclass(slots=True)
class Chains:
    """Makes each chain once, so that equal ones are the same."""

    known: dict[tuple[str, int], Chain] = field(default_factory=dict)

    def pushed(self, name: str, below: Chain | None) -> Chain:
        """A chain with one name more."""
        key = (name, id(below))
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = Chain(name, below, below.depth + 1 if below else 1)
        return found


@dataclass(frozen=True, slots=True)
class Lineage:
    """What Metaflow notes at a step on its last visit.

    Attributes:
        parents: the splits around the step (`split_parents`).
        branches: the branches of them in which it is (`split_branches`).
    """

    parents: Chain | None
    branches: Chain | None


def lineages(graph: StepGraph) -> dict[str, Lineage]:
    """What Metaflow notes at each step that there is a way to, in a graph without cycles.

    Metaflow walks every path and overwrites its notes at each visit. The last visit of a step is on
    the path that takes the latest branch at each split, so one walk that begins with the latest
    branch finds it.
    """
    chains = Chains()
    found: dict[str, Lineage] = {}
    if graph.start is None:
        return found
    waiting: list[tuple[str, Chain | None, Chain | None]] = [(graph.start, None, None)]
    while waiting:
        name, parents, branches = waiting.pop()
        if name in found:
            continue
        kind = graph.kinds[name]
        opens = kind in ("split", "foreach")
        noted = Lineage(parents, branches)
        if kind == "join" and parents is not None:
            branches = branches.below if branches else None
            noted = Lineage(parents, branches)
            parents = parents.below
        found[name] = noted
        inner = chains.pushed(name, parents) if opens else parents
        for target in graph.onward(name):
            # The last one put here is taken first.
            taken = chains.pushed(target, branches) if opens else branches
            waiting.append((target, inner, taken))
    return found
