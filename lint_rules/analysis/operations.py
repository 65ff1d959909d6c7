"""How much a statement does: a chain of ten calls is more work than one call."""

from __future__ import annotations

from lint_rules.model.code import (
    Attribute,
    BinOp,
    Call,
    Comprehension,
    Constant,
    Expression,
    IfExp,
    Lambda,
    Name,
    Statement,
)

FREE_CALLS = 2
"""How many calls one statement may make: a function, and what makes its argument."""

TABLE = 10
"""How many literals are as much to read as one more operation."""

_CONVERSIONS = frozenset(
    "append as_posix bool bytes copy deepcopy dict encode decode endswith enumerate exists "
    "expanduser extend float format frozenset get getenv int items join joinpath keys len list "
    "lower lstrip max min next range replace resolve reversed round rstrip set sorted split "
    "startswith str strip sum to_dict to_list to_numpy tolist tuple update upper values zip".split()
)
"""Calls that change the form of a value, or look something up."""

_SETTINGS = frozenset(
    "appName config enableHiveSupport getOrCreate master option options schema".split()
)
"""Calls in the chains with which a client is set up."""

_SMALL = _CONVERSIONS | _SETTINGS


def operations(statement: Statement) -> int:
    """How many operations a statement does, without the statements in its blocks.

    It is one operation, and one more for each of these: a call after the second, an arithmetic
    operator after the first, a comprehension, a further `for` or an `if` in one, a lambda, an
    `x if y else z`, and ten literals. A call that only converts a value is none.
    """
    calls = operators = literals = more = 0
    for outer in statement.expressions:
        for expression in outer.walk():
            match expression:
                case Call():
                    calls += _called(expression) not in _SMALL
                case BinOp():
                    operators += 1
                case Constant():
                    literals += 1
                case Comprehension(generators=generators):
                    more += sum(1 + len(each.conditions) for each in generators)
                case IfExp() | Lambda():
                    more += 1
    return 1 + max(0, calls - FREE_CALLS) + max(0, operators - 1) + more + literals // TABLE


def _called(call: Call) -> str:
    """The last name of what is called."""
    function: Expression = call.function
    if isinstance(function, Name | Attribute):
        return function.name.rpartition(".")[2]
    return ""
