"""MF406."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.questions import unpicklable
from lint_rules.analysis.default_factories import written_out
from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.own_yields import makes_generator
from lint_rules.analysis.saved_artifacts import persisted
from lint_rules.diagnostics.diagnostic import Finding, Fix, Replace, Safety
from lint_rules.model.code import Location
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_TITLES = """
from collections import defaultdict

from metaflow import FlowSpec, step


class ArxivTopics(FlowSpec):
    @step
    def start(self):
        self.titles = defaultdict({factory})
        self.titles[2024].append("a title")
        self.next(self.end)

    @step
    def end(self):
        print(self.titles[2024])
"""


class UnpicklableArtifact(Rule):
    """
    ## What it does
    Checks for artifacts that Metaflow cannot pickle: generators, open files, locks, sockets,
    database connections, weak references, modules and views of a dict. Also checks for containers
    with a lambda (`defaultdict(lambda: 0)`) or with a function defined inside the step, for
    lazy `map` and `filter` objects over a lambda, and for classes that are defined inside a
    function, their instances, and their members if they are enums. A call can define such a class
    too: `namedtuple("Point", "x y")`, `Enum("Color", "RED GREEN")`.

    ## Why is this bad?
    When a step ends, Metaflow pickles its artifacts. If it cannot pickle one of them, the step
    fails after all its work.

    The original guide says that you can save functions inside other artifacts. With today's
    Metaflow, that works only for functions that Python can import. A lambda or a local function
    fails with "Can't pickle local object".

    Pickle saves an instance of a class with the name of the class, and looks up that name in the
    module. It does not find a class that a function made: "attribute lookup Point on __main__
    failed". Define the class at module level, or save its plain data (`point._asdict()`,
    `Color.RED.value`).

    The rule does not report an object that the step deletes or replaces before it ends, because
    Metaflow does not save it.

    ## Fix safety
    The fix writes `defaultdict(list)` for `defaultdict(lambda: [])`, and the same for other empty
    values. Both do the same, but Python can import `list`.

    ## References
    The guide, "Surprises"; Python, "What can be pickled and unpickled?".
    """

    code, name = "MF406", "unpicklable-artifact"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.titles = (paper.title for paper in fetch())
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.titles",
        ),
        Bad(
            """
            import json
            import sqlite3
            import threading
            from socket import socket

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    def score(topic):
                        return topic

                    self.module = json
                    self.database = sqlite3.connect("papers.db")
                    cursor = self.database.cursor()
                    self.cursor = cursor
                    self.lock, self.socket = threading.Lock(), socket()
                    self.functions = {"score": score}
                    self.steps = [lambda topic: topic]
                    self.locks = [threading.Lock() for _ in range(3)]
                    counts = {"a": 1}
                    self.words = counts.keys()
                    with open("papers.json") as self.file:
                        pass
            """,
            at=(
                "self.module",
                "self.database",
                "self.cursor",
                "self.lock",
                "self.socket",
                "self.functions",
                "self.steps",
                "self.locks",
                "self.words",
                "self.file",
            ),
        ),
        Bad(
            _TITLES.format(factory="lambda: []"),
            at="self.titles",
            fixed=_TITLES.format(factory="list"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.titles = [paper.title for paper in fetch()]
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            import json
            import sqlite3

            from metaflow import FlowSpec, step


            def score(topic):
                return topic


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.database = sqlite3.connect("papers.db")
                    self.rows = self.database.execute("select 1").fetchall()
                    del self.database
                    self.file = open("papers.json")
                    self.text = self.file.read()
                    self.file.close()
                    self.file = None
                    self.functions = {"score": score}
                    self.total = sum(paper.words for paper in fetch())
                    self.titles = tuple(paper.title for paper in fetch())
                    self.words = list({"a": 1}.keys())
                    self.papers = json.loads(self.text)
                    self.items = [item for item in {"a": 1}.items()]
            """,
            why="Deleted or replaced in time, or plain data in the end.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        reported = set()
        for saved in persisted(flow):
            what = _unpicklable(saved.value) if saved.value else None
            if what:
                reported.add(saved.artifact.location)
                yield self.finding(
                    saved.artifact,
                    f"The artifact `{saved.artifact.name}` is {what}, which cannot be pickled, so "
                    "the step fails when it ends",
                    "save what you need of it as plain data, or keep it in a local variable",
                )
        if not _may_make_others(flow):
            return
        for one in unpicklable(flow, self.settings.event_decorators):
            if one.site.location not in reported:
                yield self.finding(
                    one.site,
                    f"The artifact `{one.name}` is {one.what}, which cannot be pickled, so the "
                    "step fails when it ends",
                    "save what you need of it as plain data, or keep it in a local variable",
                    self._named_factory(flow, one.site.location),
                )

    def _named_factory(self, flow: Flow, location: Location) -> Fix | None:
        for owner in flow.lineage:
            for artifacts in owner.artifacts.values():
                for artifact in artifacts:
                    if artifact.location == location:
                        found = written_out(artifact.value, artifact.function.scope)
                        if found is None:
                            return None
                        factory, name = found
                        edits = [Replace(factory.location, name)]
                        return self.fix(f"Write `{name}` for the lambda", edits)
        return None


def _may_make_others(flow: Flow) -> bool:
    """Whether the code has something in it whose result the data flow alone sees."""
    for owner in flow.classes:
        inside = owner.descendants
        functions = set(owner.functions)
        if inside.lambdas or any(one not in functions for one in inside.definitions):
            return True
    # Few files have one of these words, and to look at each name and expression takes long.
    if any(_has_words(owner.module) for owner in flow.lineage):
        names = (name for owner in flow.classes for name in owner.descendants.names)
        if any((name.qualified or "").startswith(_IN_MODULES) for name in names):
            return True
    if not any(_has_generators(owner.module) for owner in flow.lineage):
        return False
    makers = (f for owner in flow.lineage for f in owner.module.functions.values())
    methods = (f for owner in flow.classes for f in owner.functions)
    return any(makes_generator(function) for function in (*makers, *methods))


@remembered
def _has_words(module: Module) -> bool:
    """Whether a file may name what makes objects that cannot be pickled."""
    return any(word in module.code for word in _WORDS)


@remembered
def _has_generators(module: Module) -> bool:
    """Whether a file may have generators or coroutines."""
    return "yield" in module.code or "async" in module.code


_MODULES = ("weakref", "threading", "contextvars", "socket", "sqlite3", "multiprocessing")
_WORDS = (*_MODULES, "namedtuple", "make_dataclass", "NamedTuple", "enum.", "enum import")
_IN_MODULES = (
    *(f"{module}." for module in _MODULES),
    *("collections.namedtuple", "dataclasses.make_dataclass", "enum.", "typing.NamedTuple"),
)


def _unpicklable(value: Value) -> str | None:
    if value.kind is Kind.UNPICKLABLE:
        article = "an" if value.type[0] in "aeiou" else "a"
        return (
            f"a {value.container} with {article} {value.type}"
            if value.container
            else f"{article} {value.type}"
        )
    if value.kind is Kind.LOCAL_FUNCTION and value.container:
        inside = "a lambda" if value.type == "lambda" else f"the local function `{value.type}`"
        return f"a {value.container} with {inside}"
    return None
