"""MF803."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.findings import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
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
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        joins = _joins(flow)
        for step in flow.steps:
            if step.inputs is not None:
                continue
            read = next(
                (
                    reference
                    for reference in step.function.inside.references
                    if reference.head == "inputs" and reference.scope.owner("inputs") is None
                ),
                None,
            )
            if read is not None:
                yield self.finding(
                    read,
                    f"The step `{step.name}` reads `inputs`, which it does not take",
                    f"write `def {step.name}({step.function.self_name}, inputs):`",
                )
            elif step.name in joins:
                before = " and ".join(f"`{name}`" for name in joins[step.name])
                yield self.finding(
                    step,
                    f"The step `{step.name}` joins {before}, and does not take its inputs",
                    f"write `def {step.name}({step.function.self_name}, inputs):`",
                )


def _joins(flow: Flow) -> dict[str, list[str]]:
    """The steps that several branches of one split lead to, with the steps before them.

    Only where the graph leaves no doubt: no switch, all bases known, one `self.next` a step.
    """
    steps = list(flow.all_steps.values())
    transitions = [step.transitions for step in steps]
    doubtful = any(len(t) > 1 or any(one.kind == "switch" for one in t) for t in transitions)
    if doubtful or not flow.knows_its_bases or not _splits(steps):
        return {}
    before: dict[str, list[str]] = {}
    for step in steps:
        for transition in step.transitions:
            for name in dict.fromkeys(transition.target_names):
                before.setdefault(name, []).append(step.name)
    return {name: origins for name, origins in before.items() if len(origins) > 1}


def _splits(steps: list[Step]) -> bool:
    return any(t.kind == "split" for step in steps for t in step.transitions)
