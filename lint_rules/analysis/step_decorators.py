"""What the decorators of a step that are not Metaflow's may do with it."""

from __future__ import annotations

from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.model.code import Decorator
from lint_rules.model.memoize import remembered
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import STEP_DECORATORS, Step


def others(step: Step) -> tuple[Decorator, ...]:
    """The decorators of a step that are not Metaflow's own."""
    return tuple(
        decorator
        for decorator in step.function.decorators
        if metaflow_name(decorator.qualified) not in STEP_DECORATORS
    )


@remembered
def may_go_on(step: Step) -> bool:
    """Whether a decorator of a step may call `self.next` in its place: one that cannot be read, or
    whose code names `next`."""
    for decorator in others(step):
        found = definition_of(decorator, step.flow.module)
        if found is None:
            return True
        inside = found[1].descendants
        if any("next" in name.name.split(".") for name in inside.names):
            return True
        if any(member.name == "next" for member in inside.attributes):
            return True
    return False
