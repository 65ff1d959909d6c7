"""What expressions of Metaflow's client are: flows, runs, steps, tasks, the data of a task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from lint_rules.analysis.pathspecs import parts_of
from lint_rules.metaflow import facts
from lint_rules.model.code import (
    Attribute,
    BinOp,
    Call,
    Comprehension,
    Expression,
    For,
    Function,
    JoinedStr,
    Name,
    Return,
    Subscript,
)
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope, metaflow_name

_DEEPEST = 12
Kind = Literal["flow", "run", "step", "task", "data", "runs", "steps", "tasks", "runner"]
_ITEMS: dict[Kind, Kind] = {"runs": "run", "steps": "step", "tasks": "task"}
_INSIDE: dict[Kind, Kind] = {"flow": "runs", "run": "steps", "step": "tasks"}
_LATEST = ("latest_run", "latest_successful_run")
_NOTEBOOK_RUNS = ("nbrun", "nbresume")
"""The methods of `NBRunner` that give a run; `metaflow.runner.nbrun`."""

END = ""
"""The step in which a run's own data are."""


@dataclass(frozen=True)
class ClientValue:
    """An object of Metaflow's client, or several of them, or an `NBRunner`.

    Attributes:
        kind: what it is.
        flow: the name of the flow, `None` if it cannot be read.
        step: the name of the step, `END` for the last one, `None` if it cannot be read.
    """

    kind: Kind
    flow: str | None = None
    step: str | None = None


