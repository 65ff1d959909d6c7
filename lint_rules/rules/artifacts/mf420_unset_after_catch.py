"""MF420."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.questions import unset_after_catch
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FLOW = """
from metaflow import FlowSpec, catch, step


class ArxivTopics(FlowSpec):
    @catch(var="failure")
    @step
    def start(self):
        self.papers = fetch()
        self.next(self.end)

    @step
    def end(self):
        {end}
"""


class UnsetAfterCatch(Rule):
    """
    ## What it does
    Checks for artifacts that only a step with `@catch` sets, and that a later step reads without
    checking whether the step failed.

    ## Why is this bad?
    If the step fails, `@catch` lets the run continue, but without the artifacts that the step has
    not set yet. The later step then fails with an `AttributeError`, which hides the first error.

    The rule ignores steps that mention the variable of `@catch`, or ask whether the artifact
    exists.

    ## References
    Metaflow, "Dealing with failures": `@catch`.
    """

    code, name = "MF420", "unset-after-catch"
    default = False
    group = Group.SUSPICIOUS
    options = ("event-decorators",)
    bad = [Bad(_FLOW.format(end="print(self.papers)"), at="self.papers")]
    good = [
        _FLOW.format(end="print('failed' if self.failure else self.papers)"),
        Good(
            _FLOW.format(end='print(getattr(self, "papers", []))'),
            why="The step checks whether the artifact exists.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for unset in unset_after_catch(flow, self.settings.event_decorators):
            catching, name = unset.catching, unset.read.name
            test = f"`self.{unset.var}`" if unset.var else "a variable, `@catch(var=…)`,"
            yield self.finding(
                unset.read.at,
                f"`{unset.read.step}` reads `{name}`, which does not exist if `{catching}` fails and "
                "`@catch` catches the error",
                f"check {test} first, or set `self.{name}` before the code that may fail",
                related=[(unset.at, f"`{catching}` may fail before it sets it")],
            )
