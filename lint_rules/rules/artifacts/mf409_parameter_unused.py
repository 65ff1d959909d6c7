"""MF409."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from lint_rules.analysis.attribute_uses import may_read
from lint_rules.analysis.test_mode import test_mode
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Constant
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ParameterUnused(Rule):
    """
    ## What it does
    Checks for parameters that nothing in the flow, its base flows or its decorators reads.

    ## Why is this bad?
    Users of the flow believe that the parameter changes something. Either the code that should read
    it is missing, or nobody needs the parameter anymore.

    The rule ignores:

    - flows without a first or last step, because other flows complete them;
    - flows that pass `self` to other code;
    - flows with a base class or a decorator that the linter cannot read, because it may read the
      parameter.

    For the test mode, see `test-mode-ignored`.

    ## References
    Metaflow, "How to define parameters for flows".
    """

    code, name = "MF409", "parameter-unused"
    group = Group.SUSPICIOUS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)
                limit = Parameter("limit", default=10)

                @step
                def start(self):
                    self.papers = fetch(self.year)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="limit",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                papers = mf.IncludeFile("papers", default="papers.json")
                years = mf.Parameter("years", type=mf.JSONType, default="[2024]")
                test_mode = mf.Parameter("test-mode", default=True)

                @mf.step
                def start(self):
                    papers = fetch()
                    self.next(self.model, foreach="years")

                @mf.step
                def end(self):
                    pass
            """,
            at="papers",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, step


        class ArxivTopics(FlowSpec):
            year = Parameter("year", default=2024)

            @step
            def start(self):
                self.papers = fetch(self.year)
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, Parameter, step


            class Base(FlowSpec):
                limit = Parameter("limit", default=10)


            class ArxivTopics(Base):
                config = Config("config", default="config.json")
                year = Parameter("year", default=2024)
                place = Parameter("place", default="here")
                start_page = Parameter("start", default=1)
                words = Parameter("words", default=100)

                @step
                def start(self):
                    self.papers = fetch(getattr(self, "year"))
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.places = [branch.place for branch in inputs]
                    self.helper()

                def helper(self):
                    print(self.start_page)
                    self.papers.query("words > @self.words")

                @step
                def end(self):
                    pass
            """,
            why="Read by name, from another task, or by a method. A base flow passes its parameters on.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from topics import train


            class ArxivTopics(FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    train(self)

                @step
                def end(self):
                    pass
            """,
            why="The code passes `self` to a function.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class Fetching:
                def fetch(self):
                    return fetch(self.year)


            class ArxivTopics(Fetching, FlowSpec):
                year = Parameter("year", default=2024)

                @step
                def start(self):
                    self.papers = self.fetch()
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="A mixin reads it.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not (flow.knows_its_bases and flow.is_complete):
            return
        if flow.own_decorators(self.settings.event_decorators):
            return
        mode = test_mode(flow)
        owners = (flow, *flow.subclasses)
        for parameter in flow.parameters:
            if parameter is mode or parameter.kind == "Config":
                continue
            name = parameter.attribute
            if any(may_read(owner, name) for owner in owners) or _is_named(parameter, flow):
                continue
            yield self.finding(
                parameter,
                f"Nothing in the flow `{flow.name}` reads the parameter `{name}`",
                f"read `self.{name}` in a step, or remove the parameter",
            )


def _is_named(parameter: Parameter, flow: Flow) -> bool:
    """Whether a call has the parameter in a string: `self.next(…, foreach="years")`, or as
    `{years}` or `self.years` inside a string."""
    return _Texts.of(flow.module).name(parameter.attribute, parameter.call)


class _Texts:
    """The strings in the arguments of a file's calls."""

    def __init__(self, module: Module) -> None:
        self._calls: dict[str, set[Call]] = {}
        for call in module.descendants.calls:
            for argument in call.arguments:
                text = argument.value.text if isinstance(argument.value, Constant) else None
                if text is not None:
                    for name in (text, *_FIELD.findall(text)):
                        self._calls.setdefault(name, set()).add(call)
                    for name in _ATTRIBUTE.findall(text):
                        self._calls.setdefault(f"self.{name}", set()).add(call)
        self._names = sorted(self._calls)

    @staticmethod
    @remembered
    def of(module: Module) -> _Texts:
        """The strings of a file."""
        return _Texts(module)

    def name(self, name: str, but: Call) -> bool:
        """Whether a string of any call, except `but`, names a parameter."""
        if self._calls.get(name, _NONE) - {but}:
            return True
        prefix = f"self.{name}"
        for known in self._names[bisect_left(self._names, prefix) :]:
            if not known.startswith(prefix):
                return False
            if self._calls[known] - {but}:
                return True
        return False


_NONE: frozenset[Call] = frozenset()
_FIELD = re.compile(r"(?<=\{)\w+(?=\})")
_ATTRIBUTE = re.compile(r"(?=self\.(\w+))")
