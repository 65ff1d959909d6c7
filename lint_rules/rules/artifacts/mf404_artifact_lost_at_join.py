"""MF404."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.questions import Missing, missing
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_DROPS_COUNTS = """
from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.papers = fetch()
        self.next(self.count, self.model)

    @step
    def count(self):
        self.counts = count(self.papers)
        self.next(self.join)

    @step
    def model(self):
        self.topics = model(self.papers)
        self.next(self.join)

    @step
    def join(self, inputs):
        self.topics = inputs.model.topics
        self.next(self.end)

    @step
    def end(self):
        print(self.topics, self.counts)
"""
_ASSIGNED = "        self.topics = inputs.model.topics\n"
_MERGED = 'self.merge_artifacts(inputs, exclude=["papers"])'


class ArtifactLostAtJoin(Rule):
    """
    ## What it does
    Checks for artifacts that get lost at a join.

    A step before the join sets them, the join does not pass them on, and the join or a later step
    reads them.

    ## Why is this bad?
    A join starts without the artifacts of its branches, because their values may differ. It has
    only the artifacts that it assigns, and those that `self.merge_artifacts(inputs)` adds.
    `include` and `exclude` restrict these. If a step reads any other artifact, it fails with an
    `AttributeError`, after all branches have run.

    The rule reports each artifact once per join, where a step first reads it. It ignores:

    - flows with a graph, a base class or a decorator that the linter cannot read;
    - steps after one that passes `self` to other code, or sets attributes with computed names;
    - code that checks whether the artifact exists.

    ## References
    Metaflow, "Basics of Metaflow": data flow through the graph, and `merge_artifacts`.
    """

    code, name = "MF404", "artifact-lost-at-join"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(_DROPS_COUNTS, at="self.counts"),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    self.years, self.limit = [2023, 2024], 10
                    self.source = find_source()
                    self.next(self.fetch, foreach="years")

                @mf.step
                def fetch(self):
                    with open(self.source) as file:
                        for self.papers in file:
                            self.count = 1
                    self.next(self.join)

                @mf.step
                def join(self, branches):
                    print(self.limit)
                    self.count += sum(branch.count for branch in branches)
                    self.merge_artifacts(branches, exclude=["papers", "count"])
                    self.next({"more": self.start, "none": self.end}, condition="source")

                @mf.step
                def end(self):
                    print(self.source, self.count)
                    show(lambda: self.papers)
            """,
            at=("self.limit", "self.count", "self.papers"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class Ends(FlowSpec):
                @step
                def start(self):
                    self.setting = read()
                    self.next(self.left, self.right)

                @step
                def end(self):
                    print(self.setting)


            class ArxivTopics(Ends):
                @step
                def left(self):
                    self.next(self.join)

                @step
                def right(self):
                    self.parts = [1, 2]
                    self.next(self.part, foreach="parts")

                @step
                def part(self):
                    self.part_count = 1
                    self.next(self.parts_join)

                @step
                def parts_join(self, inputs):
                    self.merge_artifacts(inputs, include=["parts"])
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.take(inputs)
                    self.next(self.again, foreach="part_count")

                def take(self, inputs):
                    self.merge_artifacts(inputs)

                @step
                def again(self):
                    self.next(self.again_join)

                @step
                def again_join(self, inputs):
                    self.next(self.end)
            """,
            at=("self.setting", '"part_count"'),
        ),
    ]
    good = [
        _DROPS_COUNTS.replace(_ASSIGNED, f"{_ASSIGNED}        {_MERGED}\n"),
        Good(
            """
            from metaflow import FlowSpec, Parameter, catch, step


            class Mixin:
                source = "arxiv"

                def keep(self, inputs):
                    self.papers = [one.papers for one in inputs]


            class ArxivTopics(Mixin, FlowSpec):
                limit = Parameter("limit", default=10)

                @step
                def start(self):
                    self.years = [2023, 2024]
                    self.next(self.fetch, foreach="years")

                @catch(var="failure")
                @step
                def fetch(self):
                    self.papers, self.pages, self.extra = fetch(self.input, self.limit)
                    self.next(self.join)

                @catch(var="failure")
                @step
                def join(self, inputs):
                    self.keep(inputs)
                    setattr(self, "pages", inputs[0].pages)
                    print(self.source, self.limit, self.papers, self.pages)
                    if hasattr(self, "extra"):
                        print(self.extra)
                    try:
                        print(self.years)
                    except AttributeError:
                        self.years = []
                    self.next(self.end)

                @step
                def end(self):
                    print(self.years, self.failure)
            """,
            why="A mixin, `setattr`, `@catch` and the class set it, and other code checks first.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step

            from topics import restore


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
                    self.next(self.left, self.right)

                @step
                def left(self):
                    self.next(self.join)

                @step
                def right(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    restore(self, inputs)
                    self.next(self.end)

                @step
                def end(self):
                    print(self.papers)
            """,
            why="A function that gets the flow may set any attribute.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        reported: set[tuple[str, tuple[str, ...]]] = set()
        for lost in missing(flow, self.settings.event_decorators):
            if lost.joins and (lost.name, lost.joins) not in reported:
                reported.add((lost.name, lost.joins))
                yield self.finding(
                    lost.read.at,
                    _message(lost),
                    _help(lost, flow),
                    related=[(site, f"`{site.step}` sets it") for site in lost.setters]
                    + [(flow.all_steps[join], f"`{join}` drops it") for join in lost.joins],
                )


def _help(lost: Missing, flow: Flow) -> str:
    """What to do; `merge_artifacts` fails if the inputs have different values."""
    name, joins = lost.name, " and ".join(f"`{join}`" for join in lost.joins)
    inputs = flow.all_steps[lost.joins[0]].inputs
    if len(lost.joins) == 1 and _is_of_each_task(lost, flow):
        return f"collect it in {joins}: `self.{name} = [one.{name} for one in {inputs}]`"
    return (
        f"assign `self.{name}` in {joins}, or, if all inputs have the same value, merge it with "
        f'`self.merge_artifacts({inputs}, include=["{name}"])`'
    )


def _is_of_each_task(lost: Missing, flow: Flow) -> bool:
    """Whether only the tasks of a foreach set it, which the join closes: each has its own value."""
    join, nodes = lost.joins[0], flow.graph.nodes
    split = nodes.get(nodes[join].closes or "")
    if split is None or split.kind not in ("foreach", "parallel"):
        return False
    inside: set[str] = set()
    waiting = [edge.target for edge in split.after]
    while waiting:
        step = waiting.pop()
        if step != join and step in nodes and step not in inside:
            inside.add(step)
            waiting += [edge.target for edge in nodes[step].after]
    return bool(lost.setters) and inside.issuperset(lost.setting_steps)


def _message(lost: Missing) -> str:
    name, joins = lost.name, " and ".join(f"`{join}`" for join in lost.joins)
    if lost.joins == (lost.step.name,):
        return f"The join {joins} reads `{name}` before it takes it from its inputs"
    setters = " and ".join(f"`{setter}`" for setter in lost.setting_steps)
    drop = f"join {joins} drops" if len(lost.joins) == 1 else f"joins {joins} drop"
    verb = "sets" if len(lost.setting_steps) == 1 else "set"
    return f"`{lost.step.name}` reads `{name}`, which {setters} {verb} but the {drop}"
