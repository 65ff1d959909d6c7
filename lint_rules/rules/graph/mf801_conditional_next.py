"""MF801."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import is_replaced
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Statement
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step, Transition
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ConditionalNext(Rule):
    """
    ## What it does
    Checks that a step calls `self.next` once, in its last statement.

    ## Why is this bad?
    Metaflow reads the graph from the last statement of each step, and does not run the step. It
    does not see a `self.next` in a branch or a loop, or before another statement, and refuses the
    flow ("missing a self.next() transition"). If there are several calls, Metaflow sees only the
    last one, so the graph differs from the code.

    To choose a step when the flow runs, use a switch: `self.next({"yes": self.a, "no": self.b},
    condition="answer")`. The rule allows an early exit with `return` that goes to the same steps as
    the last statement, because it works.

    ## References
    Metaflow, "Basics of Metaflow" and "Conditional and recursive flows".
    """

    code, name = "MF801", "conditional-next"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    if self.papers:
                        self.next(self.model)
                    else:
                        self.next(self.end)

                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="self.next(self.model)",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    self.next(self.model)
                    print("started")

                @mf.step
                def model(flow):
                    flow.next(flow.end)
                    flow.next(flow.check)

                @mf.step
                def check(self):
                    return self.next(self.end)

                @mf.step
                def end(self):
                    pass
            """,
            at=("self.next(self.model)", "flow.next(flow.end)", "self.next(self.end)"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.has_papers = "yes" if self.papers else "no"
                self.next({"yes": self.model, "no": self.end}, condition="has_papers")

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


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    paper = next(iter(self.papers))
                    self.reader.next(paper)
                    if not paper:
                        raise ValueError("no papers")
                    self.next(
                        self.model,
                        foreach="papers",
                    )

                @step
                def model(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass

                def next_page(self):
                    if self.page:
                        self.next(self.page)
            """,
            why="Other functions with the name `next`, and a helper method, which is not a step.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    if not self.papers:
                        self.next(self.end)
                        return
                    self.topics = find_topics(self.papers)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="An early exit goes to the same step as the last statement, so the graph is right.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for step in (*flow.steps, *_of_mixins(flow)):
            last = step.function.body[-1]
            wrong = [t for t in step.transitions if t.statement is not last]
            if not wrong or _agree(step, last) or is_replaced(step) or _is_shadowed(step):
                continue
            if _is_last(step, flow) and not any(t.statement in step.function.body for t in wrong):
                # Metaflow accepts it, and the step may never reach that call.
                continue
            yield self.finding(
                wrong[0],
                f"`{step.name}` {_reason(wrong[0], step)}, but Metaflow reads only the last "
                "statement of a step",
                "call `self.next` once, in the last statement of the step, or use a switch to choose a "
                'step when the flow runs, as in `self.next({…}, condition="…")`',
                related=[
                    (other, f"`{step.name}` calls `self.next` here, too")
                    for other in step.transitions
                    if other is not wrong[0]
                ],
            )


def _of_mixins(flow: Flow) -> Iterator[Step]:
    """The steps that the flow gets from mixins, which no other flow reports. The first flow of a
    file that has such a step reports it."""
    for step in flow.all_steps.values():
        if step.flow not in step.flow.module.flows:
            having = (f for f in flow.module.runnable if f.all_steps.get(step.name) is step)
            if next(having, None) is flow:
                yield step


def _is_shadowed(step: Step) -> bool:
    """Whether the class defines the step again later."""
    functions = step.flow.definition.functions
    return step.function is not next(f for f in functions[::-1] if f.name == step.name)


def _is_last(step: Step, flow: Flow) -> bool:
    """Whether the flow and its subclasses end with the step, so that it needs no `self.next`."""
    return step.is_end or all(len(other.all_steps) == 1 for other in (flow, *flow.subclasses))


def _agree(step: Step, last: Statement) -> bool:
    """Whether the step's last statement goes to the same steps as all its early exits."""
    ways = {(t.kind, t.target_names) for t in step.transitions if t.statement is not None}
    return (
        len(ways) == 1
        and any(t.statement is last for t in step.transitions)
        and all(
            t.statement is last or t.statement not in step.function.body for t in step.transitions
        )
    )


def _reason(transition: Transition, step: Step) -> str:
    if transition.statement is None:
        return "calls `self.next` inside another statement"
    if transition.statement not in step.function.body:
        return "calls `self.next` in a branch or loop"
    if len(step.transitions) > 1:
        return "calls `self.next` several times"
    return "has more statements after `self.next`"