class ClientValues:
    """Finds out what the expressions of a file are.

    Args:
        module: the file.
        flow_of: the name of the flow that a call of one of the repository's functions reads.
    """

    def __init__(self, module: Module, flow_of: Callable[[Call], str | None]) -> None:
        self._module = module
        self._flow_of = flow_of

    def value(
        self, expression: Expression | None, function: Function | None, depth: int = _DEEPEST
    ) -> ClientValue | None:
        """What an expression is, where it stands in a function (`None` for module level)."""
        if expression is None or not depth:
            return None
        match expression:
            case Call():
                return self._call(expression, function, depth - 1)
            case Attribute():
                return attribute(self.value(expression.value, function, depth - 1), expression.name)
            case Subscript():
                of = self.value(expression.value, function, depth - 1)
                return self._item(of, expression)
            case Name():
                return self._name(expression, function, depth - 1)
        return None

    def _item(self, of: ClientValue | None, subscript: Subscript) -> ClientValue | None:
        if of is None:
            return None
        if of.kind in _ITEMS:
            return replace(of, kind=_ITEMS[of.kind])
        if of.kind == "flow":
            return replace(of, kind="run")
        if of.kind == "run":
            index = subscript.index[0] if len(subscript.index) == 1 else None
            return replace(of, kind="step", step=self._module.text(index))
        return replace(of, kind="task") if of.kind == "step" else None

    def _name(self, name: Name, function: Function | None, depth: int) -> ClientValue | None:
        head, *rest = name.name.split(".")
        found = self._variable(head, name, function, depth)
        for attribute_name in rest:
            found = attribute(found, attribute_name)
        return found

    def _variable(
        self, head: str, name: Name, function: Function | None, depth: int
    ) -> ClientValue | None:
        if function is not None and name.scope.owner(head) is function.scope:
            bindings = function.locals.get(head, ())
            if len(bindings) != 1 or bindings[0].path:
                return None
            found = self.value(bindings[0].source, function, depth)
            is_loop = isinstance(bindings[0].statement, For)
            return _item_of(found) if is_loop else found
        owner = name.scope.owner(head)
        if owner is self._module.scope:
            return self.value(self._module.constants.get(head), None, depth)
        iterable = self._comprehended.get((owner, head))
        return _item_of(self.value(iterable, function, depth))

    @cached_property
    def _comprehended(self) -> dict[tuple[Scope | None, str], Expression]:
        """What the variables of comprehensions go over, by their scopes and names."""
        functions = [d for d in self._module.descendants.definitions if isinstance(d, Function)]
        statements = [*self._module.statements, *(s for f in functions for s in f.statements)]
        return {
            (generator.target.scope, generator.target.name): generator.iterable
            for statement in statements
            for expression in statement.expressions
            for part in expression.walk()
            if isinstance(part, Comprehension)
            for generator in part.generators
            if isinstance(generator.target, Name)
        }

    def _call(self, call: Call, function: Function | None, depth: int) -> ClientValue | None:
        name = metaflow_name(call.function.qualified)
        if name in facts().pathspecs:
            return self._made(name or "", call)
        if name == "NBRunner":
            flow = call.argument("flow", 0)
            return ClientValue("runner", flow.name) if isinstance(flow, Name) else None
        qualified = call.function.qualified or ""
        given = call.positional
        if qualified in ("builtins.list", "builtins.iter", "builtins.sorted") and given:
            found = self.value(given[0], function, depth)
            return found if found is None or found.kind in _ITEMS else _iterated(found)
        if qualified == "builtins.next" and given:
            return _item_of(self.value(given[0], function, depth))
        method = self._method(call, function, depth)
        if method is not None:
            return method
        return self._of_function(call)

    def _method(self, call: Call, function: Function | None, depth: int) -> ClientValue | None:
        """What `flow.runs(…)`, `run.steps()` and `step.tasks()` give."""
        match call.function:
            case Attribute(value=value, name=name):
                of = self.value(value, function, depth)
            case Name() as dotted if "." in dotted.name:
                of = self.value(dotted.without_last(), function, depth)
                name = dotted.name.rpartition(".")[2]
            case _:
                return None
        if of is not None and of.kind == "runner":
            return replace(of, kind="run") if name in _NOTEBOOK_RUNS else None
        is_inside = of is not None and _INSIDE.get(of.kind) == name
        return _iterated(of) if of is not None and is_inside else None

    def _of_function(self, call: Call) -> ClientValue | None:
        """What a function of the repository returns that says it returns a run."""
        name = call.function
        if not isinstance(name, Name):
            return None
        module, definition = self._module, None
        if name.qualified is None:
            definition = self._module.functions.get(name.name)
        elif imported := self._module.resolver.definition(name.qualified):
            module, found = imported
            definition = found if isinstance(found, Function) else None
        if definition is None:
            return None
        flow = self._flow_of(call)
        if flow is None:
            return None
        if definition.returns is not None:
            is_run = metaflow_name(definition.returns.qualified) == "Run"
            return ClientValue("run", flow) if is_run else None
        return self._returned(definition, module, flow)

    def _returned(self, function: Function, module: Module, flow: str) -> ClientValue | None:
        values = ClientValues(module, lambda _: None)
        returned = [s.value for s in function.statements if isinstance(s, Return)]
        found = {values.value(value, function) for value in returned}
        if len(found) != 1:
            return None
        value = found.pop()
        return None if value is None else replace(value, flow=flow)

    def _made(self, name: str, call: Call) -> ClientValue | None:
        """What `Run("Flow/1")` and the like make."""
        kind: Kind | None = {  # type: ignore[assignment]
            "Flow": "flow",
            "Run": "run",
            "Step": "step",
            "Task": "task",
        }.get(name)
        given = call.argument("pathspec", 0)
        if kind is None:
            return None
        if given is None:
            return ClientValue(kind)
        segments = self._segments(given)
        if len(segments) != facts().pathspecs[name].parts:
            return ClientValue(kind)
        return ClientValue(kind, segments[0], segments[2] if len(segments) > 2 else None)

    def _segments(self, given: Expression) -> list[str | None]:
        """The parts of a pathspec, `None` for those that cannot be read."""
        text = self._module.text(given)
        if text is not None:
            return list(text.split("/"))
        known = self._module.known(given)
        pieces: list[str | None] = []
        if isinstance(known, JoinedStr):
            pieces = [
                piece if isinstance(piece, str) else self._module.text(piece.value)
                for piece in known.values
            ]
        elif isinstance(known, BinOp) and known.operator == "+":
            pieces = [self._module.text(operand) for operand in known.operands]
        if not pieces or None not in pieces:
            return []
        joined = "".join("\0" if piece is None else piece for piece in pieces)
        is_whole = parts_of(given, self._module).least == joined.count("/") + 1
        parts = joined.split("/") if is_whole else []
        return [None if "\0" in part else part for part in parts]


def attribute(of: ClientValue | None, name: str) -> ClientValue | None:
    """What an attribute of an object of the client is."""
    if of is None:
        return None
    match of.kind, name:
        case "flow", ("latest_run" | "latest_successful_run"):
            return replace(of, kind="run")
        case "run", "data":
            return replace(of, kind="data", step=END)
        case "run", "end_task":
            return replace(of, kind="task", step=END)
        case "step", "task":
            return replace(of, kind="task")
        case "task", ("data" | "artifacts"):
            return replace(of, kind="data")
    return None


def _iterated(of: ClientValue) -> ClientValue | None:
    """What an object of the client gives when it is looped over."""
    kind = _INSIDE.get(of.kind)
    return None if kind is None else replace(of, kind=kind)


def _item_of(of: ClientValue | None) -> ClientValue | None:
    if of is None:
        return None
    several = of if of.kind in _ITEMS else _iterated(of)
    return None if several is None else replace(several, kind=_ITEMS[several.kind])
