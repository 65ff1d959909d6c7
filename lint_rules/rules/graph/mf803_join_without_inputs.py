"""MF803."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Name
from lint_rules.model.flow import Flow
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import STEP_DECORATORS, Step
from lint_rules.rules.base import Bad, Good, Rule


class JoinWithoutInputs(Rule):
    """
    ## What it does
    Checks that steps that join branches take `inputs`, and that steps that read `inputs` do.

    ## Why is this bad?
    A join is given the artifacts of all its branches in a second argument, `inputs` by
    convention. Without it Metaflow does not take the step for a join, and refuses the flow
    ("reached before a split … were joined"); a step that reads `inputs` all the same fails
    with a NameError.

    ## References
    Metaflow, "Basics of Metaflow": branch and foreach need a join.
    """

    code, name = "MF803", "join-without-inputs"
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
                def end(self):
                    pass


            class ArxivTopics(Ends):
                @step
                def words(self):
                    self.next({"some": self.count, "none": self.end}, condition="answer")

                @step
                def count(self):
                    self.next(self.end)

                @step
                def authors(self):
                    self.next(self.end)
            """,
            at="end",
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
            why="The branches of a switch need no join, and a local variable has any name.",
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
            why="A decorator that is not known may take one branch alone.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for node in flow.graph.nodes.values():
            step = node.step
            if step.inputs is not None or not (step.flow is flow or step in flow.judged_steps):
                continue
            read = _read_inputs(step)
            if read is not None:
                if step.flow is not flow:
                    continue  # it is told of the flow that the step stands in
                yield self.finding(
                    read,
                    f"The step `{step.name}` reads `inputs`, which it does not take",
                    f"write `def {step.name}({step.function.self_name}, inputs):`",
                )
            elif node.meets and _is_certain(flow):
                first, second = node.meets
                yield self.finding(
                    step,
                    f"The step `{step.name}` joins `{first}` and `{second}`, and does not take "
                    "its inputs",
                    f"write `def {step.name}({step.function.self_name}, inputs):`",
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


def _is_certain(flow: Flow) -> bool:
    """Whether the graph leaves no doubt: all bases known, one way on from each step, and no
    decorator of others, which may make a switch of a split."""
    return flow.knows_its_bases and all(
        len({(t.kind, t.target_names) for t in step.transitions}) < 2
        and all(metaflow_name(d.qualified) in STEP_DECORATORS for d in step.function.decorators)
        for step in flow.all_steps.values()
    )
