"""The call that runs a flow, as `ArxivTopics()` below the main guard, and what stands around it.

The call does not return: Metaflow reads the command line, does what it says and ends the process.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lint_rules.analysis.run_code import run_by_steps
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Constant,
    Definition,
    Expr,
    Function,
    If,
    Import,
    Name,
    Pass,
    Return,
    Statement,
    Try,
    With,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

_CATCHING = frozenset({"SystemExit", "BaseException"})
MOST_CALLS = 5
"""How many functions lead from the main guard to the flow's call."""


@dataclass(frozen=True)
class NeverRun:
    """A statement that follows a flow's call.

    Attributes:
        statement: the statement.
        flow: the flow that is called.
        name: what a step needs of the statement, empty if it is to do something itself.
    """

    statement: Statement
    flow: Flow
    name: str = ""


def never_run(module: Module) -> Iterator[NeverRun]:
    """The first statement in each block that never runs, since a flow's call stands before it."""
    flows = {flow.name: flow for flow in module.runnable if _is_plain(flow)}
    if not flows:
        return
    walk = _Walk(module, flows)
    for position, statement in enumerate(module.body):
        started = walk.started_by(statement)
        if started is not None:
            yield from walk.found
            yield from _after(module, module.body[position + 1 :], started)
            return


def _is_plain(flow: Flow) -> bool:
    """Whether calling a flow's class starts Metaflow, as `FlowSpec` does it."""
    names = {function.name for owner in flow.lineage for function in owner.definition.functions}
    return flow.knows_its_bases and not names & {"__init__", "__new__"}


class _Walk:
    """Looks for the flow's call in statements that always run."""

    def __init__(self, module: Module, flows: dict[str, Flow]) -> None:
        self._module = module
        self._flows = flows
        self._guards = set(module.main_guards())
        self.found: list[NeverRun] = []

    def started_by(self, statement: Statement, depth: int = MOST_CALLS) -> Flow | None:
        """The flow that a statement certainly starts, so that none after it runs."""
        match statement:
            case If() if statement in self._guards and not statement.orelse:
                return self._block(statement.body, depth)
            case With():
                opened = (item.context for item in statement.items)
                if any(_suppresses(context) for context in opened):
                    return None
                return self._block(statement.body, depth)
            case Try() if not _catches(statement):
                return self._block(statement.body, depth)
            case Expr(value=Call() as call) | Assignment(value=Call() as call):
                return self._called(call, depth)
            case Return(value=Call() as call):
                return self._called(call, depth)
        return None

    def _block(self, body: Sequence[Statement], depth: int) -> Flow | None:
        for position, statement in enumerate(body):
            started = self.started_by(statement, depth)
            if started is not None:
                after = [s for s in body[position + 1 :] if not _is_empty(s)]
                if after and not _runs_flow(after[0]):
                    self.found.append(NeverRun(after[0], started))
                return started
        return None

    def _called(self, call: Call, depth: int) -> Flow | None:
        function = call.function
        if not isinstance(function, Name) or not depth:
            return None
        if function.name in self._flows:
            return None if call.arguments else self._flows[function.name]
        called = self._module.functions.get(function.name)
        if called is None or called.decorators or called.is_async:
            return None
        return self._block(called.body, depth - 1)


def _catches(statement: Try) -> bool:
    """Whether the end of the process is caught, or may be."""
    for handler in statement.handlers:
        if handler.type is None:
            return True
        named = {
            part.name.rpartition(".")[2]
            for part in handler.type.walk()
            if isinstance(part, Name | Attribute)
        }
        if named & _CATCHING:
            return True
    return False


def _suppresses(context: object) -> bool:
    called = context.function if isinstance(context, Call) else None
    name = called.name.rpartition(".")[2] if isinstance(called, Name | Attribute) else ""
    return name in ("suppress", "raises")


def _is_empty(statement: Statement) -> bool:
    """Whether a statement does nothing: `pass`, or a text."""
    return isinstance(statement, Pass) or (
        isinstance(statement, Expr) and isinstance(statement.value, Constant)
    )


def _runs_flow(statement: Statement) -> bool:
    """Whether a statement is `flow.run()`, which another rule reports."""
    value = statement.value if isinstance(statement, Expr) else None
    function = value.function if isinstance(value, Call) else None
    return isinstance(function, Name | Attribute) and function.name.endswith("run")


def _after(module: Module, body: Sequence[Statement], flow: Flow) -> Iterator[NeverRun]:
    """What follows at module level: the first statement that is to do something, and definitions
    that steps need. Others may import the rest."""
    done = False
    for statement in body:
        names = _bound(statement)
        if names is None:
            if not done and not _is_empty(statement):
                yield NeverRun(statement, flow)
                done = True
            continue
        for name in names:
            if _is_needed(module, flow, statement, name):
                yield NeverRun(statement, flow, name)


def _bound(statement: Statement) -> list[str] | None:
    """The names that a statement binds, `None` of one that does something else."""
    match statement:
        case Definition():
            return [statement.name]
        case Import():
            return [name.bound for name in statement.names]
        case Assignment():
            return [target.name for target in statement.targets if isinstance(target, Name)]
    return None


def _is_needed(module: Module, flow: Flow, statement: Statement, name: str) -> bool:
    """Whether a step needs what a statement binds, and nothing before binds it."""
    if "." in name:
        return False
    if any(name in (_bound(other) or ()) for other in module.statements if other is not statement):
        return False
    return any(
        reference.head == name
        and reference.context == "load"
        and reference.scope.owner(name) is module.scope
        for function in run_by_steps(flow)
        for reference in function.descendants.names
    )


def runs_before(module: Module) -> Iterator[tuple[Call, Function | None]]:
    """The calls that every start of a flow's file makes: those in statements at module level and
    below the main guard that always run, and in the functions that these call, with the function.
    """
    guards = set(module.main_guards())
    seen: set[Function] = set()
    waiting: list[tuple[Statement, Function | None]] = [(s, None) for s in module.body[::-1]]
    while waiting:
        statement, within = waiting.pop()
        if isinstance(statement, With) or statement in guards:
            inner = statement.blocks[0]
            waiting += [(s, within) for s in inner[::-1]]
        if statement.blocks and not isinstance(statement, With):
            continue
        if isinstance(statement, Definition):
            continue
        for expression in statement.expressions:
            for part in expression.walk():
                if not isinstance(part, Call):
                    continue
                yield part, within
                name = part.function.name if isinstance(part.function, Name) else ""
                called = module.functions.get(name)
                if called is not None and called not in seen:
                    seen.add(called)
                    waiting += [(s, called) for s in called.body[::-1]]
