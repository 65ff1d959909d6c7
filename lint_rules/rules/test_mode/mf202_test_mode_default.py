"""MF202."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.test_mode import is_not_production, result, test_mode
from lint_rules.diagnostics.diagnostic import AddItem, Edit, Finding, Replace, Safety
from lint_rules.fixes.edits import spelled, with_imports
from lint_rules.model.code import Constant, Expression, Lambda, Operation
from lint_rules.model.flow import Flow, Parameter
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TestModeDefault(Rule):
    """
    ## What it does
    Checks that the test mode is on by default. The default must be `True` or
    `not current.is_production`.

    ## Why is this bad?
    People who try out a flow may not know that it has a test mode. They should learn about it
    before they overwrite data that others use. Production must never run in test mode. The default
    `not current.is_production` covers both cases.

    The rule ignores a default from a package outside the repository.

    ## Fix safety
    The fix sets the default. It is unsafe because a run without the option behaves differently.
    There is no fix if `current` may mean something else in the file.

    ## References
    The guide, "Test mode".
    """

    code, name, fix_safety = "MF202", "test-mode-default", Safety.UNSAFE
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=False)

                @step
                def start(self):
                    pass
            """,
            at="test_mode",
            fixed="""
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=lambda _: not current.is_production, type=bool)

                @step
                def start(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=lambda _: current.is_production)

                @step
                def start(self):
                    pass
            """,
            at="test_mode",
            fixed="""
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=lambda _: not current.is_production)

                @step
                def start(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool)

                @step
                def start(self):
                    pass
            """,
            at="test_mode",
            fixed="""
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=True)

                @step
                def start(self):
                    pass
            """,
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, current, step


        class ArxivTopics(FlowSpec):
            test_mode = Parameter(
                "test-mode", type=bool, default=lambda _: not current.is_production
            )

            @step
            def start(self):
                pass
        """,
        """
        from metaflow import FlowSpec, Parameter, step

        SAFE = True


        class ArxivTopics(FlowSpec):
            test_mode = Parameter("test-mode", default=SAFE)

            @step
            def start(self):
                pass
        """,
        Good(
            """
            import metaflow
            from metaflow import FlowSpec, Parameter, step


            def unless_in_production(context):
                return not metaflow.current.get("is_production", False)


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=unless_in_production)

                @step
                def start(self):
                    pass
            """,
            why="A function returns the same as the lambda.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from arxiv_topics.defaults import off_in_production


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", type=bool, default=off_in_production)

                @step
                def start(self):
                    pass
            """,
            why="The linter does not know what this function returns.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        parameter = test_mode(flow)
        if parameter is None or parameter.call.has_unpacking:
            return
        if _is_right(parameter.module, parameter.default):
            return
        wanted, edits = _remedy(flow, parameter)
        needed = ["current"] if "current" in wanted else []
        yield self.finding(
            parameter,
            f"The test mode of the flow `{flow.name}` is not on by default outside production",
            with_imports(parameter.module, f"set `default={wanted}`", *needed),
            self.fix("Set the default", edits),
        )


def _is_right(module: Module, default: Expression | None) -> bool:
    """Whether a default is correct, or the linter cannot know its value."""
    known = module.known(default)
    if isinstance(known, Constant):
        return known.value is True
    returned = result(module, known) if known else None
    if returned is not None:
        is_true = isinstance(returned, Constant) and returned.value is True
        return is_true or is_not_production(returned)
    return known is not None and not isinstance(known, Operation | Lambda)


def _remedy(flow: Flow, parameter: Parameter) -> tuple[str, list[Edit]]:
    """The default that the parameter should have, and the edits that give it."""
    edits: list[Edit] = []
    wanted, type_ = "True", ""
    if flow.is_in_project or not flow.knows_its_bases:
        current, edits = spelled(parameter.module, "current")
        wanted = f"lambda _: not {current}.is_production"
        type_ = "" if parameter.call.argument("type") else ", type=bool"
    if parameter.default:
        edits = [*edits, Replace(parameter.default.location, wanted + type_)]
    elif parameter.call.arguments:
        last = parameter.call.arguments[-1]
        edits = [*edits, AddItem(last.location, f"default={wanted}{type_}")]
    return wanted, edits
