"""MF410."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.joins import UndefinedInput, undefined_inputs
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FLOW = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.next(self.authors, self.topics)

    @step
    def authors(self):
        self.count = 3
        self.next(self.join)

    @step
    def topics(self):
        self.size = 5
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class UndefinedInputRule(Rule):
    """
    ## What it does
    Checks that a join reads an artifact only from branches that set it.

    It also reports a branch that does not exist.

    ## Why is this bad?
    `inputs.a.x` reads `x` from the branch whose last step is `a`. `i.x for i in inputs` reads it
    from every branch. If a branch has no `x`, the join fails with an `AttributeError`, after all
    branches have run.

    The rule ignores code that may skip a branch, such as `if hasattr(i, "x")`.

    ## References
    Metaflow, "Basics of Metaflow": branches and joins.
    """

    code, name = "MF410", "undefined-input"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            _FLOW.format(join="self.total = sum(i.count for i in inputs)"),
            at="i.count",
        ),
        Bad(
            _FLOW.format(join="self.total = inputs.topics.count + inputs.papers.size"),
            at=("inputs.topics.count", "inputs.papers.size"),
        ),
        Bad(_FLOW.format(join="self.total = inputs[0].total"), at="inputs[0].total"),
    ]
    good = [
        _FLOW.format(join="self.total = inputs.authors.count + inputs.topics.size"),
        Good(
            _FLOW.format(join='self.total = sum(i.count for i in inputs if hasattr(i, "count"))'),
            why="The join asks each branch first.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        for read in undefined_inputs(found):
            if read.branches:
                near = similar(read.name, frozenset(read.branches), flow.module)
                names = " and ".join(f"`{name}`" for name in read.branches)
                yield self.finding(
                    read.at,
                    f"The join `{read.step}` has no branch `{read.name}`: its inputs are {names}",
                    f"did you mean `inputs.{near}`?" if near else f"name one of {names}",
                )
            else:
                related = [(site, f"`{site.step}` sets it") for site in read.having]
                yield self.finding(read.at, _message(read), _help(read), related=related)


def _message(read: UndefinedInput) -> str:
    lacking = " and ".join(f"`{step}`" for step in read.lacking)
    verb = "does not have" if len(read.lacking) == 1 else "do not have"
    return f"`{read.step}` reads `{read.name}` from its inputs, but {lacking} {verb} it"


def _help(read: UndefinedInput) -> str:
    if not read.having:
        return f"set `self.{read.name}` in the branches, or correct the name"
    steps = " and ".join(dict.fromkeys(f"`{site.step}`" for site in read.having))
    return f"read it from the branch that sets it ({steps}), or set it in each branch"
