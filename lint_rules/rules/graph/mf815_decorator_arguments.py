"""MF815."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.decorator_problems import ArgumentProblem, argument_problems
from lint_rules.analysis.decorators import (
    Applied,
    applied,
    has_others,
    is_changed,
    places_of,
)
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.analysis.suggestions import certain_match
from lint_rules.diagnostics.diagnostic import Edit, Finding, Replace, Safety
from lint_rules.model.code import Argument, Constant, Definition, Function, Location, Range
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_OF_STEP = ("start", "end")
"""What flows give `@step`."""


class DecoratorArguments(Rule):
    """
    ## What it does
    Checks that Metaflow's decorators accept their arguments.

    ## Why is this bad?
    Metaflow refuses the flow: "Decorator 'resources' does not support the attribute 'gpus'. These
    attributes are supported: …", "The maximum number of retries is @retry(times=4)", "Specify a
    duration for @timeout", "@project needs a name", "Specify only one of *event* or *events*
    attributes". An argument without a name hides the cause: "You tried to apply decorator 'card' on
    'start' which is not declared as a @step". Metaflow finds other wrong values only when it
    prepares the step for another machine: `@resources(memory="16GB")` fails on Kubernetes. The
    number in `python=3.10` is 3.1.

    The rule does not check decorators of extensions. In a project that uses an extension, it checks
    no decorators.

    ## Fix safety
    The fix corrects a misspelled argument if only one name is similar. It is safe, because Metaflow
    refuses the flow without it.

    ## References
    Metaflow, "API reference": step decorators, flow decorators.
    """

    code, name = "MF815", "decorator-arguments"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    base_flows = True
    yields_to = ("MF103", "MF704")
    options = ("metaflow-version",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, card, project, retry, step, timeout


            @project()
            class ArxivTopics(FlowSpec):
                @retry(times=10)
                @card("html")
                @step
                def start(self):
                    self.next(self.model)

                @timeout
                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("@project()", "10", '"html"', "@timeout"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, resources, step


            class ArxivTopics(FlowSpec):
                @resources(gpus=1)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="gpus=1",
            fixed="""
            from metaflow import FlowSpec, resources, step


            class ArxivTopics(FlowSpec):
                @resources(gpu=1)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step, trigger


            @trigger(event="papers", events=["authors"])
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='@trigger(event="papers", events=["authors"])',
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step(retries=3)
                def start(self):
                    self.next(self.end)

                @step("end")
                def end(self):
                    pass
            """,
            at=("retries=3", '"end"'),
        ),
        Bad(
            """
            from metaflow import FlowSpec, kubernetes, pypi, step


            class ArxivTopics(FlowSpec):
                @pypi(python=3.10, packages=["pandas"])
                @kubernetes(memory="16GB")
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("3.10", '["pandas"]', '"16GB"'),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, resources, retry, step, timeout, trigger


        @project(name="arxiv_topics")
        @trigger(event=None, events=["papers"])
        class ArxivTopics(FlowSpec):
            @retry(times="4", minutes_between_retries=0)
            @timeout(minutes=5)
            @step
            def start(self):
                self.next(self.end)

            @resources(memory="16000", cpu=0.5)
            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, config_expr, resources, retry, step

            OPTIONS = {"times": 2}


            class ArxivTopics(FlowSpec):
                config = Config("config", default_value={"memory": 1000, "cpu": 2})

                @retry(**OPTIONS)
                @resources(memory=config.memory, cpu=config_expr("config.cpu"))
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The rule does not check values that it cannot read.",
        ),
        Good(
            """
            from metaflow import FlowSpec, checkpoint, kubernetes, step


            class ArxivTopics(FlowSpec):
                @checkpoint(load_policy="fresh")
                @kubernetes(compute_pools="small")
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="`checkpoint` comes with an extension, which may change other decorators, too.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        metaflow = None
        for definition in places_of(flow):
            yield from self._of_step_itself(definition)
            if not any(decorator.name != "step" for decorator in definition.decorators):
                continue
            metaflow = metaflow or metaflow_of(flow.module, self.settings.metaflow_version)
            if metaflow is None:
                return
            kind = "step" if isinstance(definition, Function) else "flow"
            found = [a for a in applied(definition, flow.module, metaflow) if a.known.kind == kind]
            names = {one.name for one in found}
            is_certain = not has_others(definition) and not is_changed(flow)
            for one in found:
                for problem in argument_problems(one, names):
                    if is_certain or problem.stage == "load":
                        yield self._finding(one, problem)

    def _of_step_itself(self, definition: Definition) -> Iterator[Finding]:
        """What `@step` is given, which takes less than other decorators."""
        for decorator in definition.decorators:
            if decorator.call is None or metaflow_name(decorator.qualified) != "step":
                continue
            for argument in decorator.call.arguments:
                if argument.star:
                    continue
                if _is_taken_for_method(argument):
                    message = "`@step` takes arguments only by name, but has one without a name"
                    yield self.finding(argument.value, message, "leave it out")
                elif argument.name not in (None, "f", "node_info", *_OF_STEP):
                    meant = certain_match(argument.name, _OF_STEP)
                    yield self.finding(
                        argument,
                        f"`@step` has no attribute `{argument.name}`",
                        f"write `{meant}=`"
                        if meant
                        else "leave it out; `@step` takes `start=True` or `end=True`",
                    )

    def _finding(self, one: Applied, problem: ArgumentProblem) -> Finding:
        fix = None
        if problem.meant and isinstance(problem.at, Argument):
            fix = self.fix(f"Write `{problem.meant}=`", [_renamed(problem.at, problem.meant)])
        at = problem.at or one
        return self.finding(at, problem.message, problem.help, fix)


def _is_taken_for_method(argument: Argument) -> bool:
    """Whether `@step` takes a literal for the method that it stands on."""
    value = argument.value
    return argument.name is None and isinstance(value, Constant) and value.value is not None


def _renamed(argument: Argument, meant: str) -> Edit:
    """The edit that gives an argument another name."""
    name = Range(argument.start, argument.start + len(argument.name or ""))
    return Replace(Location(argument.file, name), meant)
