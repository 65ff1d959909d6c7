"""The work that a step does itself, rather than calling for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from lint_rules.analysis.operations import operations
from lint_rules.analysis.output import is_output
from lint_rules.analysis.test_mode import test_mode
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Break,
    Call,
    CompoundStatement,
    Comprehension,
    Constant,
    Continue,
    Expr,
    Expression,
    Global,
    If,
    IfExp,
    Import,
    Lambda,
    Name,
    Nonlocal,
    Pass,
    Statement,
    Subscript,
)
from lint_rules.model.step import Step

_EMPTY = (Pass, Break, Continue, Global, Nonlocal, Import)

_HIDING = (Comprehension, IfExp, Lambda)


@dataclass(frozen=True)
class Work:
    """The work in a step, or a part of it. Its length is how much there is.

    Attributes:
        step: the step.
        statements: the statements that do work, those of nested blocks too.
    """

    step: Step
    statements: tuple[Statement, ...]

    @cached_property
    def hidden(self) -> tuple[Expression, ...]:
        """The loops, branches and functions that are written as expressions."""
        found: list[Expression] = []
        waiting = [e for statement in self.statements for e in statement.expressions]
        while waiting:
            expression = waiting.pop()
            if isinstance(expression, _HIDING):
                found.append(expression)
            waiting += expression.parts
        return tuple(found)

    def inside(self, block: CompoundStatement) -> Work:
        """The work in the bodies of a block."""
        nested = {s for body in block.blocks for statement in body for s in statement.walk()}
        return Work(self.step, tuple(s for s in self.statements if s in nested))

    @cached_property
    def operations(self) -> int:
        """How many operations the statements do."""
        return sum(map(operations, self.statements))

    def __len__(self) -> int:
        return len(self.statements) + len(self.hidden)


def work(step: Step) -> Work:
    """The work that a step does itself.

    What is left out of `doings` is none, nor are the transition, the merging of artifacts,
    artifacts that are only given another's value or a constant, cards, and the choice of less data
    in test mode.
    """
    return Work(
        step, _chosen(step.function.body_without_docstring, lambda s: not _is_flow_logic(s, step))
    )


def doings(step: Step) -> Work:
    """All that a step does, the transition too.

    The docstring, imports, output, `pass`, constants and `self.merge_artifacts` are left out,
    and blocks that hold nothing else.
    """
    return Work(
        step,
        _chosen(
            step.function.body_without_docstring,
            lambda s: not _is_constant(s) and not _merges(s, step),
        ),
    )


def counted(work: Work) -> str:
    """How work was counted, for a message: a note if an expression counts as a statement."""
    note = " (each comprehension, lambda and `x if y else z` counts as one)"
    return note if work.hidden else ""


def _chosen(
    statements: Iterable[Statement], counts: Callable[[Statement], bool]
) -> tuple[Statement, ...]:
    found: list[Statement] = []
    for statement in statements:
        if isinstance(statement, If) and not counts(statement):
            continue
        if isinstance(statement, CompoundStatement):
            inside = _chosen((s for body in statement.blocks for s in body), counts)
            found += [statement, *inside] if inside else []
        elif not _is_nothing(statement) and not is_output(statement) and counts(statement):
            found.append(statement)
    return tuple(found)


def _is_nothing(statement: Statement) -> bool:
    """Whether a statement does nothing when it runs, or only makes names known."""
    if isinstance(statement, Expr):
        return isinstance(statement.value, Constant | Name)
    if isinstance(statement, Assignment):
        return statement.value is None
    return isinstance(statement, _EMPTY)


def _is_flow_logic(statement: Statement, step: Step) -> bool:
    """Whether a statement only hands artifacts on, fills a card, or makes a test run quick."""
    self_name = step.function.self_name
    if _is_for_test_mode(statement, step):
        return True
    if isinstance(statement, Expr):
        called = _called(statement) or ""
        return called in (f"{self_name}.next", f"{self_name}.merge_artifacts") or (
            called.startswith("current.card.")
        )
    if isinstance(statement, Assignment) and statement.value is not None:
        if step.inputs is not None and _takes_from_inputs(statement.value, step.inputs):
            return True
        return _is_given(statement.value, self_name) and all(
            isinstance(target, Name) and target.head == self_name for target in statement.targets
        )
    return False


def _is_for_test_mode(statement: Statement, step: Step) -> bool:
    """`if self.test_mode: self.pages = self.pages[:3]`, and `3 if self.test_mode else None`."""
    match statement:
        case If(test=test, orelse=()):
            return _asks_for_test_mode(test, step)
        case Assignment(value=IfExp(test=test)):
            return _asks_for_test_mode(test, step)
    return False


def _asks_for_test_mode(test: Expression, step: Step) -> bool:
    parameter = test_mode(step.flow)
    if parameter is None:
        return False
    name = f"{step.function.self_name}.{parameter.attribute}"
    return any(isinstance(part, Name) and part.name == name for part in test.walk())


def _merges(statement: Statement, step: Step) -> bool:
    name = _called(statement) if isinstance(statement, Expr) else None
    return name == f"{step.function.self_name}.merge_artifacts"


def _called(statement: Expr) -> str | None:
    """The name of what a statement calls and does nothing else."""
    value = statement.value
    function = value.function if isinstance(value, Call) else None
    return function.name if isinstance(function, Name) else None


def _is_constant(statement: Statement) -> bool:
    return isinstance(statement, Assignment) and isinstance(statement.value, Constant)


def _is_given(value: Expression, self_name: str) -> bool:
    """Whether a value is a constant, a name, or another attribute of `self`."""
    if isinstance(value, Subscript):
        of = value.value
        return isinstance(of, Name) and of.name == f"{self_name}.input"
    if isinstance(value, Name):
        return "." not in value.name or value.head == self_name
    return isinstance(value, Constant)


def _takes_from_inputs(value: Expression, inputs: str) -> bool:
    """Whether a value is an artifact of one input, or a collection of that of each.

    `inputs.a.x`, `inputs[0].x` and `[i.x for i in inputs]`.
    """
    while isinstance(value, Attribute):
        value = value.value
    if isinstance(value, Comprehension):
        element, *others = value.elements
        clause, *more = value.generators
        return (
            not others
            and isinstance(element, Name)
            and not more
            and not clause.conditions
            and isinstance(clause.iterable, Name)
            and clause.iterable.name == inputs
        )
    if isinstance(value, Subscript):
        value = value.value
    return isinstance(value, Name) and value.head == inputs
