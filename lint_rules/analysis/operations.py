"""How much a statement does: a chain of ten calls is more work than one call."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.model.code import (
    Attribute,
    BinOp,
    Call,
    Collection,
    Comprehension,
    Constant,
    Dict,
    Expression,
    IfExp,
    JoinedStr,
    Lambda,
    Name,
    Statement,
)

FREE_CALLS = 2
"""How many calls one statement may make: a function, and what makes its argument."""

TABLE = 10
"""How many literals are as much to read as one more operation."""

_CONVERSIONS = frozenset(
    "append as_posix bool bytes copy decode deepcopy dict encode endswith enumerate exists "
    "expanduser extend float format frozenset get getenv int isoformat items join joinpath "
    "keys len list lower lstrip max min next range replace resolve reversed round rstrip set "
    "sorted split startswith str strftime strip sum to_dict to_list to_numpy tolist tuple "
    "update upper values zip Path".split()
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
    `x if y else z`, and ten literals. A call that only converts a value is none, nor is an operator
    that joins texts or the parts of a path. The keys of a dict that a call is given are names, as
    those of its arguments are.
    """
    calls = operators = literals = more = 0
    keys: set[Expression] = set()
    for outer in statement.expressions:
        for expression in outer.walk():
            match expression:
                case Call():
                    calls += _called(expression) not in _SMALL
                    keys.update(_keys_given(expression))
                case BinOp():
                    operators += not _joins(expression)
                case Constant():
                    literals += expression not in keys
                case Comprehension(generators=generators):
                    more += sum(1 + len(each.conditions) for each in generators)
                case IfExp() | Lambda():
                    more += 1
    return 1 + max(0, calls - FREE_CALLS) + max(0, operators - 1) + more + literals // TABLE


def _keys_given(call: Call) -> Iterator[Expression]:
    """The keys of the dicts in a call's arguments, but not in those of other calls among them."""
    waiting = [argument.value for argument in call.arguments]
    while waiting:
        given = waiting.pop()
        if isinstance(given, Dict):
            yield from (key for key, _ in given.items if key is not None)
        if isinstance(given, Dict | Collection):
            waiting += given.parts


def _joins(operation: BinOp) -> bool:
    """Whether an operator has a text on one side: `folder / "papers.csv"`, `"s3://" + bucket`."""
    return operation.operator in ("/", "+") and any(
        isinstance(operand, JoinedStr)
        or (isinstance(operand, Constant) and operand.text is not None)
        for operand in operation.operands
    )


def _called(call: Call) -> str:
    """The last name of what is called."""
    function: Expression = call.function
    if isinstance(function, Name | Attribute):
        return function.name.rpartition(".")[2]
    return ""
