"""MF417."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.foreaches import MOST_SPLITS, BadForeach, bad_foreaches
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
        self.years = {years}
        self.next(self.fetch, foreach="years")

    @step
    def fetch(self):
        print(self.input)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass
"""


class InvalidForeach(Rule):
    """
    ## What it does
    Checks for a foreach over something that is certainly not a list, or over a list that is empty
    or too long.

    Examples are a number, `None`, a dictionary, a dataframe and an iterator.

    ## Why is this bad?
    Metaflow counts the items, saves the object, and then takes the item at the task's index. An
    empty list fails ("Foreach iterator over *years* in step *start* produced zero splits"), an
    iterator is used up by counting, and a dictionary or dataframe has no item `0`. If there are
    more items than `--max-num-splits` allows (100 by default), the run fails before any of these
    tasks starts.

    The rule reports a foreach only if the code shows what it iterates over.

    ## References
    Metaflow, "Basics of Metaflow": foreach.
    """

    code, name = "MF417", "invalid-foreach"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_FLOW.format(years="2024"), at='"years"'),
        Bad(_FLOW.format(years="[]"), at='"years"'),
        Bad(_FLOW.format(years='zip([2023, 2024], "ab")'), at='"years"'),
        Bad(_FLOW.format(years="list(range(1900, 2025))"), at='"years"'),
    ]
    good = [
        _FLOW.format(years="[2023, 2024]"),
        Good(_FLOW.format(years='"ab"'), why="A string has items, too."),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        found = doubtful(flow, self.settings.event_decorators)
        if found is None:
            return
        for bad in bad_foreaches(found):
            leaving = bad.leaving
            named = leaving.transition.decided_by
            name = named.text if named and named.text else ""
            message, help = _texts(bad, name)
            if bad.length is None and any(p.attribute == name for p in flow.all_parameters):
                # A task cannot assign to a parameter.
                made = _list(bad.kinds).replace("…", f"self.{name}")
                help = f'make a list, `self.items = {made}`, and write `foreach="items"`'
            related = [(site, f"`{site.step}` sets it") for site in sorted(leaving.fact.set_at)]
            yield self.finding(named or leaving.transition, message, help, related=related)


def _texts(bad: BadForeach, name: str) -> tuple[str, str]:
    step = bad.leaving.step
    if bad.length == 0:
        return (
            f"The foreach of `{step}` iterates over `{name}`, which is empty, so the run fails",
            "give it an item, or skip the steps with a switch",
        )
    if bad.length is not None:
        return (
            f"The foreach of `{step}` iterates over `{name}`, which has {bad.length} items: more than "
            f"the {MOST_SPLITS} that `--max-num-splits` allows",
            f"let each task do several items, or run the flow with `--max-num-splits {bad.length}`",
        )
    return (
        f"The foreach of `{step}` iterates over `{name}`, which is {' or '.join(bad.kinds)}, so the run "
        "fails",
        f"make it a list: `self.{name} = {_list(bad.kinds)}`",
    )


def _list(kinds: tuple[str, ...]) -> str:
    """How to make a list of such a value: `list` fails for a number, and gives a dataframe's columns."""
    if all("number" in kind for kind in kinds):
        return "list(range(…))"
    if all("dataframe" in kind for kind in kinds):
        return '….to_dict(orient="records")'
    return "[…]" if "`None`" in kinds else "list(…)"
