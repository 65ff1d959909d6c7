"""MF816."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.decorator_conflicts import excluding, inherited, repeated, unsupported
from lint_rules.analysis.decorator_places import Place, decorated, is_decorated, misplaced
from lint_rules.analysis.decorators import Applied, is_changed, places_of
from lint_rules.analysis.metaflow_version import metaflow_of
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.metaflow import Facts
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group


class MisplacedDecorator(Rule):
    """
    ## What it does
    Checks that Metaflow's decorators are where they belong: decorators of steps on steps, and
    decorators of flows on flows.

    A decorator must not be there twice, or together with one that it excludes, and it must support
    the kind of step.

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
        of_bases = sum(bool(owner.definition.decorators) for owner in flow.lineage)
        if of_bases < 2 and not any(is_decorated(place) for place in places_of(flow)):
            return
        metaflow = metaflow_of(flow.module, self.settings.metaflow_version)
        if metaflow is None:
            return
        if not is_changed(flow):
            yield from self._inherited(flow, metaflow)
        for place in decorated(flow, metaflow):
            for one in misplaced(place):
                yield self._misplaced(one, place)
            for one, other in repeated(place.fitting):
                yield self.finding(
                    one,
                    f"`@{one.name}` is twice on `{place.definition.name}`",
                    "keep one of them, with the arguments of both",
                    related=[(other, "the other one")],
                )
            if place.is_certain:
                yield from self._excluded(place, metaflow)
                if place.step is not None:
                    yield from self._unsupported(place.step, place)

    def _misplaced(self, one: Applied, place: Place) -> Finding:
        name = place.definition.name
        where = f"it is on the {place.kind} `{name}`"
        if one.known.kind == "flow":
            help = "move it above the class of the flow"
        elif place.kind == "flow":
            help = "move it above the `@step` of each step that needs it"
        else:
            where = f"`{name}` is not a step"
            help = (
                f"write `@step` above `def {name}`, or move `@{one.name}` to the step that calls it"
            )
        return self.finding(
            one, f"`@{one.name}` is a decorator of {one.known.kind}s, but {where}", help
        )

    def _inherited(self, flow: Flow, metaflow: Facts) -> Iterator[Finding]:
        """Decorators of a flow that a base of it has, too, or that two bases have."""
        for one, owner, other, base in inherited(flow, metaflow):
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
                "keep one of them: a flow inherits the decorators of its bases",
                related=related,
            )

    def _excluded(self, place: Place, metaflow: Facts) -> Iterator[Finding]:
        name = place.definition.name
        for first, second in excluding(place.fitting, place.of_flow, metaflow):
            where = f"on the flow of `{name}`" if first in place.of_flow else "here"
            yield self.finding(
                second,
                f"`@{second.name}` on `{name}` and `@{first.name}` {where} exclude each other",
                "keep one of them",
                related=[(first, "the other one")],
            )

    def _unsupported(self, step: Step, place: Place) -> Iterator[Finding]:
        for one, kind in unsupported(step, place.fitting):
            yield self.finding(
                one,
                f"`@{one.name}` is on `{step.name}`, but it does not support {_KINDS[kind]}",
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
