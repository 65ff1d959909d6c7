"""MF416."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.foreaches import bad_switches
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FLOW = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.papers = [1, 2]
        self.kind = {kind}
        self.next({cases}, condition="kind")

    @step
    def short(self):
        self.next(self.end)

    @step
    def long(self):
        self.next(self.end)

    @step
    def end(self):
        pass
"""
_CASES = '{"short": self.short, "long": self.long}'


class UnmatchedSwitch(Rule):
    """
    ## What it does
    Checks for switches whose condition cannot have the value of any case, and for switches that
    have a case twice.

    ## Why is this bad?
    The step fails: "Switch condition variable 'kind' has value 'medium' which is not in the
    available cases". This also happens with a value of another type: `True` is not `"True"`. Of
    two equal cases the first never runs.

    The rule reports a switch only if the code shows all values that the condition can have.

    ## References
    Metaflow, "Basics of Metaflow": conditional branching.
    """

    code, name = "MF416", "unmatched-switch"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_FLOW.format(kind='"medium"', cases=_CASES), at='"kind"'),
        Bad(_FLOW.format(kind="len(self.papers) > 1", cases=_CASES), at='"kind"'),
    ]
    good = [
        _FLOW.format(kind='"short" if len(self.papers) < 5 else "long"', cases=_CASES),
        Good(
            _FLOW.format(kind="len(self.papers) > 1", cases="{True: self.long, False: self.short}"),
            why="The cases are of the condition's type.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        for switch in bad_switches(found):
            leaving = switch.leaving
            at = leaving.transition.decided_by or leaving.transition
            name = leaving.transition.decided_by
            condition = name.text if name is not None else ""
            related = [(site, f"`{site.step}` sets it") for site in sorted(leaving.fact.set_at)]
            if switch.twice is not None:
                yield self.finding(
                    leaving.transition,
                    f"The switch of `{leaving.step}` has the case `{switch.twice!r}` twice: only "
                    "the last one counts",
                    "remove one of them",
                )
            else:
                values = " or ".join(switch.values)
                yield self.finding(
                    at,
                    f"`{condition}` is {values}, for which the switch of `{leaving.step}` has no "
                    "case",
                    "add the case, or set the condition to one of the cases",
                    related=related,
                )
