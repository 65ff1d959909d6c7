"""The artifacts and steps that code reads of the runs of a project's flows."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from lint_rules.analysis.client_calls import Use, Uses
from lint_rules.analysis.client_values import END, ClientValue, ClientValues, attribute
from lint_rules.analysis.metaflow_calls import expected_to_fail
from lint_rules.model.code import Attribute, Call, Expression, Function, Location, Name, Subscript
from lint_rules.model.module import Module

FlowsRead: TypeAlias = dict[Location, set[str | None]]
"""The names of the flows that calls read, by the calls' locations."""


@dataclass(frozen=True, eq=False)
class ArtifactRead:
    """An artifact that is read of a run: `run.data.papers`.

    Attributes:
        at: what reads it.
        flow: the name of the flow.
        step: the step whose task is read; `None` if that is not known.
        is_of_end: whether it is read of the last step, as `run.data` is.
        name: the name of the artifact.
    """

    at: Expression
    flow: str
    step: str | None
    is_of_end: bool
    name: str


@dataclass(frozen=True, eq=False)
class StepRead:
    """A step that is asked for by its name: `run["train"]`, `Step("Flow/1/train")`.

    Attributes:
        at: what asks for it.
        flow: the name of the flow.
        step: the name of the step.
    """

    at: Expression
    flow: str
    step: str


def result_reads(
    modules: Iterable[Module], flows: Collection[str], event_decorators: Iterable[str]
) -> Iterator[tuple[Module, ArtifactRead | StepRead]]:
    """What files read of the runs of some flows, each with the file that it is in.

    Code that expects the read to fail is left out.

    Args:
        modules: the files.
        flows: the names of the flows.
        event_decorators: the names of the project's own event decorators.
    """
    uses = Uses(event_decorators)
    names = frozenset(flows)
    for module in modules:
        # Most files do not name a flow of the project.
        if not names.isdisjoint(re.findall(r"\w+", module.code)):
            for read in _Reader(module, _flows_read(module, uses)).reads():
                if read.flow in names and read.at not in expected_to_fail(module):
                    yield module, read


def flows_asked_for(
    module: Module, event_decorators: Iterable[str]
) -> Iterator[tuple[Location, str]]:
    """The flows whose newest runs a file asks for, `Flow("ArxivPapers")`, where it names them.

    A run, step or task that is asked for by its id is left out: it exists, whoever ran it.

    Args:
        module: the file.
        event_decorators: the names of the project's own event decorators.
    """
    found = {
        (use.location, use.name)
        for use in _uses(module, Uses(event_decorators))
        if use.client == "Flow" and use.is_named_here and use.name is not None
    }
    yield from sorted(found, key=lambda one: (one[0].range, one[1]))


class _Reader:
    """Finds what one file reads."""

    def __init__(self, module: Module, flows_read: FlowsRead) -> None:
        self._module = module
        self._values = ClientValues(module, partial(_flow_of, flows_read))
        self._functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
        self._owners: dict[Expression, Function] = {}
        # Inner functions come after outer ones, and keep what belongs to them.
        for function in self._functions:
            inside = function.descendants
            parts = (*inside.names, *inside.attributes, *inside.calls)
            self._owners |= dict.fromkeys(parts, function)

    def reads(self) -> Iterator[ArtifactRead | StepRead]:
        """The artifacts, each location once, and then the steps."""
        seen: set[Location] = set()
        inside = self._module.descendants
        parts: list[Name | Attribute] = [*inside.names, *inside.attributes]
        for part in parts:
            for value, name in self._of_data(part):
                if value.flow and part.location not in seen:
                    seen.add(part.location)
                    is_of_end = value.step == END
                    of_step = None if is_of_end else value.step
                    yield ArtifactRead(part, value.flow, of_step, is_of_end, name)
        candidates: list[Expression] = [*inside.calls, *self._subscripts()]
        for candidate in candidates:
            step = self._values.value(candidate, self._function_around(candidate))
            if step is None or step.kind not in ("step", "task"):
                continue
            is_asked = not isinstance(candidate, Call) or _creates_object(candidate)
            if step.flow and step.step and is_asked:
                yield StepRead(candidate, step.flow, step.step)

    def _of_data(self, part: Name | Attribute) -> Iterator[tuple[ClientValue, str]]:
        """The artifact that a name or attribute reads of the data of a task."""
        function = self._owners.get(part)
        if isinstance(part, Attribute):
            value = self._values.value(part.value, function)
            if value is not None and value.kind == "data":
                yield value, part.name
            return
        if part.context != "load" or "." not in part.name:
            return
        head, *rest = part.name.split(".")
        start = Name(part.file, part.start, part.start + len(head), head, part.scope, "load")
        value = self._values.value(start, function)
        for name in rest:
            if value is None:
                return
            if value.kind == "data":
                yield value, name
                return
            value = attribute(value, name)

    def _function_around(self, expression: Expression) -> Function | None:
        if isinstance(expression, Subscript):
            parts = (part for part in expression.walk() if part in self._owners)
            return next((self._owners[part] for part in parts), None)
        return self._owners.get(expression)

    def _subscripts(self) -> Iterator[Subscript]:
        inner = (statement for function in self._functions for statement in function.statements)
        for statement in (*self._module.statements, *inner):
            for expression in statement.expressions:
                yield from (part for part in expression.walk() if isinstance(part, Subscript))


def _creates_object(call: Call) -> bool:
    """Whether a call makes the object itself: `Step("Flow/1/train")`."""
    return call.argument("pathspec", 0) is not None and call.function.qualified is not None


def _flows_read(module: Module, uses: Uses) -> FlowsRead:
    found: FlowsRead = {}
    for use in _uses(module, uses):
        if use.publication is None:
            found.setdefault(use.location, set()).add(use.name)
    return found


def _uses(module: Module, uses: Uses) -> Iterator[Use]:
    yield from uses.in_module(module)
    for flow in module.flows:
        yield from uses.in_flow(flow)


def _flow_of(read: FlowsRead, call: Call) -> str | None:
    """The one flow that a call reads."""
    names = read.get(call.location, set())
    return next(iter(names)) if len(names) == 1 else None
