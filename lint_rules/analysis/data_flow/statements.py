"""Follows statements: the ways through a function's branches, loops, `try` and early exits."""

from __future__ import annotations

from collections.abc import Sequence

from lint_rules.analysis.data_flow.assignments import Assignments
from lint_rules.analysis.data_flow.folding import elements, truth
from lint_rules.analysis.data_flow.narrowing import narrowed
from lint_rules.analysis.data_flow.state import Loss, Point, joined_points
from lint_rules.analysis.data_flow.values import UNKNOWN, Special, Value, length, one
from lint_rules.analysis.existence_checks import forgives
from lint_rules.model.code import (
    Assert,
    Assignment,
    Attribute,
    Break,
    Call,
    Class,
    Continue,
    Delete,
    Expr,
    Expression,
    For,
    Function,
    If,
    Import,
    Match,
    Name,
    Raise,
    Return,
    Statement,
    Subscript,
    Try,
    While,
    With,
)

_MOST_ROUNDS = 12
_PRECISE_ROUNDS = 2


class Statements(Assignments):
    """Follows the statements of a task's code."""

    def block(self, statements: Sequence[Statement], point: Point | None) -> Point | None:
        """Follows statements one after the other.

        Args:
            statements: the statements.
            point: what holds before them, `None` if nothing gets there.

        Returns:
            What holds after them, `None` if nothing gets there.
        """
        for statement in statements:
            if point is None:
                return None
            self.task.budget.require(1, self.task.code.flow.name)
            point = self._statement(statement, point)
            if point is not None:
                self._note_tried(point)
        return point

    def _note_tried(self, point: Point) -> None:
        for number, known in enumerate(self.task.tried):
            self.task.budget.require(1 + len(point.state.facts) // 50, self.task.code.flow.name)
            self.task.tried[number] = known.join(point)

    def _statement(self, statement: Statement, point: Point) -> Point | None:
        match statement:
            case Expr(value=value):
                self.evaluate(value, point)
                return None if _exits(value) else point
            case Assignment():
                self.assignment(statement, point)
            case Return(value=value):
                self._return(self.evaluate(value, point), point)
                return None
            case Raise():
                for expression in statement.expressions:
                    self.evaluate(expression, point)
                self._leave_early()
                return None
            case If():
                return self._if(statement, point)
            case For() | While():
                return self._loop(statement, point)
            case Try():
                return self._try(statement, point)
            case With():
                return self._with(statement, point)
            case Match():
                return self._match(statement, point)
            case Delete(targets=targets):
                for target in targets:
                    self._delete(target, point)
            case Assert(test=test, message=message):
                self.evaluate(test, point)
                if message is not None:
                    self.evaluate(message, point.copy())
                narrowed(point, test, True)
            case Break():
                frame = self.task.frame
                if frame.broken:
                    frame.broken[-1] = joined_points((frame.broken[-1], point))
                    self._leave_early()
                return None
            case Continue():
                frame = self.task.frame
                if frame.again:
                    frame.again[-1] = joined_points((frame.again[-1], point))
                    self._leave_early()
                return None
            case Function():
                point.names[statement.name] = one(Special("function", thing=statement))
                self.later(statement, point)
            case Class():
                point.names[statement.name] = one(Special("class", statement.name, statement))
                for function in statement.functions:
                    self.later(function, point)
            case Import():
                for name in statement.names:
                    point.names.pop(name.bound, None)
            case _:
                for expression in statement.expressions:
                    self.evaluate(expression, point)
        return point

    def _leave_early(self) -> None:
        """What follows in the function is not reached by each task then."""
        frame = self.task.frame
        if frame.conditions:
            frame.left_early = True

    def _return(self, value: Value, point: Point) -> None:
        frame = self.task.frame
        frame.result = frame.result | value
        frame.returned = joined_points((frame.returned, point))
        self._leave_early()

    def _if(self, statement: If, point: Point) -> Point | None:
        asked = truth(self.evaluate(statement.test, point))
        frame = self.task.frame
        frame.conditions += asked is None
        found: list[Point | None] = []
        for body, holds in ((statement.body, True), (statement.orelse, False)):
            if asked is None or asked is holds:
                inner = point.copy() if asked is None else point
                found.append(self.block(body, narrowed(inner, statement.test, holds)))
        frame.conditions -= asked is None
        return joined_points(found)

    def _loop(self, statement: For | While, point: Point) -> Point | None:
        task, frame = self.task, self.task.frame
        runs_once = False
        item = UNKNOWN
        if isinstance(statement, For):
            over = self.evaluate(statement.iterable, point)
            mode = self.inputs_of(over)
            item = elements(over) if mode is None else one(Special("input", mode))
            sizes = [length(atom) for atom in over.atoms]
            runs_once = mode is not None or (bool(sizes) and all(sizes))
            if sizes and all(size == 0 for size in sizes):
                return self.block(statement.orelse, point)
        frame.conditions += not runs_once
        frame.broken.append(None)
        head = point
        leaving: Point | None = None
        forever = False
        for number in range(_MOST_ROUNDS):
            task.budget.require(1, task.code.flow.name)
            inner = head.copy()
            frame.again.append(None)
            if isinstance(statement, For):
                self.assign(statement.target, item, inner)
            else:
                asked = truth(self.evaluate(statement.test, inner))
                forever = asked is True
                leaving = narrowed(inner.copy(), statement.test, False)
                narrowed(inner, statement.test, True)
            end = joined_points((self.block(statement.body, inner), frame.again[-1]))
            frame.again.pop()
            if isinstance(statement, For):
                first = number == 0 and runs_once
                leaving = end if first else joined_points((leaving if runs_once else head, end))
            if end is None:
                break
            after = head.join(end)
            if after.names == head.names and after.state == head.state:
                break
            if number >= _PRECISE_ROUNDS:
                after.widen(head)
            head = after
        else:
            leaving = joined_points((leaving, head))
        broken = frame.broken.pop()
        frame.conditions -= not runs_once
        normal = None if forever else self.block(statement.orelse, leaving)
        return joined_points((normal, broken))

    def _try(self, statement: Try, point: Point) -> Point | None:
        task, frame = self.task, self.task.frame
        task.tried.append(point.copy())
        forgiving = forgives(statement) and bool(statement.handlers)
        task.forgiving += forgiving
        frame.conditions += 1
        end = self.block(statement.body, point.copy())
        frame.conditions -= 1
        task.forgiving -= forgiving
        anywhere = task.tried.pop()
        found = [self.block(statement.orelse, end)]
        frame.conditions += 1
        for handler in statement.handlers:
            inner = anywhere.copy()
            self.evaluate(handler.type, inner)
            if handler.target is not None:
                inner.names[handler.target.name] = UNKNOWN
            found.append(self.block(handler.body, inner))
        frame.conditions -= 1
        after = joined_points(found)
        if statement.finalbody:
            if after is None:
                self.block(statement.finalbody, anywhere)
            else:
                after = self.block(statement.finalbody, after)
        return after

    def _with(self, statement: With, point: Point) -> Point | None:
        for item in statement.items:
            value = self.evaluate(item.context, point)
            if item.target is not None:
                opened = value if value.kinds and value.is_known else UNKNOWN
                self.assign(item.target, opened.depending_on(value), point)
        if not forgives(statement):
            return self.block(statement.body, point)
        task = self.task
        task.tried.append(point.copy())
        task.forgiving += 1
        end = self.block(statement.body, point.copy())
        task.forgiving -= 1
        return joined_points((end, task.tried.pop()))

    def _match(self, statement: Match, point: Point) -> Point | None:
        self.evaluate(statement.subject, point)
        frame = self.task.frame
        frame.conditions += 1
        found: list[Point | None] = []
        has_rest = False
        for case in statement.cases:
            inner = point.copy()
            for pattern in case.pattern.walk():
                for expression in pattern.expressions:
                    self.evaluate(expression, inner)
                if pattern.target is not None:
                    self.assign(pattern.target, UNKNOWN, inner)
            if case.guard is not None:
                self.evaluate(case.guard, inner)
            elif type(case.pattern).__name__ == "MatchAs" and not case.pattern.patterns:
                has_rest = True
            found.append(self.block(case.body, inner))
        frame.conditions -= 1
        return joined_points(found if has_rest else [*found, point])

    def _delete(self, target: Expression, point: Point) -> None:
        if isinstance(target, Name):
            head, _, rest = target.name.partition(".")
            holder = point.names.get(head)
            if not rest:
                point.names.pop(head, None)
            elif holder is not None and holder.special("self") and "." not in rest:
                self.read_to_change(rest, target, point)
                point.state.delete(rest, Loss("del", self.task.step, target.location))
        elif isinstance(target, Subscript | Attribute):
            old = self.evaluate(target.value, point)
            for part in target.parts[1:]:
                self.evaluate(part, point)
            self.change_unknown(target.value, old, target, point)
        else:
            for part in target.parts:
                self._delete(part, point)


def _exits(value: Expression) -> bool:
    """Whether an expression ends the process: `sys.exit()`."""
    return isinstance(value, Call) and value.function.qualified in (
        "sys.exit",
        "os._exit",
        "builtins.exit",
        "builtins.quit",
    )
