"""Operators with their operands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from lint_rules.model.code.expressions import Expression

BinaryOperator: TypeAlias = Literal[
    "+", "-", "*", "@", "/", "//", "%", "**", "<<", ">>", "|", "^", "&"
]
BooleanOperator: TypeAlias = Literal["and", "or"]
UnaryOperator: TypeAlias = Literal["not", "-", "+", "~"]
ComparisonOperator: TypeAlias = Literal[
    "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"
]


@dataclass(slots=True, eq=False)
class Operation(Expression):
    """An operator with its operands: a `BinOp`, `BoolOp`, `UnaryOp` or `Compare`."""

    @property
    def operands(self) -> tuple[Expression, ...]:
        """What the operator is applied to, in order."""
        return ()

    @property
    def parts(self) -> tuple[Expression, ...]:
        return self.operands


@dataclass(slots=True, eq=False)
class BinOp(Operation):
    """`left + right`."""

    left: Expression
    operator: BinaryOperator
    right: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.left, self.right)


@dataclass(slots=True, eq=False)
class BoolOp(Operation):
    """`a and b and c`."""

    operator: BooleanOperator
    values: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        return self.values


@dataclass(slots=True, eq=False)
class UnaryOp(Operation):
    """`not operand`."""

    operator: UnaryOperator
    operand: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.operand,)


@dataclass(slots=True, eq=False)
class Compare(Operation):
    """`left < a <= b`: an operator for each of `comparators`."""

    left: Expression
    operators: tuple[ComparisonOperator, ...]
    comparators: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.left, *self.comparators)


@dataclass(slots=True, eq=False)
class IfExp(Expression):
    """`body if test else orelse`."""

    test: Expression
    body: Expression
    orelse: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        return (self.body, self.test, self.orelse)
