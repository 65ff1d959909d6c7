"""MF802."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding, Related
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UnknownStep(Rule):
    """
    ## What it does
    Checks that every step named in `self.next` exists.

    ## Why is this bad?
    Metaflow refuses to run a flow if a transition names a step that the flow does not have. Often
    somebody renamed the step, or forgot `@step`.

    The rule ignores flows with base classes that the linter cannot read. It also ignores flows
    without a first or last step of their own, because other flows complete them.

    ## References
    Metaflow, "Basics of Metaflow": transitions.
    """

    code, name = "MF802", "unknown-step"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.modell)

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.modell",
        ),
        Bad(
            """
            import metaflow as mf


            class Ends(mf.FlowSpec):
                @mf.step
                def end(self):
                    pass


            class ArxivTopics(Ends):
                @mf.step
                def start(self):
                    self.next({"yes": self.model, "no": self.stop, "maybe": self.end}, condition="answer")

                def model(self):
                    return 20
            """,
            at=("self.model", "self.stop"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class Ends(FlowSpec):
                @step
                def start(self):
                    self.next(self.modell)

                @step
                def end(self):
                    pass


            class ArxivTopics(Ends):
                @step
                def model(self):
                    self.next(self.end)
            """,
            at="self.modell",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.model)

            @step
            def model(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step

            from topics import Base


            class Shared(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)


            class ArxivTopics(Base):
                @step
                def start(self):
                    self.next(self.model)

                @step
                def end(self):
                    pass
            """,
            why="Another flow completes the first flow, and the base class of the second is unknown.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            source, name, *steps = problem.names
            what = (
                "which is a method without `@step`"
                if problem.kind == "method"
                else "which the flow does not have"
            )
            near = similar(name, steps, flow.module)
            related = list(problem.related)
            if near in flow.all_steps and not related:
                here = flow.all_steps[near].location
                related.append(Related(here, f"`{near}` is defined here"))
            yield self.finding(
                problem,
                f"`{source}` goes on to the step `{name}`, {what}",
                f"name a step of the flow. Did you mean `{near}`?"
                if near
                else "name a step of the flow, or add it",
                related=related,
            )
