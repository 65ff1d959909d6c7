"""MF426."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.joins import one_of_many
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.analysis.data_flow.values import FIRST
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
        self.limit = 3
        self.next(self.count, foreach="years")

    @step
    def count(self):
        self.total = self.input * 2
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class OneOfManyInputs(Rule):
    """
    ## What it does
    Checks for `inputs.step.x` and `inputs[0].x` in the join of a foreach, if each task has its own
    `x`.

    ## Why is this bad?
    `inputs.step` is only the last task, and `inputs[0]` only the first. The values of all other
    tasks are lost, without an error.

    The rule ignores artifacts that are the same in all tasks, and joins that also read the artifact
    from all inputs.

    ## References
    Metaflow, "Basics of Metaflow": foreach and joins.
    """

    code, name = "MF426", "one-of-many-inputs"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_FLOW.format(join="self.total = inputs.count.total"), at="inputs.count.total"),
        Bad(_FLOW.format(join="self.total = inputs[0].total"), at="inputs[0].total"),
    ]
    good = [
        _FLOW.format(join="self.totals = [one.total for one in inputs]"),
        Good(
            _FLOW.format(join="self.limit = inputs[0].limit"),
            why="The artifact is the same in each task.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        for one in one_of_many(found):
            read = one.read
            which = "first" if read.mode == FIRST else "last"
            did = "changes" if one.is_changed else "sets"
            yield self.finding(
                read.at,
                f"`{read.step}` reads `{read.name}` only from the {which} task, but each task "
                f"{did} its own",
                f"read it from all tasks: `[one.{read.name} for one in inputs]`",
                related=[(site, f"`{site.step}` {did} it in each task") for site in one.sites],
            )
