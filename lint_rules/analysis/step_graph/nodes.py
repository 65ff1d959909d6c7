"""A flow's steps as Metaflow's graph sees them: plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from lint_rules.model.code import Call, Function, Location
from lint_rules.model.flow import Flow


@dataclass(frozen=True, slots=True)
class Target:
    """A step named in `self.next`, and where."""

    name: str
    location: Location


@dataclass(frozen=True, slots=True)
class Next:
    """A call of `self.next`, read as Metaflow reads the last statement of a step.

    Attributes:
        call: the call.
        kind: `linear`, `split`, `foreach` or `switch`; `None` if Metaflow sees none of these.
        targets: the next steps. Of a transition that Metaflow does not take, those it names.
        is_parallel: whether it has `num_parallel`.
        fault: why Metaflow or the run refuses it, a key of `invalid-next`'s messages; else empty.
        is_refused: whether `check` refuses it: else only the run does.
        names: the names that the message needs.
    """

    call: Call
    kind: str | None
    targets: tuple[Target, ...]
    is_parallel: bool = False
    fault: str = ""
    is_refused: bool = False
    names: tuple[str, ...] = ()

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.call.location


@dataclass(slots=True, eq=False)
class Node:
    """A step.

    Attributes:
        name: the step's name.
        function: its method.
        owner: the class of the flow's in which it stands.
        arguments: how many arguments it takes as Metaflow counts them: plain ones, `self` too.
        next: what its last statement says, `None` if that is no `self.next`.
        inner: the calls of `self.next` elsewhere in it.
        is_start: whether it has `@step(start=True)`.
        is_end: whether it has `@step(end=True)`.
        is_parallel: whether it has `@parallel`, `None` if that cannot be known.
        is_opaque: whether a decorator may make anything of it.
        is_decorated: whether it has `@step`; a step that only lacks it is taken as if it had.
    """

    name: str
    function: Function
    owner: Flow
    arguments: int
    next: Next | None
    inner: tuple[Next, ...] = ()
    is_start: bool = False
    is_end: bool = False
    is_parallel: bool | None = False
    is_opaque: bool = False
    is_decorated: bool = True

    @property
    def location(self) -> Location:
        """Where the name of the method stands."""
        return self.function.name_location

    @property
    def exit(self) -> Location:
        """Where the transition stands, else the name."""
        return self.next.location if self.next else self.location


@dataclass(slots=True, eq=False)
class Steps:
    """The steps of a flow, and what else its classes hold.

    Attributes:
        nodes: the steps by name, in Metaflow's order: by the alphabet.
        methods: the methods that are no steps, by name.
        shadowed: steps that the same class defines again: the first and the second method.
    """

    nodes: dict[str, Node]
    methods: dict[str, tuple[Flow, Function]] = field(default_factory=dict)
    shadowed: tuple[tuple[Function, Function], ...] = ()

    @property
    def has_opaque(self) -> bool:
        """Whether there is a step that a decorator may make anything of."""
        return any(node.is_opaque for node in self.nodes.values())


@dataclass(frozen=True, slots=True)
class Edge:
    """A way from one step to another, with the place at which it is named."""

    source: str
    target: str
    location: Location


@dataclass(slots=True, eq=False)
class StepGraph:
    """Metaflow's graph of a flow.

    Attributes:
        nodes: the steps by name, by the alphabet.
        kinds: what each step is: `start`, `linear`, `split`, `foreach`, `switch`, `join` or `end`.
        after: the names of the steps that each leads to, in order, one twice where it is named so.
        start: the name of the first step.
        end: the name of the last step.
    """

    nodes: dict[str, Node]
    kinds: dict[str, str | None]
    after: dict[str, tuple[str, ...]]
    start: str | None
    end: str | None

    def onward(self, name: str) -> tuple[str, ...]:
        """The steps that one leads to, without the way back of a switch to its own step."""
        targets = self.after[name]
        if self.kinds[name] == "switch":
            return tuple(target for target in targets if target != name)
        return targets

    def place_of(self, source: str, target: str) -> Location:
        """Where a step names another as its next."""
        following = self.nodes[source].next
        for named in following.targets if following else ():
            if named.name == target:
                return named.location
        return self.nodes[source].exit

    def before(self) -> dict[str, list[str]]:
        """The steps that lead to each step, by the alphabet, each once."""
        found: dict[str, list[str]] = {name: [] for name in self.nodes}
        for name in self.nodes:
            for target in dict.fromkeys(self.onward(name)):
                found[target].append(name)
        return found


def in_order(names: Iterable[str]) -> list[str]:
    """Names in Metaflow's order: that of Python's `dir`."""
    return sorted(names)
