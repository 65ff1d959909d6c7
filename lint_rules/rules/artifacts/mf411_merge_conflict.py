"""MF411."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.exclusions import exclude, excluded_names, is_needed
from lint_rules.analysis.data_flow.flow_states import FlowDataFlow
from lint_rules.analysis.data_flow.joins import Conflict, conflicts
from lint_rules.analysis.data_flow.plain_flows import doubtful
from lint_rules.diagnostics.diagnostic import Finding, Fix, Safety
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


_CAUGHT = """
from metaflow import FlowSpec, catch, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.years = [2023, 0]
        self.next(self.count, foreach="years")

    @catch(var="failure")
    @step
    def count(self):
        print(1 / self.input)
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

    ## Fix safety
    The fix leaves the artifacts out with `exclude=`, if neither the join nor a step after it reads
    them. It is unsafe: without them, nothing after the join has these values.

    ## References
    Metaflow, "Basics of Metaflow": `merge_artifacts`.
    """

    code, name = "MF411", "merge-conflict"
    group = Group.CORRECTNESS
    fix_safety = Safety.UNSAFE
    options = ("event-decorators",)
    bad = [
        Bad(
            _FLOW.format(count="self.year = self.input", join="self.merge_artifacts(inputs)"),
            at="self.merge_artifacts(inputs)",
            fixed=_FLOW.format(
                count="self.year = self.input",
                join='self.merge_artifacts(inputs, exclude=["year"])',
            ),
        ),
        Bad(
            _FLOW.format(
                count="self.totals[self.input] = self.input * 2",
                join="self.merge_artifacts(inputs)",
            ),
            at="self.merge_artifacts(inputs)",
            fixed=_FLOW.format(
                count="self.totals[self.input] = self.input * 2",
                join='self.merge_artifacts(inputs, exclude=["totals"])',
            ),
        ),
        Bad(
            _CAUGHT.format(join="self.merge_artifacts(inputs)"),
            at="self.merge_artifacts(inputs)",
            fixed=_CAUGHT.format(
                join='self.merge_artifacts(inputs, exclude=["failure", "_catch_exception"])'
            ),
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
                    print(self.kind)
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
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        by_call: dict[object, list[Conflict]] = {}
        for conflict in conflicts(found):
            by_call.setdefault(conflict.merge.call, []).append(conflict)
        for several in by_call.values():
            names = list(dict.fromkeys(conflict.name for conflict in several))
            related = [
                (site, f"`{site.step}` has its own `{conflict.name}`")
                for conflict in several
                for site in conflict.sites
            ]
            first = several[0]
            wanted = excluded_names(several)
            yield self.finding(
                first.merge.call,
                f"The join `{first.merge.step}` merges {_listed(names)}, {_why(several)}",
                _help(names[0], wanted, several, flow),
                self._excluded(found, several, wanted),
                related=related,
            )

    def _excluded(
        self, found: FlowDataFlow, several: list[Conflict], wanted: list[str]
    ) -> Fix | None:
        merge = several[0].merge
        if is_needed(found, merge, wanted):
            return None
        return self.fix(f"Leave out {_listed(wanted)}", exclude(merge, wanted))


def _why(several: list[Conflict]) -> str:
    kinds = {conflict.kind for conflict in several}
    steps = list(dict.fromkeys(step for conflict in several for step in conflict.steps))
    if kinds == {"catch"}:
        return f"which differs if a task of `{steps[0]}` fails and `@catch` catches the error"
    if "branches" in kinds:
        return f"but {' and '.join(f'`{step}`' for step in steps)} give different values"
    return f"but each task of `{steps[0]}` has its own value"


def _help(name: str, wanted: list[str], several: list[Conflict], flow: Flow) -> str:
    excluded = ", ".join(f'"{each}"' for each in wanted)
    assigned = f"assign `self.{name}` before the merge"
    if all(conflict.kind == "tasks" for conflict in several):
        inputs = flow.all_steps[several[0].merge.step].inputs
        assigned = f"write `self.{name} = [one.{name} for one in {inputs}]` before the merge"
    return f"{assigned}, or leave it out with `exclude=[{excluded}]`"


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names)
