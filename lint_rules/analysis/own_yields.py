"""Which functions are generators."""

from __future__ import annotations

from lint_rules.model.code import Expression, Function, Lambda, Yield, YieldFrom
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module


def first_yield(function: Function, module: Module) -> Yield | YieldFrom | None:
    """The first `yield` of a function's own: not one of a function or lambda inside it.

    Args:
        function: the function.
        module: the file that it stands in.
    """
    # Few functions have the word at all, and to look at each expression takes long.
    return _first_yield(function) if "yield" in module.code_of(function) else None


@remembered
def makes_generator(function: Function) -> bool:
    """Whether a call of a function only makes a generator or a coroutine."""
    return function.is_async or _first_yield(function) is not None


def _first_yield(function: Function) -> Yield | YieldFrom | None:
    for statement in function.statements:
        waiting: list[Expression] = list(statement.expressions)[::-1]
        while waiting:
            found = waiting.pop()
            if isinstance(found, Yield | YieldFrom):
                return found
            if not isinstance(found, Lambda):
                waiting += found.parts[::-1]
    return None
