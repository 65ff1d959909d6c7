"""MF411."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.flow_states import data_flow
from lint_rules.analysis.data_flow.joins import Conflict, conflicts
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
        self.totals = {{}}
        self.next(self.count, foreach="years")

    @step
    def count(self):
        {count}
        self.next(self.join)

    @step
    def join(self, inputs):
        {join}
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class MergeConflict(Rule):
    """
    ## What it does
    Checks for joins that merge an artifact whose values certainly differ between the branches, or
    between the tasks of a foreach.

    ## Why is this bad?
    `merge_artifacts` takes an artifact only if it is the same in all inputs. If it differs, the
    join fails: "Step join cannot merge the following artifacts due to them having conflicting
    values". A container differs too if each task changes it in place. The variable of `@catch`
    differs if one task of a foreach fails.

    The rule reports an artifact only if the code shows that its values differ.

    ## References
    Metaflow, "Basics of Metaflow": `merge_artifacts`.
    """

    code, name = "MF411", "merge-conflict"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            _FLOW.format(count="self.year = self.input", join="self.merge_artifacts(inputs)"),
            at="self.merge_artifacts(inputs)",
        ),
        Bad(
            _FLOW.format(
                count="self.totals[self.input] = self.input * 2",
                join="self.merge_artifacts(inputs)",
            ),
            at="self.merge_artifacts(inputs)",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.short, self.long)

                @step
                def short(self):
                    self.kind = "short"
                    self.next(self.join)

                @step
                def long(self):
                    self.kind = "long"
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.merge_artifacts(inputs)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.merge_artifacts(inputs)",
        ),
    ]
    good = [
        _FLOW.format(
            count="self.year = self.input",
            join="self.merge_artifacts(inputs, exclude=['year'])",
        ),
        Good(
            _FLOW.format(
                count="self.year = self.input",
                join="self.year = inputs[1].year; self.merge_artifacts(inputs)",
            ),
            why="Metaflow does not merge what the join has already set.",
        ),
        Good(
            _FLOW.format(count="self.limit = 10", join="self.merge_artifacts(inputs)"),
            why="The artifact is the same in each task.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = data_flow(flow, self.settings.event_decorators)
        by_call: dict[object, list[Conflict]] = {}
        for conflict in conflicts(found):
            by_call.setdefault(conflict.merge.call, []).append(conflict)
        for several in by_call.values():
            names = list(dict.fromkeys(conflict.name for conflict in several))
            listed = " and ".join(f"`{name}`" for name in names)
            related = [
                (site, f"`{site.step}` has its own `{conflict.name}`")
                for conflict in several
                for site in conflict.sites
            ]
            first = several[0]
            yield self.finding(
                first.merge.call,
                f"The join `{first.merge.step}` merges {listed}, {_why(several)}",
                _help(names, several),
                related=related,
            )


def _why(several: list[Conflict]) -> str:
    kinds = {conflict.kind for conflict in several}
    steps = list(dict.fromkeys(step for conflict in several for step in conflict.steps))
    if kinds == {"catch"}:
        return f"which differs if a task of `{steps[0]}` fails and `@catch` catches the error"
    if "branches" in kinds:
        return f"but {' and '.join(f'`{step}`' for step in steps)} give different values"
    return f"but each task of `{steps[0]}` has its own value"


def _help(names: list[str], several: list[Conflict]) -> str:
    wanted = [*names]
    if any(conflict.kind == "catch" for conflict in several):
        wanted = list(dict.fromkeys([*wanted, "_catch_exception"]))
    excluded = ", ".join(f'"{name}"' for name in wanted)
    return f"assign `self.{names[0]}` before the merge, or leave it out with `exclude=[{excluded}]`"
