"""What goes with the code of one function while it is followed."""

from __future__ import annotations

from dataclasses import dataclass, field

from lint_rules.analysis.data_flow.code import FlowCode
from lint_rules.analysis.data_flow.records import Records
from lint_rules.analysis.data_flow.state import Fact, Point, State
from lint_rules.analysis.data_flow.values import NOTHING, Value
from lint_rules.budget import Budget
from lint_rules.model.code import Class, Function, Lambda, Location
from lint_rules.model.module import Module


@dataclass(eq=False)
class Frame:
    """A function that is being followed.

    Attributes:
        function: the function.
        module: the file in which it stands.
        owner: the class whose method it is, if it is one.
        asked: the names whose existence it, or a caller, asks for.
        callers: the calls that lead to it.
        result: what it returns, so far.
        returned: what holds where it returns, so far.
        broken: for each open loop, what holds where it is left or begins again.
        conditions: how many conditions the code stands in that may not hold.
        left_early: whether it may have returned before, so that the rest may not be reached.
    """

    function: Function | None
    module: Module
    owner: Class | None = None
    asked: frozenset[str] = frozenset()
    callers: tuple[Location, ...] = ()
    result: Value = NOTHING
    returned: Point | None = None
    broken: list[Point | None] = field(default_factory=list)
    again: list[Point | None] = field(default_factory=list)
    conditions: int = 0
    left_early: bool = False


@dataclass(frozen=True)
class Open:
    """A foreach, or another split, that is open at a step.

    Attributes:
        step: the step that begins it.
        name: the artifact that it goes over, `None` for `num_parallel` or where it is not known.
        is_foreach: whether it is a foreach.
    """

    step: str
    name: str | None
    is_foreach: bool = True


@dataclass(eq=False)
class Task:
    """A task of a step while its code is followed.

    Attributes:
        step: the step's name.
        code: the flow's classes.
        records: where to note what the code does, `None` while only its effects are sought.
        budget: what may still be spent.
        inputs: of a join, what each of the steps before it hands on.
        foreaches: the foreaches that are open, the outermost first.
        tried: what holds anywhere inside each open `try`.
        forgiving: how many open `try` statements go on after an `AttributeError`.
        late: how many functions around the code run some time after.
        runs: how often each function was followed.
    """

    step: str
    code: FlowCode
    records: Records | None
    budget: Budget
    inputs: dict[str, State] | None = None
    foreaches: tuple[Open, ...] = ()
    frames: list[Frame] = field(default_factory=list)
    tried: list[Point] = field(default_factory=list)
    forgiving: int = 0
    late: int = 0
    runs: dict[Function | Lambda, int] = field(default_factory=dict)

    @property
    def frame(self) -> Frame:
        """The function that is being followed now."""
        return self.frames[-1]

    @property
    def is_certain(self) -> bool:
        """Whether each task of the step gets here."""
        return not self.forgiving and not any(
            frame.conditions or frame.left_early for frame in self.frames
        )

    @property
    def constants(self) -> State:
        """What every task has."""
        return self.code.constants()

    def of_inputs(self, mode: str, name: str) -> list[Fact]:
        """What is known of an artifact of the inputs that a mode chooses."""
        inputs = self.inputs or {}
        if mode in inputs:
            return [inputs[mode].get(name)]
        return [state.get(name) for state in inputs.values()]
