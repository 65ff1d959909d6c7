"""MF820."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding, InsertLines, Safety
from lint_rules.fixes.edits import spelled
from lint_rules.model.code import Function, Name
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class UndecoratedStep(Rule):
    """
    ## What it does
    Checks that a method that ends in `self.next` has `@step`.

    ## Why is this bad?
    Without `@step`, the method is not a step. Metaflow refuses the flow if another step leads to it
    ("specifies a self.next() transition to an unknown step") or if it is the start ("Your flow
    must have exactly one start step"). If nothing leads to it, or only one step is left, the flow
    runs to its end without it.

    The rule does not report helper methods that call `self.next` for a step.

    ## Fix safety
    The fix writes `@step` above the method. It is safe if Metaflow refuses the flow without it: the
    method is the start or the end, or a step leads to it. Otherwise it is unsafe, because the flow
    runs as it is. There is no fix if `step` may mean something else in the file.

    ## References
    Metaflow, "Basics of Metaflow": the structure of flows.
    """

    code, name = "MF820", "undecorated-step"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    base_flows = True
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)

                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="model",
            fixed="""
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
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                def start(self):
                    self.next(self.end)

                @mf.step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
            at="start",
            fixed="""
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    self.next(self.end)

                @mf.step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    if not self.papers:
                        self.stop()
                        return
                    self.next(self.end)

                def stop(self):
                    print("no papers")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="The method is a helper: a step calls it.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name, function = problem.names[0], problem.thing
            message = f"The method `{name}` ends in `self.next`, but it is not a step, because it has no `@step`"
            fix = None
            owner = next((o for o in flow.lineage if function in o.definition.functions), None)
            if owner is not None and isinstance(function, Function):
                spelt, imports = spelled(owner.module, "step")
                edits = [InsertLines(function.location_with_decorators, (f"@{spelt}",)), *imports]
                safety = Safety.SAFE if _is_needed(name, flow) else Safety.UNSAFE
                fix = self.fix(f"Add `@{spelt}`", edits, safety)
            help = f"write `@step` above `def {name}`"
            yield self.finding(problem, message, help, fix, problem.related)


def _is_needed(name: str, flow: Flow) -> bool:
    """Whether Metaflow refuses the flow if a method is no step."""
    named = (
        part.name.rpartition(".")[2]
        for step in flow.all_steps.values()
        for transition in step.transitions
        for argument in transition.call.arguments
        for part in argument.value.walk()
        if isinstance(part, Name)
    )
    return name in ("start", "end") or name in named
