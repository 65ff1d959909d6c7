"""MF428."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.class_attributes import ClassAttribute
from lint_rules.analysis.class_reads import ClassRead, class_reads
from lint_rules.analysis.unsavable import (
    ALIAS,
    CLASS,
    MODULE,
    NAMELESS,
    PARTIAL,
    PROPERTY,
    TAKEN,
    Unsavable,
    unsavable,
)
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Function, Name
from lint_rules.model.flow import Flow, Parameter
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnsavableClassAttribute(Rule):
    """
    ## What it does
    Checks that Metaflow can save the values in the body of a flow's class and its mixins.

    ## Why is this bad?
    Before the run, Metaflow saves each attribute of the class, together with the parameters. It
    leaves out functions and properties. If an attribute is a class, a module or a lock, every run
    fails before its first step, although `check` passes. The message is one of these:

    - "AttributeError: 'ArxivTopics' object has no attribute 'Paper'", with `delattr(flow, var)` as
      the last line of the traceback, for a class, an alias of a class or a `partialmethod`.
    - "Data store error: Cannot pickle dump artifact named "lock"", or "Serializer PickleSerializer
      failed on artifact 'papers': PicklingError: Can't pickle <function ArxivTopics.papers>: it's
      not the same object as \\_\\_main\\_\\_.ArxivTopics.papers", for an object that pickle does
      not accept.

    Metaflow saves other objects that you can call, such as a method under `lru_cache`. But in a
    task, such an object becomes a property: reading `self.score` calls it, with only the flow as
    its argument. The step fails with "TypeError: 'int' object is not callable" or "missing 1
    required positional argument".

    In a task, each value of the class body becomes a property. `self.limit` returns the value, but
    `ArxivTopics.limit` and `type(self).limit` are "<property object at 0x7f5d257508b0>", and
    computing with them fails: "TypeError: unsupported operand type(s) for +: 'property' and 'int'".

    Functions, lambdas, properties, static methods, loggers, compiled patterns, members of enums and
    type aliases such as `list[int]` work.

    ## References
    Metaflow, "Creating flows": class-level attributes are saved as constants. Python, "What can be
    pickled and unpickled?".
    """

    code, name = "MF428", "unsavable-class-attribute"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from dataclasses import dataclass
            from functools import cached_property, lru_cache
            from threading import Lock

            from metaflow import FlowSpec, step


            class Titles:
                lock = Lock()


            class ArxivTopics(Titles, FlowSpec):
                import json

                @dataclass
                class Paper:
                    title: str = ""

                Error = ValueError
                scorers = {"length": lambda title: len(title)}

                @cached_property
                def papers(self):
                    return ["a"]

                @lru_cache
                def score(self, title):
                    return len(title)

                @step
                def start(self):
                    self.total = self.score("a title")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("lock", "json", "Paper", "Error", "scorers", "papers", "score"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                LIMIT = 10

                @step
                def start(self):
                    self.most = ArxivTopics.LIMIT + 1
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="ArxivTopics.LIMIT",
        ),
    ]
    good = [
        Good(
            """
            import functools
            import logging
            import re
            from enum import Enum

            from metaflow import FlowSpec, step


            class Area(Enum):
                MATHS = "math"


            class ArxivTopics(FlowSpec):
                log = logging.getLogger("topics")
                WORD = re.compile("[a-z]+")
                Titles = list[str]
                AREA = Area.MATHS
                LONGEST = max
                _Area = Area

                lower = lambda self, title: title.lower()

                @staticmethod
                def words(title):
                    return title.split()

                @classmethod
                @functools.cache
                def limit(cls):
                    return 10

                @property
                def area(self):
                    return self.AREA

                @step
                def start(self):
                    print(self.lower("A"), self.words("a b"), self.limit(), self.area)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="Metaflow saves these, or leaves them out. A name with `_` may stand for a class.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for found in unsavable(flow):
            yield self._of(found, flow)
        for read in class_reads(flow):
            yield self._read(read, flow)

    def _of(self, found: Unsavable, flow: Flow) -> Finding:
        name, place = found.attribute.name, found.attribute.owner.name
        if found.read is not None:
            return self._called(found.attribute, found.read)
        fails = f"so every run of `{flow.name}` fails before its first step"
        message, help = {
            CLASS: (
                f"The class `{name}` is in the body of `{place}`, and Metaflow saves it there, "
                f"{fails}",
                "move the class out of the flow, into a module that the steps import",
            ),
            ALIAS: (
                f"`{name}` in the body of `{place}` is a class and Metaflow saves it there, {fails}",
                f"use the class itself in the steps, or call the attribute `_{name}`",
            ),
            PROPERTY: (
                f"`{name}` is a `cached_property`, which cannot be pickled, {fails}",
                "write `@property`, or compute the value in a step and save it as an artifact",
            ),
            PARTIAL: (
                f"`{name}` is a `partialmethod`, which Metaflow cannot save, {fails}",
                f"write a method `{name}` that calls the other one",
            ),
            MODULE: (
                f"`{name}` is a module in the body of `{place}` and cannot be pickled, {fails}",
                "move the import to the top of the file, or into the steps that use it",
            ),
            NAMELESS: (
                f"`{name}` in the body of `{place}` cannot be pickled, because no module has it "
                f"under its name, {fails}",
                "move the assignment out of the flow, to module level",
            ),
            TAKEN: (
                f"`{name}` in the body of `{place}` takes the place of `FlowSpec.{name}`, {fails}",
                f"give it another name than `{name}`",
            ),
        }.get(found.how) or (
            f"`{name}` in the body of `{place}` is {found.what}, which cannot be pickled, {fails}",
            "make it in the step that uses it, or at module level",
        )
        return self.finding(found.attribute, message, help)

    def _read(self, read: ClassRead, flow: Flow) -> Finding:
        name = read.name
        kind = read.what.kind if isinstance(read.what, Parameter) else "class attribute"
        return self.finding(
            read.at,
            f"`{read.function.name}` reads the {kind} `{name}` through the class: in a task, that gives "
            "a property and not the value",
            f"read `self.{name}`, or move the constant out of the flow, to module level",
            related=[(read.what, "defined here")],
        )

    def _called(self, attribute: ClassAttribute, read: Name) -> Finding:
        name = attribute.name
        if isinstance(attribute.statement, Function):
            return self.finding(
                attribute,
                f"`{name}` is a method with a cache, and a step cannot call it: reading "
                f"`self.{name}` calls it with only `self`",
                "put the cache on a function outside of the flow, and call that in the method",
                related=[(read, "called here")],
            )
        return self.finding(
            read,
            f"`{name}` in the body of `{attribute.owner.name}` is not a method, and a step cannot call "
            f"it: reading `self.{name}` calls it with only `self`",
            "write a method that calls it",
            related=[(attribute, "defined here")],
        )
