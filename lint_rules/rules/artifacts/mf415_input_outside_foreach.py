"""MF415."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.foreaches import LostInput, lost_inputs
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
        self.years = [2023, 2024]
        self.next(self.year, foreach="years")

    @step
    def year(self):
        self.name = self.input
        self.months = [1, 2]
        self.next(self.month, foreach="months")

    @step
    def month(self):
        self.next(self.join_months)

    @step
    def join_months(self, inputs):
        {join}
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        {end}
"""


class InputOutsideForeach(Rule):
    """
    ## What it does
    Checks for `self.input` and `self.index` outside of a foreach, and for `self.input` after a join
    that loses the list of the foreach.

    ## Why is this bad?
    Both are then `None`, without an error. `self.input` can also be `None` inside an outer foreach:
    Metaflow reads it from the list of that foreach, and the join of an inner foreach starts without
    this list.

    The rule ignores code that asks whether there is an input.

    ## References
    Metaflow, "Basics of Metaflow": foreach.
    """

    code, name = "MF415", "input-outside-foreach"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_FLOW.format(join="pass", end="print(self.index)"), at="self.index"),
        Bad(_FLOW.format(join="print(self.input)", end="pass"), at="self.input"),
    ]
    good = [
        _FLOW.format(
            join='self.merge_artifacts(inputs, include=["years"]); print(self.input)', end="pass"
        ),
        Good(
            _FLOW.format(join="print(self.index)", end="print(self.input or 0)"),
            why="The outer foreach has an index, and the end asks whether there is an input.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        reported: set[tuple[str, str]] = set()
        for lost in lost_inputs(found):
            key = (lost.use.step, lost.use.name)
            if key not in reported:
                reported.add(key)
                yield self.finding(lost.use.at, *_texts(lost))


def _texts(lost: LostInput) -> tuple[str, str]:
    step, name = lost.use.step, lost.use.name
    if lost.foreach is None:
        return (
            f"`{step}` reads `self.{name}`, but there is no open foreach, so it is `None`",
            f"save it in the foreach's own step, `self.item = self.{name}`, and read `item` from the "
            "inputs of the join",
        )
    joins = " and ".join(f"`{join}`" for join in lost.joins)
    return (
        f"`{step}` reads `self.input` of the foreach in `{lost.foreach}`, but the join {joins} "
        f"lost its list `{lost.name}`, so `self.input` is `None`",
        f'keep the list with `self.merge_artifacts(inputs, include=["{lost.name}"])`, or save '
        "`self.input` before the inner split and read it from the inputs",
    )
