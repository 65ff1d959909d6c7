"""MF412."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.joins import merge_problems
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group

_FLOW = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.papers = 3
        self.next(self.short, self.long)

    @step
    def short(self):
        {short}
        self.next(self.join)

    @step
    def long(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class InvalidMerge(Rule):
    """
    ## What it does
    Checks calls of `merge_artifacts` that cannot work: outside of a join, with both `include` and
    `exclude`, with a name in `include` that no input has, or with a string instead of a list.

    ## Why is this bad?
    The first three calls fail when the step runs. In `include`, Metaflow reads a string as a list
    of letters. In `exclude`, it leaves out every artifact whose name is a part of the string:
    `exclude="models"` also leaves out `mode` and `m`.

    ## References
    Metaflow, "Basics of Metaflow": `merge_artifacts`.
    """

    code, name = "MF412", "invalid-merge"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            _FLOW.format(short="self.merge_artifacts([])", join="pass"),
            at="self.merge_artifacts([])",
        ),
        Bad(
            _FLOW.format(
                short="pass",
                join='self.merge_artifacts(inputs, include=["papers"], exclude=["topics"])',
            ),
            at='self.merge_artifacts(inputs, include=["papers"], exclude=["topics"])',
        ),
        Bad(
            _FLOW.format(short="pass", join='self.merge_artifacts(inputs, include=["paper"])'),
            at='self.merge_artifacts(inputs, include=["paper"])',
        ),
    ]
    good = [
        _FLOW.format(short="pass", join='self.merge_artifacts(inputs, include=["papers"])'),
        _FLOW.format(short="pass", join='self.merge_artifacts(inputs, exclude=["papers"])'),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        for merge, problem, name in merge_problems(found):
            message, help = _TEXTS[problem]
            yield self.finding(
                merge.call, message.format(step=merge.step, name=name), help.format(name=name)
            )


_TEXTS = {
    "no join": (
        "`{step}` calls `merge_artifacts`, but is not a join",
        "remove the call: a step has all artifacts of the one step before it",
    ),
    "both": (
        "`{step}` calls `merge_artifacts` with both `include` and `exclude`",
        "keep one of them",
    ),
    "missing": (
        "`{step}` merges `{name}`, which none of its inputs has",
        "set `self.{name}` in a branch, or correct the name",
    ),
    "text": (
        "`{step}` gives `merge_artifacts` a string as `{name}`, which takes a list",
        'write a list: `{name}=["…"]`',
    ),
}
