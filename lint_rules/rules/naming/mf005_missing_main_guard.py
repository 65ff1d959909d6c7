"""MF005."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Edit, Finding, InsertLines, Replace, Safety
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Definition,
    Expr,
    Expression,
    Name,
    Statement,
)
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule

_GUARD = 'if __name__ == "__main__":'


class MissingMainGuard(Rule):
    """
    ## What it does
    Checks that a flow file ends in `if __name__ == "__main__": TheFlow()`.

    ## Why is this bad?
    Making an object of the flow is what hands the command line to Metaflow, for good. A file that
    never does cannot be run or deployed; one that does so without the guard takes over every
    program that imports it; and what one calls besides, such as `flow.run()`, is never reached
    and makes readers believe that it starts the flow.

    ## Fix safety
    The fix adds the guard at the end of the file, or puts a bare call below one. It is safe:
    whatever imported the file before sees no difference, or no longer runs the flow by accident.
    A guard that does something else is left as it is.

    ## References
    Metaflow, "Basics of Metaflow": the shape of a flow file.
    """

    code, name, fix_safety = "MF005", "missing-main-guard", Safety.SAFE
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
            why="The call may be a function away.",
        ),
        Good(
            """
            from metaflow import FlowSpec


            class Base(FlowSpec):
                owner = "research"
            """,
            why="A base flow cannot be run.",
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
            why="One flow of the file is run; a second is multiple-flows' matter.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class BaseTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            why="By its name other flows derive from it.",
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
            why="The flow is what a test needs.",
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
        if any(_starts(statement, names, module) for statement in guarded):
            for call in _unreached(guarded, names):
                yield self.finding(
                    call,
                    f"This call is never reached, since `{flow.name}()` hands over to Metaflow",
                    remedy,
                )
            return
        bare = next((s for s in module.statements if _starts(s, names, module)), None)
        if bare is not None:
            yield self.finding(
                bare,
                f"Importing this file runs the flow `{flow.name}`",
                remedy,
                self.fix("Put the call below the guard", _guard_call(bare, names, module)),
            )
        elif _is_for_others(flow):
            return
        elif guards:
            yield self.finding(
                guards[0].test,
                f"Running this file does not start the flow `{flow.name}`",
                f"call `{flow.name}()` below it",
            )
        else:
            yield self.finding(
                flow,
                f"The file of the flow `{flow.name}` cannot be run",
                remedy,
                self.fix("Add the guard", _add_guard(flow, module)),
            )


def _is_for_others(flow: Flow) -> bool:
    """Whether a flow is called like one that others derive from, or that a test makes."""
    return flow.name.startswith(("_", "Base", "Abstract")) or flow.name.endswith(("Base", "Mixin"))


def _starts(statement: Statement, flows: set[str], module: Module, depth: int = 3) -> bool:
    """Whether a statement makes an object of one of the flows, itself or in a function it calls."""
    if isinstance(statement, Definition):
        return False
    for call in _calls(statement):
        if isinstance(call.function, Name):
            called = module.functions.get(call.function.name)
            if call.function.name in flows:
                return True
            if called and depth:
                inner = called.statements
                if any(_starts(nested, flows, module, depth - 1) for nested in inner):
                    return True
    return False


def _calls(statement: Statement) -> Iterator[Call]:
    for given in statement.expressions:
        for expression in given.walk():
            if isinstance(expression, Call):
                yield expression


def _unreached(statements: list[Statement], flows: set[str]) -> Iterator[Call]:
    """The calls of `run` on an object of a flow."""
    made: set[str] = set()
    for statement in statements:
        if isinstance(statement, Assignment) and _is_made(statement.value, flows):
            made.update(t.name for t in statement.targets if isinstance(t, Name))
        for call in _calls(statement):
            function = call.function
            if isinstance(function, Attribute) and function.name == "run":
                if _is_made(function.value, flows):
                    yield call
            elif isinstance(function, Name):
                owner, _, name = function.name.rpartition(".")
                if name == "run" and owner in made:
                    yield call


def _is_made(value: Expression | None, flows: set[str]) -> bool:
    return (
        isinstance(value, Call)
        and isinstance(value.function, Name)
        and value.function.name in flows
    )


def _guard_call(statement: Statement, flows: set[str], module: Module) -> list[Edit]:
    """The edits that put a bare call of the flow below the guard."""
    if statement not in module.body or not isinstance(statement, Expr):
        return []
    call = statement.value
    if not (isinstance(call, Call) and _is_made(call, flows)) or call.arguments:
        return []
    name = call.function.name if isinstance(call.function, Name) else ""
    return [Replace(statement.location, f"{_GUARD}\n    {name}()")]


def _add_guard(flow: Flow, module: Module) -> list[Edit]:
    """The edits that add the guard at the end of the file."""
    last = module.body[-1]
    return [InsertLines(last.location, ("", "", _GUARD, f"    {flow.name}()"), after=True)]
