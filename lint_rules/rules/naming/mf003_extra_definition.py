"""MF003."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.home_for_code import home_for_code
from lint_rules.analysis.step_graph.decorators import derives_from
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Class, Definition, Expression, Lambda, Name
from lint_rules.model.flow import PARAMETER_KINDS
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_TAKES_CALLABLES = (*PARAMETER_KINDS, "trigger", "trigger_on_finish", "config_expr")

_CALLED_AT_LOAD = ("FlowMutator", "StepMutator", "UserStepDecorator")


class ExtraDefinition(Rule):
    """
    ## What it does
    Checks for functions and classes in a flow file, other than the flow.

    Flows in files of tests are not checked.

    ## Why is this bad?
    A flow file should show which steps run, and in which order. The functions that do the work
    belong in the project's package, where you can find, test and reuse them. To import them from a
    flow file, a program has to import the flow too. Objects of a class in a flow file are pickled
    as `__main__.Something`, and no other program can load them.

    Functions that Metaflow calls before a run starts may stay: the default of a `Parameter`, the
    parser of a `Config`, the name of a trigger, mutators and step decorators.

    ## References
    The guide, "A flow file".
    """

    code, name = "MF003", "extra-definition"
    group = Group.STYLE
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            def fetch_papers(year):
                return []


            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    self.papers = fetch_papers(2024)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="fetch_papers",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class Base(FlowSpec):
                owner = "research"


            class ArxivPapers(Base):
                @step
                def start(self):
                    pass
            """,
            at="Base",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivPapers(FlowSpec):
            @step
            def start(self):
                from arxiv_topics.papers import fetch_papers

                self.papers = fetch_papers(2024)
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            def this_year(context):
                return str(date.today().year)


            class ArxivPapers(FlowSpec):
                year = Parameter("year", default=this_year)

                @step
                def start(self):
                    pass
            """,
            why="Metaflow calls the default when it deploys the flow.",
        ),
        Good(
            """
            from metaflow import FlowSpec


            class Base(FlowSpec):
                owner = "research"


            def helper():
                pass
            """,
            why="This is not a flow file, because nothing in it can run.",
        ),
        Good(
            """
            from metaflow import FlowMutator, FlowSpec, step, user_step_decorator


            class nightly(FlowMutator):
                def pre_mutate(self, mutable_flow):
                    mutable_flow.add_decorator("schedule", deco_kwargs={"daily": True})


            @user_step_decorator
            def timed(step_name, flow, inputs=None, attributes=None):
                yield


            @nightly
            class ArxivTopics(FlowSpec):
                @timed
                @step
                def start(self):
                    pass
            """,
            why="Metaflow calls mutators and step decorators.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flows = {flow.name: flow for flow in module.flows}
        runnable = module.runnable
        if not runnable or module.is_test:
            return
        called_by_metaflow = _called_by_metaflow(module, self.settings.event_decorators)
        for definition in module.definitions:
            flow = flows.get(definition.name)
            if flow in runnable or definition.name in called_by_metaflow:
                continue
            if _is_for_metaflow(definition, module):
                continue
            kind = "class" if isinstance(definition, Class) else "function"
            yield self.finding(
                definition,
                f"The file of the flow `{runnable[0].name}` also defines the {kind} `{definition.name}`",
                f"move it into {home_for_code(module)}, and import it in the steps that use it",
            )


def _is_for_metaflow(definition: Definition, module: Module) -> bool:
    """Whether it is a mutator or a step decorator, which Metaflow calls when it loads the flow."""
    if isinstance(definition, Class):
        return derives_from(definition, module, _CALLED_AT_LOAD)
    return any(metaflow_name(d.qualified) == "user_step_decorator" for d in definition.decorators)


def _called_by_metaflow(module: Module, event_decorators: tuple[str, ...]) -> set[str]:
    """The names of functions that Metaflow gets, and calls when it deploys the flow."""
    names: set[str] = set()
    for call in module.descendants.calls:
        is_metaflow = metaflow_name(call.function.qualified) in _TAKES_CALLABLES
        if is_metaflow or _last_name(call) in event_decorators:
            for argument in call.arguments:
                names.update(_handed_on(argument.value))
    return names


def _last_name(call: Call) -> str:
    function = call.function
    return function.name.rpartition(".")[2] if isinstance(function, Name) else ""


def _handed_on(value: Expression) -> Iterator[str]:
    """The functions that a value passes on without a call, or calls in a lambda."""
    if isinstance(value, Name):
        yield value.name
    elif isinstance(value, Lambda):
        for expression in value.walk():
            if isinstance(expression, Name):
                yield expression.name
    elif not isinstance(value, Call):
        for part in value.parts:
            yield from _handed_on(part)
