"""MF802."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule


class UnknownStep(Rule):
    """
    ## What it does
    Checks that every step named in `self.next` exists.

    ## Why is this bad?
    Metaflow refuses to run a flow with a transition to a step that it does not have. Often the
    step was renamed, or lacks `@step`.

    Nothing is said of flows whose base classes cannot be looked into, and of flows without a
    first or last step of their own, which other flows are to complete.

    ## References
    Metaflow, "Basics of Metaflow": transitions.
    """

    code, name = "MF802", "unknown-step"
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
                    self.next(self.end)
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
            why="Another flow completes the one, and the other's base is not known.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or not flow.is_complete:
            return
        methods = {function.name for owner in flow.classes for function in owner.functions}
        for step in flow.all_steps.values():
            owners = _owners(step, flow)
            if flow is not owners[-1]:
                continue
            steps = {name for owner in owners for name in owner.all_steps}
            prefix = f"{step.function.self_name}."
            for transition in step.transitions:
                for target in transition.targets:
                    name = target.name.removeprefix(prefix)
                    if name == target.name or "." in name or name in steps:
                        continue
                    what = (
                        "which is a method without `@step`"
                        if name in methods
                        else "which the flow does not have"
                    )
                    near = similar(name, steps, flow.module)
                    yield self.finding(
                        target,
                        f"`{step.name}` goes on to the step `{name}`, {what}",
                        f"name a step of the flow. Did you mean `{near}`?"
                        if near
                        else "name a step of the flow, or add it",
                    )


def _owners(step: Step, flow: Flow) -> tuple[Flow, ...]:
    """The flows of the step's file that have it: its own, and those that inherit it, and those
    of the heir's file where none of them is whole. It is judged with the last, by which all that
    there is to know of it is known."""
    here = (step.flow, *step.flow.heirs)
    whole = any(other.is_complete for other in here)
    beside = () if whole or flow in here else flow.module.flows
    return tuple(
        other
        for other in (*here, *(other for other in beside if step.flow in other.lineage))
        if other is step.flow or other.all_steps.get(step.name) is step
    )
