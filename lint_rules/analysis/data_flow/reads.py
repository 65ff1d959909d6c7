"""Follows reads: of artifacts, of a join's inputs, and of a foreach's element."""

from __future__ import annotations

from lint_rules.analysis.data_flow.code import FLOW_SPEC
from lint_rules.analysis.data_flow.folding import elements, item_at
from lint_rules.analysis.data_flow.frame import Task
from lint_rules.analysis.data_flow.local_classes import member_of
from lint_rules.analysis.data_flow.records import BranchRead, InputRead, InputUse, Read
from lint_rules.analysis.data_flow.state import Point
from lint_rules.analysis.data_flow.values import (
    EACH,
    NONE,
    UNKNOWN,
    Kind,
    Special,
    Value,
    literal,
    one,
    some,
    union,
)
from lint_rules.model.code import Expression

_HIDING = frozenset({"__dict__", "__setattr__", "__setstate__"})
_CACHED = "<self.input>"
"""A local name that no code can have: whether the task may have read `self.input` before."""


class Reads:
    """Follows what a task's code reads.

    Args:
        task: the task.
    """

    def __init__(self, task: Task) -> None:
        self.task = task

    def run_property(self, name: str, at: Expression, point: Point) -> Value | None:
        """Follows a property of the flow, `None` if the name is none."""
        raise NotImplementedError

    def keep(self, value: Value, point: Point) -> None:
        """Notes that something keeps a value: with the flow itself it may do anything."""
        if value.special("self"):
            point.state.escape()

    def attribute(self, value: Value, name: str, at: Expression, point: Point) -> Value:
        """What an attribute of a value gives; notes what is read of the flow or of inputs."""
        if value.special("self"):
            return self.read(name, at, point)
        if value.special("inputs"):
            return self._of_inputs(name, at)
        of = value.special("input")
        if of is not None:
            return self._of_input(of, name, at)
        made = value.special("class")
        member = member_of(made, name) if made is not None else None
        return UNKNOWN.depending_on(value) if member is None else some(Kind.UNPICKLABLE, member)

    def read(self, name: str, at: Expression, point: Point) -> Value:
        """Follows a read of an attribute of the flow."""
        if name in ("input", "index"):
            return self.foreach_item(name, at, point)
        if name in _HIDING:
            point.state.forget()
            return UNKNOWN
        if name in FLOW_SPEC or (name.startswith("__") and name.endswith("__")):
            return one(Special("method", name))
        given = self.run_property(name, at, point)
        if given is not None:
            return given
        fact = point.state.get(name)
        task, frame = self.task, self.task.frame
        if task.records is not None and not task.forgiving and name not in frame.asked:
            is_late = bool(task.late)
            callers = frame.callers
            task.records.add_read(
                Read(task.step, name, at, fact, task.is_certain, is_late, callers)
            )
        return fact.value if fact.value.atoms else UNKNOWN

    def _of_inputs(self, name: str, at: Expression) -> Value:
        task = self.task
        if name == "flows":
            return one(Special("inputs", EACH))
        if task.records is not None and name not in task.frame.asked and not task.forgiving:
            task.records.branch_reads[at] = BranchRead(task.step, name, at)
        return one(Special("input", name))

    def _of_input(self, of: Special, name: str, at: Expression) -> Value:
        task = self.task
        if name in FLOW_SPEC or name.startswith("__") or name in task.code.methods:
            return UNKNOWN
        is_asked = name in task.frame.asked or task.forgiving
        if task.records is not None and not is_asked:
            key = (task.step, at, name)
            task.records.input_reads[key] = InputRead(task.step, name, at, of.mode, task.is_certain)
        facts = [fact for fact in task.of_inputs(of.mode, name) if fact.present]
        return union(fact.value for fact in facts) if facts else UNKNOWN

    def foreach_item(self, name: str, at: Expression, point: Point) -> Value:
        """Follows `self.input` and `self.index`."""
        task = self.task
        if not task.foreaches:
            self._note_input(name, at, point)
            return NONE
        innermost = task.foreaches[-1]
        pin = point.state.pins.get(innermost.step)
        self._note_input(name, at, point)
        if name == "index":
            if pin is not None:
                return Value(literal(pin).atoms, frozenset((innermost.step,)))
            return Value(some(Kind.NUMBER).atoms, frozenset((innermost.step,)))
        point.names[_CACHED] = UNKNOWN
        if innermost.name is None:
            return UNKNOWN
        over = point.state.get(innermost.name)
        if over.is_missing:
            return NONE
        given = elements(over.value)
        if pin is not None:
            given = item_at(over.value, literal(pin))
        return Value(given.atoms or UNKNOWN.atoms, given.foreaches | {innermost.step})

    def _note_input(self, name: str, at: Expression, point: Point) -> None:
        task = self.task
        if task.records is None:
            return
        over = task.foreaches[-1].name if task.foreaches else None
        fact = point.state.get(over) if over else point.state.rest
        is_first = _CACHED not in point.names and not task.late
        task.records.add_input_use(InputUse(task.step, name, at, fact, is_first))
