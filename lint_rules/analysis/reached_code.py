"""The code that a step runs: its own and that of the repository's functions that it calls."""

from __future__ import annotations

from dataclasses import dataclass

from lint_rules.analysis.call_graph import Code, callee
from lint_rules.model.code import Call, Expression, Function
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.step import Step

_MOST_FUNCTIONS = 200


@dataclass(frozen=True, eq=False)
class Reached:
    """A function that a step runs.

    Attributes:
        code: the function with its file.
        at: what in the step's own body leads to it: the call, `None` for the step itself.
    """

    code: Code
    at: Call | None

    @property
    def module(self) -> Module:
        """The file that the function is in."""
        return self.code.module

    @property
    def function(self) -> Function:
        """The function."""
        return self.code.function

    def shown(self, expression: Expression) -> Expression:
        """What to mark in the step for something in the function."""
        return expression if self.at is None else self.at


def reached(step: Step, flow: Flow) -> tuple[tuple[Reached, ...], tuple[Call, ...]]:
    """The functions that a step runs, itself first, and the calls in them that lead to code that
    cannot be seen; nested functions count as run.

    Args:
        step: the step.
        flow: the flow that runs it, whose methods it calls.
    """
    found = [Reached(Code(step.flow.module, step.function, flow), None)]
    seen = {step.function}
    unseen: list[Call] = []
    for here in found:
        for call in here.function.descendants.calls:
            called = callee(call, here.code)
            if called is None:
                unseen.append(call)
            elif called.function not in seen and len(found) < _MOST_FUNCTIONS:
                seen.add(called.function)
                found.append(Reached(called, here.at or call))
    return tuple(found), tuple(unseen)
