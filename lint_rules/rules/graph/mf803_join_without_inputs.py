"""MF803."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Name
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class JoinWithoutInputs(Rule):
    """
    ## What it does
    Checks that a step takes `inputs` if it joins branches or reads `inputs`.

    ## Why is this bad?
    A join gets the artifacts of all its branches in a second argument, which is usually named
    `inputs`. Without it, Metaflow does not treat the step as a join, and refuses the flow ("reached
    before a split … were joined"). A step that reads `inputs` without the argument fails with a
    `NameError`.

    ## References
    Metaflow, "Basics of Metaflow": branch and foreach need a join.
    """

    code, name = "MF803", "join-without-inputs"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def words(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="join",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    self.next(self.model, foreach="papers")

                @mf.step
                def model(self):
                    self.next(self.join)

                @mf.step
                def join(self):
                    self.topics = [branch.topic for branch in inputs]
                    self.merge_artifacts(inputs)
                    self.next(self.end)
            """,
            at="inputs",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class Ends(FlowSpec):
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def report(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass


            class ArxivTopics(Ends):
                @step
                def words(self):
                    self.next({"some": self.count, "none": self.report}, condition="answer")

                @step
                def count(self):
                    self.next(self.report)

                @step
                def authors(self):
                    self.next(self.report)
            """,
            at="report",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.words, self.authors)

            @step
            def words(self):
                self.next(self.join)

            @step
            def authors(self):
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


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next({"a": self.short, "b": self.long}, condition="length")

                @step
                def short(self):
                    self.next(self.end)

                @step
                def long(self):
                    inputs = [1, 2]
                    print(inputs)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The branches of a switch need no join, and a local variable can have any name.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step

            from topics import choice


            class ArxivTopics(FlowSpec):
                @choice
                @step
                def start(self):
                    self.next(self.words, self.authors)

                @step
                def words(self):
                    self.next(self.end)

                @step
                def authors(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="An unknown decorator may run only one branch.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for node in flow.graph.nodes.values():
            step = node.step
            read = _read_inputs(step) if step.inputs is None else None
            if read is not None:
                yield self.finding(
                    read,
                    f"The step `{step.name}` reads `inputs`, but does not take it as an argument",
                    f"write `def {step.name}({step.function.self_name}, inputs):`",
                )
        for problem in problems(flow, self.code):
            name, first, second = problem.names
            step = flow.all_steps[name]
            if _read_inputs(step) is not None:
                continue
            own = step.function.self_name
            yield self.finding(
                problem,
                f"The step `{name}` joins `{first}` and `{second}`, but does not take `inputs`",
                f"write `def {name}({own}, inputs):`",
                related=problem.related,
            )


def _read_inputs(step: Step) -> Name | None:
    return next(
        (
            reference
            for reference in step.function.descendants.names
            if reference.head == "inputs" and reference.scope.owner("inputs") is None
        ),
        None,
    )
