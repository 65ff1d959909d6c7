"""What the tasks of a flow may have at the end of each step."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lint_rules.analysis.artifact_io import traffic
from lint_rules.analysis.data_flow.code import bound
from lint_rules.analysis.data_flow.custom_decorators import custom_decorators
from lint_rules.metaflow import facts
from lint_rules.model.flow import Flow


@dataclass(frozen=True, eq=False)
class Results:
    """What a flow leaves behind.

    Attributes:
        flow: the flow.
        end: the name of its last step.
        steps: by the names of its steps, all that their tasks may have at their end.
    """

    flow: Flow
    end: str
    steps: dict[str, frozenset[str]]

    @property
    def everything(self) -> frozenset[str]:
        """All that any step may have."""
        return frozenset().union(*self.steps.values())


def results_of(flow: Flow, ignored: Iterable[str] = ()) -> Results | None:
    """What a flow leaves behind; `None` if something of it cannot be seen.

    Args:
        flow: the flow.
        ignored: the names of decorators that set no artifacts.
    """
    graph = flow.graph
    ends = [name for name, node in graph.nodes.items() if node.step.is_end]
    decorated = custom_decorators(flow, ignored)
    if not flow.knows_its_bases or not graph.is_complete or len(ends) != 1 or decorated.is_unknown:
        return None
    own = traffic(flow, tuple(ignored))
    if any(step.is_hidden for step in own.values()) or own.keys() != graph.nodes.keys():
        return None
    always = {name for owner in flow.classes for name in bound(owner)}
    always |= {parameter.attribute for parameter in flow.all_parameters}
    always |= decorated.attributes | facts().flowspec_attributes.keys()
    has = {name: set(step.makes) for name, step in own.items()}
    changed = True
    while changed:
        changed = False
        for name, node in graph.nodes.items():
            before = {one for edge in node.before for one in has[edge.source]}
            given = before & {*own[name].merges} if node.is_join else before
            if not given <= has[name]:
                has[name] |= given
                changed = True
    return Results(flow, ends[0], {name: frozenset(found | always) for name, found in has.items()})
