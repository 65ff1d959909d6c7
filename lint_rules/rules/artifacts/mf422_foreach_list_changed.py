"""MF422."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.foreaches import changed_lists
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
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        {fetch}
        self.next(self.count)

    @step
    def count(self):
        print(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class ForeachListChanged(Rule):
    """
    ## What it does
    Checks for `self.input` after a task of a foreach has set, deleted or changed the list of the
    foreach.

    ## Why is this bad?
    Each step reads `self.input` again: the item of the current list at the index of the task. If
    the list has changed, the task continues with another item, or with `None`, and no error tells
    you.

    The rule ignores lists that only get more items at their end.

    ## References
    Metaflow, "Basics of Metaflow": foreach.
    """

    code, name = "MF422", "foreach-list-changed"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_FLOW.format(fetch="self.years = sorted(self.years, reverse=True)"), at="self.input"),
        Bad(_FLOW.format(fetch="del self.years"), at="self.input"),
        Bad(_FLOW.format(fetch="self.years.insert(0, 2022)"), at="self.input"),
    ]
    good = [
        _FLOW.format(fetch="self.sorted_years = sorted(self.years)"),
        Good(
            _FLOW.format(fetch="self.years.append(2025)"),
            why="The first items stay at their positions.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        reported: set[str] = set()
        for changed in changed_lists(found):
            if changed.use.step in reported:
                continue
            reported.add(changed.use.step)
            steps = " and ".join(dict.fromkeys(f"`{site.step}`" for site in changed.sites))
            did = "deletes" if changed.is_deleted else "changes"
            yield self.finding(
                changed.use.at,
                f"`{changed.use.step}` reads `self.input`, but {steps} {did} the list `{changed.name}` "
                "of the foreach, so `self.input` is another item",
                "give the new list another name, or save `self.input` before",
                related=[(site, f"`{site.step}` {did} it") for site in changed.sites],
            )
