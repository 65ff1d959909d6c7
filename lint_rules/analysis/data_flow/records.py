"""What a step's code does that rules ask about, with what is known where it does it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from lint_rules.analysis.data_flow.state import Fact, State, joined
from lint_rules.analysis.data_flow.values import Value
from lint_rules.model.code import Call, Expression, Location
from lint_rules.model.step import Transition


@dataclass(frozen=True, slots=True)
class Read:
    """A read of an artifact.

    Attributes:
        step: the step whose task reads it, itself or in a helper.
        name: the artifact's name.
        at: what reads it: `self.x`, or its name in `foreach="x"`.
        fact: what is known of it there.
        is_certain: whether each task of the step gets there.
        is_late: whether it stands in a function or lambda that runs some time after.
        callers: the calls in the step that lead there, if it stands in a helper.
    """

    step: str
    name: str
    at: Expression
    fact: Fact
    is_certain: bool
    is_late: bool = False
    callers: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class InputRead:
    """A read of an artifact through a join's inputs.

    Attributes:
        step: the join.
        name: the artifact's name.
        at: what reads it.
        mode: how the input is chosen: `EACH`, `PART`, `FIRST` or the name of a branch.
        is_certain: whether each task gets there.
    """

    step: str
    name: str
    at: Expression
    mode: str
    is_certain: bool


@dataclass(frozen=True, slots=True)
class BranchRead:
    """A name that is read of a join's inputs as that of a branch: `inputs.a`."""

    step: str
    name: str
    at: Expression


@dataclass(frozen=True, slots=True)
class Merge:
    """A call of `merge_artifacts`.

    Attributes:
        step: the step that calls it.
        call: the call.
        included: what it takes, `None` for all or where that is not known.
        excluded: what it leaves, `None` if that is not known.
        state: what the task has just before.
        is_certain: whether each task gets there.
        include: what is given as `include`, if anything is.
        exclude: what is given as `exclude`, if anything is.
    """

    step: str
    call: Call
    included: frozenset[str] | None
    excluded: frozenset[str] | None
    state: State
    is_certain: bool
    include: Value | None = None
    exclude: Value | None = None

    def takes(self, name: str) -> bool:
        """Whether it certainly takes an artifact of the inputs."""
        if self.excluded is None or name in self.excluded:
            return False
        return self.include is None or (self.included is not None and name in self.included)


@dataclass(frozen=True, slots=True)
class InputUse:
    """A read of `self.input`, `self.index` or a call of `self.foreach_stack()`.

    Attributes:
        step: the step whose task reads it.
        name: which of these.
        at: what reads it.
        fact: what is known of the list that the innermost foreach goes over.
        is_first: whether `self.input` was certainly not read before in the same task.
    """

    step: str
    name: str
    at: Expression
    fact: Fact
    is_first: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """A call of `self.next`, with what is known of the artifact that decides it."""

    step: str
    transition: Transition
    fact: Fact
    is_certain: bool


@dataclass(slots=True)
class Records:
    """All that the code of a flow does. Of what runs several times, what holds for all."""

    reads: dict[tuple[str, Expression, str], Read] = field(default_factory=dict)
    input_reads: dict[tuple[str, Expression, str], InputRead] = field(default_factory=dict)
    branch_reads: dict[Expression, BranchRead] = field(default_factory=dict)
    merges: dict[tuple[str, Call], Merge] = field(default_factory=dict)
    input_uses: dict[tuple[str, Expression], InputUse] = field(default_factory=dict)
    leavings: dict[tuple[str, Call], Leaving] = field(default_factory=dict)

    def add_read(self, read: Read) -> None:
        """Notes a read."""
        key = (read.step, read.at, read.name)
        known = self.reads.get(key)
        if known is not None:
            fact = joined(known.fact, read.fact, is_graph=False)
            read = replace(known, fact=fact, is_certain=known.is_certain and read.is_certain)
        self.reads[key] = read

    def add_input_use(self, use: InputUse) -> None:
        """Notes a use of the foreach's element or index."""
        key = (use.step, use.at)
        known = self.input_uses.get(key)
        if known is not None:
            fact = joined(known.fact, use.fact, is_graph=False)
            use = replace(known, fact=fact, is_first=known.is_first and use.is_first)
        self.input_uses[key] = use

    def add_leaving(self, leaving: Leaving) -> None:
        """Notes a call of `self.next`."""
        key = (leaving.step, leaving.transition.call)
        known = self.leavings.get(key)
        if known is not None:
            leaving = replace(leaving, fact=joined(known.fact, leaving.fact, is_graph=False))
        self.leavings[key] = leaving
