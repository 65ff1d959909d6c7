"""MF816."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.decorator_conflicts import excluding, inherited, repeated, unsupported
from lint_rules.analysis.decorators import Applied, applied, has_others, is_changed, places_of
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.analysis.step_graph import is_replaced
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.metaflow import Facts
from lint_rules.model.code import Definition, Function
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group


class MisplacedDecorator(Rule):
    """
    ## What it does
    Checks the places of Metaflow's decorators: a step's on a step and a flow's on a flow, only once,
    not with a decorator that it excludes, and on a kind of step that it supports.

    ## Why is this bad?
    Metaflow refuses the flow: "Decorator 'project' can be applied only to FlowSpecs", "You tried to
    apply decorator 'retry' on 'ArxivTopics' which is not declared as a @step", "Step 'start'
    already has a decorator 'retry'", "@catch is not supported in foreach split steps", "is marked
    for execution both on AWS Batch and Kubernetes". With both `@pypi` and `@conda`, it stops when it
    creates the environment: "Mixing and matching PyPI packages and Conda packages within a step is
    not yet supported".

    ## References
    Metaflow, "API reference": step decorators, flow decorators.
    """

    code, name = "MF816", "misplaced-decorator"
    group = Group.CORRECTNESS
    base_flows = True
    options = ("metaflow-version",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, retry, step


            @retry
            class ArxivTopics(FlowSpec):
                @project(name="arxiv_topics")
                @step
                def start(self):
                    self.next(self.end)

                @retry(times=2)
                @retry
                @step
                def end(self):
                    pass
            """,
            at=("@retry", '@project(name="arxiv_topics")', "@retry(times=2)"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, catch, step


            class ArxivTopics(FlowSpec):
                @catch(var="failure")
                @step
                def start(self):
                    self.papers = ["a", "b"]
                    self.next(self.model, foreach="papers")

                @step
                def model(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='@catch(var="failure")',
        ),
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv")
            class Base(FlowSpec):
                pass


            @project(name="arxiv_topics")
            class ArxivTopics(Base):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='@project(name="arxiv_topics")',
        ),
        Bad(
            """
            from metaflow import FlowSpec, batch, kubernetes, step


            class ArxivTopics(FlowSpec):
                @batch(cpu=4)
                @kubernetes(cpu=4)
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="@kubernetes(cpu=4)",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, card, catch, project, retry, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @card(id="one")
            @card(id="two")
            @retry
            @step
            def start(self):
                self.papers = ["a", "b"]
                self.next(self.model, foreach="papers")

            @catch(var="failure")
            @step
            def model(self):
                self.next(self.join)

            @step
            def join(self, inputs):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step
            from tenacity import retry


            class ArxivTopics(FlowSpec):
                @retry
                @retry
                def fetch(self):
                    return []

                @step
                def start(self):
                    self.papers = self.fetch()
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="This `retry` is not Metaflow's.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        yield from self._inherited(flow)
        metaflow = None
        of_flow: list[Applied] = []
        steps = {step.function: step for step in flow.steps}
        for definition in places_of(flow):
            if not any(decorator.name != "step" for decorator in definition.decorators):
                continue
            metaflow = metaflow or metaflow_of(flow.module, self.settings.metaflow_version)
            if metaflow is None:
                return
            found = applied(definition, flow.module, metaflow)
            yield from self._misplaced(definition, found)
            kind = "step" if isinstance(definition, Function) else "flow"
            found = [one for one in found if one.known.kind == kind]
            yield from self._twice(definition, found)
            step = steps.get(definition) if isinstance(definition, Function) else None
            if definition is flow.definition:
                of_flow = found
            if has_others(definition) or is_changed(flow) or (step and is_replaced(step)):
                continue
            above = of_flow if step else []
            yield from self._excluded(definition, found, above, metaflow)
            if step:
                yield from self._unsupported(step, found)

    def _misplaced(self, definition: Definition, found: list[Applied]) -> Iterator[Finding]:
        name = definition.name
        if isinstance(definition, Function):
            is_step = any(metaflow_name(d.qualified) == "step" for d in definition.decorators)
            for one in found:
                if one.known.kind == "flow":
                    yield self.finding(
                        one,
                        f"`@{one.name}` is a decorator of flows, but it is on "
                        f"{'the step' if is_step else 'the method'} `{name}`",
                        "move it above the class of the flow",
                    )
                elif not is_step and not _goes_on(definition) and not has_others(definition):
                    yield self.finding(
                        one,
                        f"`@{one.name}` is a decorator of steps, but `{name}` is not a step",
                        f"write `@step` above `def {name}`, or move `@{one.name}` to the step that "
                        "calls it",
                    )
            return
        for one in found:
            if one.known.kind == "step":
                yield self.finding(
                    one,
                    f"`@{one.name}` is a decorator of steps, but it is on the flow `{name}`",
                    "move it above the `@step` of each step that needs it",
                )

    def _twice(self, definition: Definition, found: list[Applied]) -> Iterator[Finding]:
        for one, other in repeated(found):
            yield self.finding(
                one,
                f"`@{one.name}` is twice on `{definition.name}`",
                "keep one of them, with the arguments of both",
                related=[(other, "the other one")],
            )

    def _inherited(self, flow: Flow) -> Iterator[Finding]:
        """Decorators of a flow that a base of it has, too, or that two bases have."""
        if sum(bool(owner.definition.decorators) for owner in flow.lineage) < 2 or is_changed(flow):
            return
        metaflow = metaflow_of(flow.module, self.settings.metaflow_version)
        for one, owner, other, base in inherited(flow, metaflow) if metaflow else ():
            at: HasLocation = one
            related = [(other, "the other one")]
            if owner is flow:
                message = f"`@{one.name}` is on `{flow.name}` and on its base `{base.name}`"
            else:
                at, related = flow, [(one, "one of them"), *related]
                bases = f"`{owner.name}` and from `{base.name}`"
                message = f"`{flow.name}` inherits `@{one.name}` from {bases}"
            yield self.finding(
                at,
                message,
                "leave one of them: a flow inherits the decorators of its bases",
                related=related,
            )

    def _excluded(
        self,
        definition: Definition,
        found: list[Applied],
        above: list[Applied],
        metaflow: Facts,
    ) -> Iterator[Finding]:
        for first, second in excluding(found, above, metaflow):
            where = f"on the flow of `{definition.name}`" if first in above else "here"
            yield self.finding(
                second,
                f"`@{second.name}` on `{definition.name}` and `@{first.name}` {where} "
                "exclude each other",
                "keep one of them",
                related=[(first, "the other one")],
            )

    def _unsupported(self, step: Step, found: list[Applied]) -> Iterator[Finding]:
        for one, kind in unsupported(step, found):
            yield self.finding(
                one,
                f"`@{one.name}` is not supported on {_KINDS[kind]}, which `{step.name}` is",
                f"move what needs `@{one.name}` into a step of its own",
                related=[
                    (transition, f"the {kind} in `{step.name}`")
                    for transition in step.transitions[:1]
                    if kind in ("foreach", "switch")
                ],
            )


_KINDS = {
    "foreach": "a step that starts a foreach",
    "switch": "a switch",
    "split": "a step that splits",
    "join": "a join",
    "parallel": "a step with `@parallel`",
}


def _goes_on(function: Function) -> bool:
    """Whether a method calls `self.next`: then it lacks `@step`, which another rule reports."""
    name = f"{function.self_name}.next"
    return any(getattr(call.function, "name", "") == name for call in function.descendants.calls)
