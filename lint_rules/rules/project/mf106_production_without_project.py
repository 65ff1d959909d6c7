"""MF106."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.current import is_handed_on, read
from lint_rules.analysis.events import has_project_in_config
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.fixes.edits import with_imports
from lint_rules.model.code import Function, Name, Try
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ProductionWithoutProject(Rule):
    """
    ## What it does
    Checks for `current.is_production`, `current.branch_name`, `current.project_name` and similar
    attributes in a flow without `@project`.

    ## Why is this bad?
    `@project` adds these attributes to `current`. Without it they do not exist, and the flow fails
    with an `AttributeError`. A step fails when it runs. The default of a parameter fails before
    anything runs.

    The rule ignores code that checks first whether the attribute exists, and
    `current.get("is_production")`.

    ## References
    Metaflow, "Coordinating larger Metaflow projects": what `@project` adds to `current`.
    """

    code, name = "MF106", "production-without-project"
    group = Group.CORRECTNESS
    options = ("event-decorators", "project")
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, current, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    if current.is_production:
                        print(current.branch_name)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="current.is_production",
        ),
        Bad(
            """
            import metaflow as mf
            from metaflow.metaflow_current import current as now


            class Base(mf.FlowSpec):
                test_mode = mf.Parameter(
                    "test-mode", type=bool, default=lambda _: not mf.current.is_production
                )


            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    self.table = now.project_name
            """,
            at="mf.current.is_production",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, current, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                if current.is_production:
                    print(current.branch_name)
        """,
        Good(
            """
            from metaflow import FlowSpec, current, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    if hasattr(current, "project_name"):
                        print(current.project_name)
                    self.next(self.middle)

                @step
                def middle(self):
                    try:
                        print(current.branch_name)
                    except AttributeError:
                        pass
                    print(current.run_id, current.get("is_production", False))
                    self.next(self.end)

                @step
                def end(self):
                    current = settings()
                    print(current.is_production)
            """,
            why="Checked, caught, with a default value, and another `current`.",
        ),
        Good(
            """
            from metaflow import FlowSpec, current, project, step


            @project(name="arxiv_topics")
            class Base(FlowSpec):
                pass


            class ArxivTopics(Base):
                @step
                def start(self):
                    print(current.is_production)
            """,
            why="The flow inherits the project.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases or flow.is_in_project:
            return
        if has_project_in_config(flow, self.settings.event_decorators):
            return
        # A custom decorator may add `@project`.
        decorators = {d for owner in flow.lineage for d in owner.decorators}
        if decorators.intersection(flow.own_decorators(self.settings.event_decorators)):
            return
        for owner in reversed(flow.lineage):
            inside = owner.definition.descendants
            if is_handed_on(inside):
                return
            tried = _tried(owner)
            for reference, attribute in read(inside):
                if reference not in tried:
                    yield self.finding(
                        reference,
                        f"`current.{attribute}` does not exist in the flow `{flow.name}`, "
                        "because the flow has no `@project`",
                        with_imports(
                            flow.module,
                            f'add `@project(name="{self.settings.project or "…"}")` above the class',
                            "project",
                        ),
                    )
                    return


def _tried(flow: Flow) -> set[Name]:
    """The names inside a `try:`, which may expect them to fail."""
    functions = [f for f in flow.definition.descendants.definitions if isinstance(f, Function)]
    return {
        expression
        for function in functions
        for block in function.statements
        if isinstance(block, Try)
        for statement in block.body
        for nested in statement.walk()
        for part in nested.expressions
        for expression in part.walk()
        if isinstance(expression, Name)
    }
