"""MF822."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.step_graph import is_replaced
from lint_rules.analysis.wrappers import Wrapper, wrapper_of
from lint_rules.diagnostics.diagnostic import Finding, Fix, InsertLines, Safety
from lint_rules.fixes.edits import spelled
from lint_rules.model.code import Function
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class DecoratorWithoutWraps(Rule):
    """
    ## What it does
    Checks that the repository's own decorators use `functools.wraps` if they are on steps.

    ## Why is this bad?
    Metaflow reads the graph from the source of the steps. Below `@step`, it reads the function that
    the decorator returns: "Step *start* is missing a self.next() transition to the next step".
    Above `@step`, that function is not a step, so the flow loses the step: "specifies a self.next()
    transition to an unknown step". With `functools.wraps`, Metaflow finds the step in both places.

    ## Fix safety
    The fix writes `@wraps` above the function that the decorator returns. It is safe: without it,
    Metaflow does not see the step, or where it leads. There is no fix if the decorator returns
    something other than a function that it defines, or if `wraps` may mean something else.

    ## References
    Python, `functools.wraps`; Metaflow's behavior (`metaflow.graph`).
    """

    code, name = "MF822", "decorator-without-wraps"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            def logged(function):
                def inner(self):
                    print("begin")
                    function(self)

                return inner


            class ArxivTopics(FlowSpec):
                @step
                @logged
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="@logged",
            fixed="""
            from functools import wraps
            from metaflow import FlowSpec, step


            def logged(function):
                @wraps(function)
                def inner(self):
                    print("begin")
                    function(self)

                return inner


            class ArxivTopics(FlowSpec):
                @step
                @logged
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            import functools

            from metaflow import FlowSpec, step


            def logged(text):
                def decorate(function):
                    def inner(*args, **kwargs):
                        print(text)
                        return function(*args, **kwargs)

                    return inner

                return decorate


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)

                @logged("begin")
                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='@logged("begin")',
            fixed="""
            import functools

            from metaflow import FlowSpec, step


            def logged(text):
                def decorate(function):
                    @functools.wraps(function)
                    def inner(*args, **kwargs):
                        print(text)
                        return function(*args, **kwargs)

                    return inner

                return decorate


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.model)

                @logged("begin")
                @step
                def model(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
    ]
    good = [
        """
        from functools import update_wrapper, wraps

        from metaflow import FlowSpec, step


        def logged(function):
            @wraps(function)
            def inner(self):
                print("begin")
                function(self)

            return inner


        def marked(function):
            function.is_marked = True
            return function


        def counted(function):
            def inner(*args):
                return function(*args)

            return update_wrapper(inner, function)


        class ArxivTopics(FlowSpec):
            @marked
            @step
            @logged
            def start(self):
                self.next(self.end)

            @step
            @counted
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            def logged(function):
                def inner(self):
                    print("begin")
                    function(self)

                return inner


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                @logged
                def end(self):
                    pass
            """,
            why="The end step has no `self.next` to hide.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        if is_replaced(step):
            return
        is_above = True
        for decorator in step.function.decorators:
            name = metaflow_name(decorator.qualified)
            if name is not None:
                is_above = is_above and name != "step"
                continue
            wrapper = wrapper_of(decorator, step.flow.module)
            if wrapper is None:
                continue
            if is_above:
                effect = "the flow loses the step"
            elif step.transitions:
                effect = "Metaflow does not see its `self.next`"
            elif not wrapper.takes_self:
                effect = "Metaflow does not see its `self`"
            else:
                continue
            yield self.finding(
                decorator,
                f"`@{decorator.name}` replaces the step `{step.name}` with a function without "
                f"`functools.wraps`, so {effect}",
                f"write `@functools.wraps({wrapper.given})` above the function that "
                f"`{wrapper.decorator.name}` returns",
                self._wrapped(wrapper),
                related=[(wrapper.inner, "the function that it returns")],
            )

    def _wrapped(self, wrapper: Wrapper) -> Fix | None:
        if not isinstance(wrapper.inner, Function):
            return None
        spelt, imports = spelled(wrapper.module, "wraps", "functools")
        line = f"@{spelt}({wrapper.given})"
        return self.fix(
            "Add `functools.wraps`",
            [*imports, InsertLines(wrapper.inner.location_with_decorators, (line,))],
        )
