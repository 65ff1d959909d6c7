"""MF201."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import has_project_in_config
from lint_rules.analysis.free_names import is_free_in_class
from lint_rules.analysis.mutators import may_add
from lint_rules.analysis.test_mode import ATTRIBUTE, NAME, test_mode
from lint_rules.diagnostics.diagnostic import Edit, Finding, Safety
from lint_rules.fixes.class_body import as_attribute
from lint_rules.fixes.edits import spelled, with_imports
from lint_rules.fixes.project_decorator import add_project
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_NEEDS_PROJECT = "; `current.is_production` needs `@project`: without it, write `default=True`"


class MissingTestMode(Rule):
    """
    ## What it does
    Checks that every flow has a test-mode parameter, directly or from a base class.

    Flows in files of tests are not checked.

    ## Why is this bad?
    A flow that takes more than one or two minutes needs a quick way to run, on a small part of the
    data. A reviewer can then check the flow without a long wait, and a test can run it. If every
    flow has the same parameter, `test-mode`, people and programs can use it without reading the
    flow.

    By default the parameter is `not current.is_production`, so production never runs in test mode.
    If the default is a function, the parameter needs `type=bool`. Without it, Metaflow expects a
    string and refuses the flow. Some older examples lack `type=bool`.

    ## Fix safety
    The fix adds the parameter. The flow must then read it (see `test-mode-ignored`).

    It is safe if the flow has `@project`, and no decorators of the project's own, which could add
    or read parameters. It is unsafe with such decorators. Without `@project`,
    `current.is_production` does not exist, and the fix adds `@project` too. That is unsafe for the
    reason in `missing-project`.

    There is no fix if `test_mode` or `test-mode` already stands anywhere in the flow's file, in the
    files of its base classes, or in a file with classes that imports the flow's. Nor is there one
    if a base flow with steps gets the parameter, or if `Parameter` or `current` may mean something
    else in the file.

    ## References
    The guide, "Test mode".
    """

    code, name, fix_safety = "MF201", "missing-test-mode", Safety.SAFE
    group = Group.STYLE
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
            why="The flow has a test mode with another name. See `test-mode-name`.",
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
            why="The flow inherits the parameter.",
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
        if flow.module.is_test or not flow.knows_its_bases or test_mode(flow):
            return
        if may_add(flow, "test_mode", self.settings.event_decorators):
            return
        edits: list[Edit] = add_test_mode(flow)
        others = flow.own_decorators(self.settings.event_decorators)
        safety = Safety.UNSAFE if others else Safety.SAFE
        if not _can_have_it(flow):
            edits = []
        elif not flow.is_in_project:
            project = add_project(flow, self.settings.project)
            edits = [*project, *edits] if project else []
            safety = Safety.UNSAFE
        events = self.settings.event_decorators
        in_project = flow.is_in_project or has_project_in_config(flow, events)
        in_project = in_project or may_add(flow, "project", events)
        yield self.finding(
            flow,
            f"The flow `{flow.name}` has no test mode, so nobody can try it out quickly",
            with_imports(
                flow.module,
                f'add `{ATTRIBUTE} = Parameter("{NAME}", type=bool, '
                "default=lambda _: not current.is_production)` and read it to make the run smaller",
                "Parameter",
                "current",
            )
            + ("" if in_project else _NEEDS_PROJECT),
            self.fix("Add the parameter", edits, safety),
        )


def _can_have_it(flow: Flow) -> bool:
    """Whether the name is free, and no base flow of the flow gets the parameter first."""
    return is_free_in_class(flow, ATTRIBUTE, NAME) and all(b.is_base for b in flow.lineage[1:])


def add_test_mode(flow: Flow) -> list[Edit]:
    """The edits that add the test-mode parameter to a flow, after its other parameters."""
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
    scope = flow.definition.scope
    if parameter.partition(".")[0] in scope.bound | scope.imports.keys():
        return []
    inserted = as_attribute(flow, lines)
    return [*imports, *more_imports, *inserted] if inserted else []
