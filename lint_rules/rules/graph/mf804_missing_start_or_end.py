"""MF804."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class MissingStartOrEnd(Rule):
    """
    ## What it does
    Checks that a flow has one start step and one end step.

    ## Why is this bad?
    Metaflow refuses the flow: "Your flow must have exactly one start step. Either name a step
    'start' or use @step(start=True)", "Multiple steps annotated with @step(end=True)" or
    "Ambiguous start step". A flow of one step needs neither.

    The rule does not report a flow without a start or an end if its file does not run it: subclasses
    may add the step.

    ## References
    Metaflow, "Basics of Metaflow": the structure of flows.
    """

    code, name = "MF804", "missing-start-or-end"
    group = Group.CORRECTNESS
    base_flows = True
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def load(self):
                    self.next(self.model)

                @step
                def model(self):
                    self.papers = 3


            if __name__ == "__main__":
                ArxivTopics()
            """,
            at=("load", "model"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step(start=True)
                def load(self):
                    self.next(self.end)

                @step(start=True)
                def begin(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="begin",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.last)

                @step(end=True)
                def last(self):
                    pass

                @step
                def end(self):
                    self.next(self.last)
            """,
            at="last",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    self.next(self.end)

                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
            at="end",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step(start=True)
            def load(self):
                self.next(self.save)

            @step(end=True)
            def save(self):
                pass


        if __name__ == "__main__":
            ArxivTopics()
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def model(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
            why="The only step is the start and the end.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class Loading(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)


            class ArxivTopics(Loading):
                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
            why="The flow that runs has both. Its base class does not run.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            what, _, role = problem.kind.partition("-")
            role = role.removesuffix("-but").rstrip("s")
            first = "first" if role == "start" else "last"
            mark = f"`@step({role}=True)`"
            named = [f"`{name}`" for name in problem.names]
            if what == "two":
                message = f"The steps {' and '.join(named)} are both marked as the {role} step, but only one is allowed"
                help = f"keep {mark} on one of them"
            elif what == "ambiguous":
                message = f"The step {named[0]} is marked as the {role} step, but there is also a step named {named[1]}"
                help = f"rename {named[1]}, or remove `{role}=True` from {named[0]}"
            elif what == "undecorated":
                message = (
                    f"The flow `{flow.name}` has no {role} step: the method `{role}` lacks `@step`"
                )
                help = "write `@step` above it"
            elif not named:
                message = f"The flow `{flow.name}` has no {role} step"
                help = f"name its {first} step `{role}`, or mark it with {mark}"
            else:
                shown = "nothing leads to it" if role == "start" else "it has no `self.next`"
                message = f"The flow `{flow.name}` has no {role} step; perhaps {named[0]} is meant, because {shown}"
                help = f"rename {named[0]} to `{role}`, or mark it with {mark}"
            yield self.finding(problem, message, help, related=problem.related)
