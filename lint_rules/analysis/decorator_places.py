"""What Metaflow's decorators stand on: the class of a flow, its steps and its other methods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from lint_rules.analysis.decorators import Applied, applied, has_others, is_changed, places_of
from lint_rules.analysis.step_graph import is_replaced
from lint_rules.metaflow import Facts
from lint_rules.model.code import Definition, Function
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step

Kind: TypeAlias = Literal["flow", "step", "method"]


@dataclass(frozen=True, eq=False)
class Place:
    """A class or method with decorators.

    Attributes:
        definition: the class or method.
        kind: whether it is a flow, a step or another method.
        found: Metaflow's decorators on it.
        step: the step, if it is one of the flow's.
        of_flow: the decorators of flows on the flow's class, if it is a step.
        is_certain: whether nothing changes the decorators before Metaflow checks them.
    """

    definition: Definition
    kind: Kind
    found: list[Applied]
    step: Step | None
    of_flow: list[Applied]
    is_certain: bool

    @property
    def fitting(self) -> list[Applied]:
        """The decorators that belong on a class, or on a method."""
        return _fitting(self.definition, self.found)


def is_decorated(definition: Definition) -> bool:
    """Whether a class or method has decorators besides `@step`."""
    return any(decorator.name != "step" for decorator in definition.decorators)


def decorated(flow: Flow, facts: Facts) -> Iterator[Place]:
    """The class of a flow and its own methods, as far as they have decorators besides `@step`."""
    steps = {step.function: step for step in flow.steps}
    of_flow = _fitting(flow.definition, applied(flow.definition, flow.module, facts))
    for definition in places_of(flow):
        if is_decorated(definition):
            step = steps.get(definition) if isinstance(definition, Function) else None
            is_open = has_others(definition) or is_changed(flow)
            yield Place(
                definition,
                _kind(definition),
                applied(definition, flow.module, facts),
                step,
                of_flow if step else [],
                not is_open and not (step is not None and is_replaced(step)),
            )


def misplaced(place: Place) -> Iterator[Applied]:
    """The decorators of flows on methods, and those of steps on anything else."""
    definition = place.definition
    # A method that calls `self.next` lacks `@step`, which another rule reports.
    may_be_step = isinstance(definition, Function) and (
        place.kind == "step" or has_others(definition) or _calls_next(definition)
    )
    for one in place.found:
        if one not in place.fitting or (one.known.kind == "step" and not may_be_step):
            yield one


def _fitting(definition: Definition, found: list[Applied]) -> list[Applied]:
    wanted = "step" if isinstance(definition, Function) else "flow"
    return [one for one in found if one.known.kind == wanted]


def _kind(definition: Definition) -> Kind:
    if not isinstance(definition, Function):
        return "flow"
    is_step = any(metaflow_name(d.qualified) == "step" for d in definition.decorators)
    return "step" if is_step else "method"


def _calls_next(function: Function) -> bool:
    name = f"{function.self_name}.next"
    return any(getattr(call.function, "name", "") == name for call in function.descendants.calls)
