"""Follows the code of a task: its step, and what that calls."""

from __future__ import annotations

from lint_rules.analysis.data_flow.code import is_left_open
from lint_rules.analysis.data_flow.frame import Frame
from lint_rules.analysis.data_flow.merging import merge, texts_of
from lint_rules.analysis.data_flow.records import Leaving, Merge
from lint_rules.analysis.data_flow.state import Point, State, joined_points
from lint_rules.analysis.data_flow.statements import Statements
from lint_rules.analysis.data_flow.values import (
    EACH,
    UNKNOWN,
    Kind,
    Special,
    Value,
    one,
    some,
)
from lint_rules.analysis.existence_checks import guarded
from lint_rules.analysis.own_yields import makes_generator
from lint_rules.model.code import (
    Call,
    Class,
    Expression,
    Function,
    Lambda,
    Name,
)
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.step import Step, Transition

_MOST_FRAMES = 12
_MOST_RUNS = 20
"""How often a function is followed in one task; what it does after that is not known."""


class Execution(Statements):
    """Follows the code of a task of a step."""

    def step(self, step: Step, state: State) -> State | None:
        """Follows a step from its first statement to its last.

        Args:
            step: the step.
            state: what its task starts with.

        Returns:
            What the task has when it ends, `None` if it cannot end.
        """
        function = step.function
        module = self.task.code.modules.get(step.flow.definition, step.flow.module)
        names = {parameter.name: UNKNOWN for parameter in function.parameters}
        names[function.self_name] = one(Special("self"))
        if step.inputs is not None:
            names[step.inputs] = one(Special("inputs", EACH))
        point = Point(names, state.copy())
        frame = Frame(function, module, step.flow.definition, guarded(function).names)
        self.task.frames.append(frame)
        end = joined_points((self.block(function.body, point), frame.returned))
        self.task.frames.pop()
        return end.state if end is not None else None

    def run(
        self,
        function: Function | Lambda,
        module: Module,
        owner: Class | None,
        arguments: dict[str, Value],
        point: Point,
        call: Expression,
    ) -> Value:
        """Follows a function that is called; returns what it returns."""
        task = self.task
        task.budget.require(1, task.code.flow.name)
        is_own = any(special.what == "self" for special in _specials(arguments))
        running = {frame.function for frame in task.frames}
        task.runs[function] = task.runs.get(function, 0) + 1
        is_often = task.runs[function] > _MOST_RUNS
        if is_often or function in running or len(task.frames) > _MOST_FRAMES:
            if is_own or _specials(arguments):
                point.state.forget()
            return UNKNOWN
        outer = task.frame
        if isinstance(function, Lambda):
            inner = Point({**point.names, **arguments}, point.state)
            value = self.evaluate(function.body, inner)
            point.state = inner.state
            return value
        if is_left_open(function) and is_own and not task.code.runs_itself:
            # A subclass in another file may define what it does.
            point.state.forget()
            return UNKNOWN
        is_nested = module is outer.module and function not in module.functions.values()
        names = {**point.names, **arguments} if is_nested and owner is outer.owner else arguments
        asked = outer.asked | guarded(function).names
        frame = Frame(function, module, owner, asked, (*outer.callers, call.location))
        lazy = makes_generator(function)
        frame.conditions += lazy
        before = point.state.copy() if lazy else point.state
        task.frames.append(frame)
        start = Point(names, point.state.copy())
        end = joined_points((self.block(function.body, start), frame.returned))
        task.frames.pop()
        if end is None:
            # It never returns: an error in each case, or a loop without end.
            point.state.forget()
            return UNKNOWN
        point.state = before.join(end.state) if lazy else end.state
        for value in arguments.values():
            # It may have changed what it got.
            self.forget_items(value, point)
        if lazy:
            return some(Kind.UNPICKLABLE, "a generator" if not function.is_async else "a coroutine")
        return frame.result if frame.result.atoms else UNKNOWN

    def later(self, code: Function | Expression, point: Point) -> None:
        """Follows code that may run at any time from now on: what it sets may be there."""
        task = self.task
        if isinstance(code, Function):
            if code in {frame.function for frame in task.frames}:
                return
            body, parameters = code.descendants.names, code.parameters
        else:
            body = [part for part in code.walk() if isinstance(part, Name)]
            parameters = code.parameters if isinstance(code, Lambda) else ()
        shadowed = {parameter.name for parameter in parameters}
        holders = {name for name, value in point.names.items() if value.special("self")} - shadowed
        for reference in body:
            head, _, rest = reference.name.partition(".")
            if head not in holders:
                continue
            name = rest.partition(".")[0]
            if not rest:
                if not self._is_plain_use(code, reference):
                    point.state.escape()
            elif reference.context == "load" or "." in rest:
                task.late += 1
                if name in task.code.methods and name not in task.code.flow.all_steps:
                    self._run_late(name, point, reference)
                else:
                    self.read(name, reference, point)
                task.late -= 1
            else:
                point.state.may_set(name)

    def _run_late(self, name: str, point: Point, at: Name) -> None:
        """Follows a method that may be called at any time."""
        found = self.task.code.method(name)
        if found is None:
            return
        function, module, owner = found
        inner = point.copy()
        self.task.frame.conditions += 1
        self.run(function, module, owner, self._any_arguments(function), inner, at)
        self.task.frame.conditions -= 1
        point.state = point.state.join(inner.state)

    def run_property(self, name: str, at: Expression, point: Point) -> Value | None:
        """Follows a property, or a method that is named; `None` if the name is neither."""
        task = self.task
        if name in task.code.flow.all_steps:
            return one(Special("method", name))
        found = task.code.method(name)
        if found is None:
            return None
        function, module, owner = found
        names = {decorator.name for decorator in function.decorators}
        if names & {"property", "cached_property"}:
            return self.run(function, module, owner, self._any_arguments(function), point, at)
        if isinstance(at, Name) and not _is_called(at, task.frame.function):
            # It is kept, and may be called at any time.
            self._run_late(name, point, at)
        return one(Special("method", name))

    def _any_arguments(self, function: Function) -> dict[str, Value]:
        values = {parameter.name: UNKNOWN for parameter in function.parameters}
        return values | {function.self_name: one(Special("self"))}

    def _is_plain_use(self, code: object, reference: Name) -> bool:
        calls = code.descendants.calls if isinstance(code, Function) else _calls_in(code)
        return any(
            argument.value is reference and (call.function.qualified or "").startswith("builtins.")
            for call in calls
            for argument in call.arguments
        )

    def merge(self, call: Call | None, at: Expression, point: Point) -> None:
        """Follows a call of `merge_artifacts`."""
        task = self.task
        module = task.frame.module
        made = call if call is not None else Call(at.file, at.start, at.end, at, ())
        include, exclude = made.argument("include", 2), made.argument("exclude", 1)
        taken = None if include is None else self.evaluate(include, point)
        left = None if exclude is None else self.evaluate(exclude, point)
        is_hidden = call is None or call.has_unpacking
        included = texts_of(include, taken, module)
        excluded = frozenset[str]() if exclude is None else texts_of(exclude, left, module)
        if is_hidden:
            excluded = None
        # An empty list is what Metaflow takes for none given.
        if included is not None and not included:
            included = taken = None
        found = Merge(
            task.step,
            made,
            included,
            excluded,
            point.state.copy(),
            task.is_certain and not is_hidden,
            taken,
            left,
        )
        if task.records is not None and call is not None:
            task.records.merges[task.step, call] = found
        if task.inputs is not None:
            merge(found, task.inputs, point.state)

    def leave(self, call: Call, point: Point) -> None:
        """Follows a call of `self.next`."""
        task = self.task
        transition = Transition(call, None)
        for argument in call.arguments:
            if argument.name is None:
                continue
            self.evaluate(argument.value, point)
        decided_by = transition.decided_by
        fact = point.state.rest
        if decided_by is not None and decided_by.text:
            name = decided_by.text
            fact = point.state.get(name)
            if self.run_property(name, decided_by, point) is None:
                self.read(name, decided_by, point)
        if task.records is not None:
            task.records.add_leaving(Leaving(task.step, transition, fact, task.is_certain))


def _specials(arguments: dict[str, Value]) -> list[Special]:
    atoms = (atom for value in arguments.values() for atom in value.atoms)
    return [atom for atom in atoms if isinstance(atom, Special)]


def _calls_in(code: object) -> list[Call]:
    return (
        [part for part in code.walk() if isinstance(part, Call)]
        if isinstance(code, Expression)
        else []
    )


@remembered
def _called_names(function: Function) -> frozenset[Expression]:
    return frozenset(call.function for call in function.descendants.calls)


def _is_called(name: Name, function: Function | None) -> bool:
    return function is None or name in _called_names(function)
