"""MF005."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.flow_starts import makes_flow, never_reached, starts_flow
from lint_rules.diagnostics.diagnostic import Edit, Finding, InsertLines, Replace, Safety
from lint_rules.model.code import (
    Call,
    Expr,
    Name,
    Statement,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_GUARD = 'if __name__ == "__main__":'


class MissingMainGuard(Rule):
    """
    ## What it does
    Checks that a flow file ends in `if __name__ == "__main__": TheFlow()`.

    ## Why is this bad?
    Calling the flow's class, as in `ArxivTopics()`, passes the command line to Metaflow. Metaflow
    then exits, and does not return to the file.

    - Without this call, nobody can run or deploy the flow.
    - With the call but without the guard, every program that imports the file starts Metaflow.
    - Another call, such as `flow.run()`, never runs. Readers may think that it starts the flow.

    ## Fix safety
    The fix adds the guard at the end of the file, or moves a bare call under a guard. It is safe:
    a program that imports the file sees no difference, or no longer runs the flow by accident.

    The fix is not offered if the file has a guard that does something else, or if the bare call has
    arguments, is inside another statement, or is part of a longer expression.

    ## References
    Metaflow, "Basics of Metaflow": the layout of a flow file.
    """

    code, name, fix_safety = "MF005", "missing-main-guard", Safety.SAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="ArxivTopics",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            ArxivTopics()
            """,
            at="ArxivTopics()",
            fixed="""
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics.run()
            """,
            at='__name__ == "__main__"',
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics().run()
            """,
            at="ArxivTopics().run()",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            if __name__ == "__main__":
                flow = ArxivTopics()
                flow.run()
            """,
            at="flow.run()",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass


        if __name__ == "__main__":
            ArxivTopics()
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            def main():
                flow = ArxivTopics()


            if "__main__" == __name__:
                main()
            """,
            why="A function may make the call.",
        ),
        Good(
            """
            from metaflow import FlowSpec


            class Base(FlowSpec):
                owner = "research"
            """,
            why="Nobody can run a base flow.",
        ),
        Good(
            """
            from arxiv_topics.flows import TopicFlow
            from metaflow import step


            class TopicSteps(TopicFlow):
                @step
                def start(self):
                    pass


            class ArxivTopics(TopicSteps):
                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
            """,
            why="The file starts one of its flows. `multiple-flows` reports the other.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class BaseTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="Its name shows that other flows inherit from it.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class Topics(FlowSpec):
                @step
                def start(self):
                    pass


            def test_topics():
                assert Topics.start
            """,
            why="A test needs the flow.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flows = module.runnable
        if not flows or module.is_test:
            return
        flow = flows[-1]
        names = {flow.name for flow in flows}
        guards = list(module.main_guards())
        guarded = [s for guard in guards for inner in guard.body for s in inner.walk()]
        remedy = f"end the file with `{_GUARD} {flow.name}()`"
        if any(starts_flow(statement, names, module) for statement in guarded):
            for call in never_reached(guarded, names):
                yield self.finding(
                    call,
                    f"This call never runs, because `{flow.name}()` does not return",
                    remedy,
                )
            return
        bare = next((s for s in module.statements if starts_flow(s, names, module)), None)
        if bare is not None:
            yield self.finding(
                bare,
                f"Importing this file runs the flow `{flow.name}`",
                remedy,
                self.fix("Move the call under the guard", _guard_call(bare, names, module)),
            )
        elif _is_for_others(flow):
            return
        elif guards:
            yield self.finding(
                guards[0].test,
                f"Running this file does not start the flow `{flow.name}`",
                f"call `{flow.name}()` under the guard",
            )
        else:
            yield self.finding(
                flow,
                f"The flow `{flow.name}` cannot be run, because its file never starts it",
                remedy,
                self.fix("Add the guard", _add_guard(flow, module)),
            )


def _is_for_others(flow: Flow) -> bool:
    """Whether a flow's name is that of a base class for other flows."""
    return flow.name.startswith(("_", "Base", "Abstract")) or flow.name.endswith(("Base", "Mixin"))


def _guard_call(statement: Statement, flows: set[str], module: Module) -> list[Edit]:
    """The edits that put a bare call of the flow under the guard."""
    if statement not in module.body or not isinstance(statement, Expr):
        return []
    call = statement.value
    if not (isinstance(call, Call) and makes_flow(call, flows)) or call.arguments:
        return []
    name = call.function.name if isinstance(call.function, Name) else ""
    return [Replace(statement.location, f"{_GUARD}\n    {name}()")]


def _add_guard(flow: Flow, module: Module) -> list[Edit]:
    """The edits that add the guard at the end of the file."""
    last = module.body[-1]
    return [InsertLines(last.location, ("", "", _GUARD, f"    {flow.name}()"), after=True)]
