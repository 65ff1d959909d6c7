"""MF201."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.mutators import may_add
from lint_rules.analysis.test_mode import ATTRIBUTE, NAME, test_mode
from lint_rules.diagnostics.diagnostic import Edit, Finding, InsertLines, Safety
from lint_rules.fixes.edits import spelled, with_imports
from lint_rules.fixes.project_decorator import add_project
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule


class MissingTestMode(Rule):
    """
    ## What it does
    Checks that every flow has a test-mode parameter, its own or inherited.

    ## Why is this bad?
    A flow that takes more than a minute or two needs a way to run quickly, on a small part of
    the data: a reviewer can then see that it works without waiting for hours, and a test can run
    it. One name for it, `test-mode`, lets people and programs use it without reading the flow.

    By default the parameter is the logical not of `current.is_production`, so that production is
    never in test mode. A default that is called needs `type=bool`: without it today's Metaflow
    takes the parameter for a string and refuses the flow (the guide's own example lacks it).

    ## Fix safety
    The fix adds the parameter; the flow must then read it (see `test-mode-ignored`). It is safe
    where the flow is in a project. Where it is not, `current.is_production` does not exist, and
    the fix adds `@project` too, which is unsafe as in `missing-project`.

    ## References
    The guide, "Test mode".
    """

    code, name, fix_safety = "MF201", "missing-test-mode", Safety.SAFE
    options = ("project",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv_topics")
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
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter(
                    "test-mode",
                    help="Run quickly, on a small part of the data.",
                    type=bool,
                    default=lambda _: not current.is_production,
                )

                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, Parameter, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                \"\"\"Topics of papers.\"\"\"

                year = Parameter("year", default=2024)

                @step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
            fixed="""
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                \"\"\"Topics of papers.\"\"\"

                year = Parameter("year", default=2024)
                test_mode = Parameter(
                    "test-mode",
                    help="Run quickly, on a small part of the data.",
                    type=bool,
                    default=lambda _: not current.is_production,
                )

                @step
                def start(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at="ArxivTopics",
            fixed="""
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter(
                    "test-mode",
                    help="Run quickly, on a small part of the data.",
                    type=bool,
                    default=lambda _: not current.is_production,
                )

                @step
                def start(self):
                    pass
            """,
            options={"project": "arxiv_topics"},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, current, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            test_mode = Parameter(
                "test-mode", type=bool, default=lambda _: not current.is_production
            )

            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                testing = Parameter("testing", default=True)

                @step
                def start(self):
                    pass
            """,
            why="It has one, under another name: see test-mode-name.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class Quick(FlowSpec):
                test_mode = Parameter("test-mode", default=True)


            class ArxivTopics(Quick):
                @step
                def start(self):
                    pass
            """,
            why="The parameter is inherited.",
        ),
        Good(
            """
            from metaflow import FlowMutator, FlowSpec, Parameter, step


            class quick(FlowMutator):
                def pre_mutate(self, mutable_flow):
                    mutable_flow.add_parameter("test_mode", Parameter("test-mode", default=True))


            @quick
            class ArxivBase(FlowSpec):
                pass


            class ArxivTopics(ArxivBase):
                @step
                def start(self):
                    pass
            """,
            why="A mutator adds parameters.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or test_mode(flow):
            return
        if may_add(flow, "add_parameter", self.settings.event_decorators):
            return
        edits: list[Edit] = add_test_mode(flow)
        safety = Safety.SAFE
        if not flow.is_in_project:
            project = add_project(flow, self.settings.project)
            edits = [*project, *edits] if project else []
            safety = Safety.UNSAFE
        yield self.finding(
            flow,
            f"The flow `{flow.name}` has no test mode, so that nobody can try it quickly",
            with_imports(
                flow.module,
                f'add `{ATTRIBUTE} = Parameter("{NAME}", type=bool, '
                "default=lambda _: not current.is_production)`, let it make the run smaller",
                "Parameter",
                "current",
            ),
            self.fix("Add the parameter", edits, safety),
        )


def add_test_mode(flow: Flow) -> list[Edit]:
    """The edits that give a flow its test-mode parameter, after its other parameters."""
    parameter, imports = spelled(flow.module, "Parameter")
    current, more_imports = spelled(flow.module, "current")
    lines = (
        f"{ATTRIBUTE} = {parameter}(",
        f'    "{NAME}",',
        '    help="Run quickly, on a small part of the data.",',
        "    type=bool,",
        f"    default=lambda _: not {current}.is_production,",
        ")",
    )
    imports = [*imports, *more_imports]
    if flow.parameters:
        last = flow.parameters[-1].statement
        return [*imports, InsertLines(last.location, lines, after=True)]
    work = flow.definition.body_without_docstring
    if not work:
        return []
    return [
        *imports,
        InsertLines(work[0].location_with_decorators, (*lines, ""), above_comments=True),
    ]
