"""MF405."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.data_flow.questions import Missing, missing
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UndefinedArtifact(Rule):
    """
    ## What it does
    Checks for artifacts that a step reads, but that no step sets on any path from the start to it.

    ## Why is this bad?
    The step fails with an `AttributeError`, perhaps hours after the run started. Often somebody
    misspelled the name, or renamed it in only one place.

    The rule reports each artifact once, where a step first reads it. All steps have the parameters,
    the attributes of classes, and what Metaflow sets (`self.input`, `self.index`). The rule
    ignores:

    - flows with a graph, a base class or a decorator that the linter cannot read;
    - steps after one that passes `self` to other code, or sets attributes with computed names;
    - code that checks whether the artifact exists.

    ## References
    Metaflow, "Basics of Metaflow": artifacts are available in all steps after the one that
    assigned them.
    """

    code, name = "MF405", "undefined-artifact"
    group = Group.CORRECTNESS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch()
                    self.next(self.model)

                @step
                def model(self):
                    self.topics = model(self.paper)
                    self.next(self.end)

                @step
                def end(self):
                    print(self.topics)
            """,
            at="self.paper",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                year: int

                @mf.step
                def start(self):
                    self.years: list[int]
                    self.count += 1
                    self.answer = "short" if self.year else "long"
                    self.next({"short": self.short, "long": self.long}, condition="anwser")

                @mf.step
                def short(self):
                    self.papers = []
                    self.next(self.end)

                @mf.step
                def long(self):
                    self.papers.append(1)
                    self.pages[0] = 1
                    self.next(self.end)

                @mf.step
                def end(self):
                    print(self.papers)
                    self.reader.open()
                    self.reader = Reader()
            """,
            at=(
                "self.count",
                "self.year",
                '"anwser"',
                "self.papers.append",
                "self.pages",
                "self.reader.open",
            ),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.papers = fetch()
                self.next(self.model)

            @step
            def model(self):
                self.topics = model(self.papers)
                self.next(self.end)

            @step
            def end(self):
                print(self.topics)
        """,
        Good(
            """
            from functools import cached_property

            from metaflow import FlowSpec, IncludeFile, Parameter, card, current, step


            class Base(FlowSpec):
                limit = Parameter("limit", default=10)
                attempts: int = 3

                @property
                def is_long(self):
                    return self.limit > 10

                def prepare(self):
                    self.papers, (self.pages, *self.rest) = fetch()


            class ArxivTopics(Base):
                words = IncludeFile("words", default="words.txt")

                @step
                def start(self):
                    self.prepare()
                    print(self.is_long, self.limit, self.words, self.attempts, self.rest)
                    for self.round in range(3):
                        if self.round:
                            print(self.last)
                        self.last = self.round
                    self.answer = "again"
                    self.next(self.loop)

                @step
                def loop(self):
                    if self.answer == "again":
                        self.total = 0
                    else:
                        self.total += self.from_loop
                    self.from_loop = 1
                    self.next({"again": self.loop, "done": self.end}, condition="answer")

                @card
                @step
                def end(self):
                    print(self.papers, self.pages, self.index, self.input, self.total)

                    class Reader:
                        def open(self):
                            return self.file
            """,
            why="Inherited attributes, helper methods, loops in the code and in the graph.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step

            from topics import Base, cached


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    for name, value in settings().items():
                        setattr(self, name, value)
                    self.next(self.end)

                @step
                def end(self):
                    print(self.limit)


            class ArxivAuthors(Base):
                @step
                def start(self):
                    print(self.limit)
                    self.next(self.end)

                @step
                def end(self):
                    pass


            class ArxivPages(FlowSpec):
                @cached
                @step
                def start(self):
                    print(self.limit)
                    self.next(self.end)

                @step
                def end(self):
                    print(self.limit)
            """,
            why="A computed name, an unknown base class and an unknown decorator may set it.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        reported: set[str] = set()
        for undefined in missing(flow, self.settings.event_decorators):
            name = undefined.name
            if undefined.joins or name in reported or name.startswith("_"):
                continue
            reported.add(name)
            related = [(site, f"`{site.step}` sets it") for site in undefined.setters]
            message, help = _message(undefined), _help(undefined, flow)
            yield self.finding(undefined.read.at, message, help, related=related)


def _message(undefined: Missing) -> str:
    step, name = undefined.step.name, undefined.name
    if undefined.on_a_way:
        setters = " and ".join(f"`{setter}`" for setter in undefined.setting_steps)
        return f"`{step}` reads `{name}`, which only {setters} {_verb(undefined)}: another path leads around it"
    if undefined.is_deleted:
        return f"`{step}` reads `{name}` after the flow deletes it"
    if step in undefined.setting_steps:
        return f"`{step}` reads `{name}` before it is set"
    if undefined.setting_steps:
        setters = " and ".join(f"`{setter}`" for setter in undefined.setting_steps)
        return f"`{step}` reads `{name}`, which no earlier step sets, only {setters}"
    return f"`{step}` reads `{name}`, which no step sets"


def _verb(undefined: Missing) -> str:
    return "sets" if len(undefined.setting_steps) == 1 else "set"


def _help(undefined: Missing, flow: Flow) -> str:
    for parameter in flow.all_parameters:
        if parameter.name and parameter.name.replace("-", "_") == undefined.name:
            return f"read `self.{parameter.attribute}`, which has the option `--{parameter.name}`"
    near = similar(undefined.name, _names(flow), flow.module)
    if undefined.on_a_way:
        return f"set `self.{undefined.name}` before the switch, or in each of its cases"
    is_first = undefined.step.is_start or undefined.step.name in undefined.setting_steps
    where = "before this line" if is_first else "in an earlier step"
    help = f"set `self.{undefined.name}` {where}"
    return f"{help}, or did you mean `self.{near}`?" if near else help


@remembered
def _names(flow: Flow) -> frozenset[str]:
    """The names of the flow that its steps may read."""
    return frozenset((*flow.artifacts, *(p.attribute for p in flow.all_parameters)))
