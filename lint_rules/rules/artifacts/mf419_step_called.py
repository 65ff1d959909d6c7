"""MF419."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.self_calls import steps_called
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class StepCalled(Rule):
    """
    ## What it does
    Checks that no code calls a step like a method, as in `self.train()` or `super().start()`.

    ## Why is this bad?
    Metaflow runs a step if another step names it in `self.next`. If code calls a step, it runs in
    the same task, and so does its `self.next`. Then the calling step calls `self.next` a second
    time, and fails: "Invalid self.next() transition detected on line 17: Multiple self.next() calls
    detected in step start. Call self.next() only once."

    The end step does not call `self.next`, so `super().end()` works.

    ## References
    Metaflow, "Basics of Metaflow": `self.next`.
    """

    code, name = "MF419", "step-called"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class Base(FlowSpec):
                @step
                def start(self):
                    self.papers = []
                    self.next(self.end)

                @step
                def end(self):
                    print(self.papers)


            class ArxivTopics(Base):
                @step
                def start(self):
                    super().start()
                    self.next(self.model)

                @step
                def model(self):
                    self.count()
                    self.next(self.count)

                @step
                def count(self):
                    self.next(self.end)
            """,
            at=("super().start()", "self.count()"),
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class Base(FlowSpec):
                def load(self):
                    self.papers = []

                @step
                def end(self):
                    print("base")


            class ArxivTopics(Base):
                def load(self):
                    super().load()
                    self.papers.append("a title")

                @step
                def start(self):
                    self.load()
                    self.next(self.end)

                @step
                def end(self):
                    super().end()
                    print(self.papers)
            """,
            why="Helper methods, and an end step, which does not call `self.next`.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases:
            return
        for owner in flow.lineage:
            for function in owner.definition.functions:
                for call, step in steps_called(function, owner, flow):
                    if any(t.statement in step.function.body for t in step.transitions):
                        yield self._of(call, step)

    def _of(self, call: Call, step: Step) -> Finding:
        return self.finding(
            call,
            f"This calls the step `{step.name}`, which calls `self.next`, so the calling step "
            "fails at its own `self.next`",
            "move the work that both need into a helper method, and call that",
            related=[(step, "the called step")],
        )
