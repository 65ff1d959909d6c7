"""MF605."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Constant, Expression, JoinedStr
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.rules.namespaces.mf602_latest_in_global_namespace import LATEST, latest
from lint_rules.settings.groups import Group

_PROJECT = "project:"


class RunFromAnyBranch(Rule):
    """
    ## What it does
    Checks for `latest_run` and `latest_successful_run` in a flow that reads from the namespace of
    its project.

    ## Why is this bad?
    The namespace `project:…` contains the runs of all branches: production, test branches, and
    every user's own branch. The latest run may be a colleague's test with a tenth of the data.
    `@project` adds a tag for the branch to each run. `Flow(…).runs("project_branch:prod")` returns
    only the runs of that branch.

    A flow reads from the project's namespace if its file calls `namespace("project:…")`, or imports
    a package of the repository that does.

    ## References
    Metaflow, "Organizing results", about tags; the guide, "Namespaces".
    """

    code, name, default = "MF605", "run-from-any-branch", False
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import Flow, FlowSpec, project, step

            import arxiv_topics


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = Flow("ArxivPapers").latest_successful_run.data.papers
            """,
            at='Flow("ArxivPapers").latest_successful_run',
            packages={
                "../pyproject.toml": "",
                "../arxiv_topics/__init__.py": 'import metaflow\n\nmetaflow.namespace("project:arxiv_topics")\n',
            },
        ),
        Bad(
            """
            import metaflow as mf


            @mf.project(name="arxiv_topics")
            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    mf.namespace("project:arxiv_topics")
                    flow = mf.Flow("ArxivPapers")
                    self.papers = flow.latest_run.data.papers
            """,
            at="flow.latest_run.data.papers",
        ),
    ]
    good = [
        """
        from metaflow import Flow, FlowSpec, current, namespace, project, step

        namespace("project:arxiv_topics")


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                runs = Flow("ArxivPapers").runs(f"project_branch:{current.branch_name}")
                self.papers = next(iter(runs)).data.papers
        """,
        Good(
            """
            from metaflow import Flow, FlowSpec, namespace, project, step

            import arxiv_topics


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = Flow("ArxivPapers").latest_run.data.papers
            """,
            why="Each deployment has its own namespace, as long as no code changes it.",
            packages={"../pyproject.toml": "", "../arxiv_topics/__init__.py": ""},
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.is_in_project or not _reads_from_project(flow.module):
            return
        for owner in flow.lineage:
            for function in owner.definition.functions:
                if any(_leaves_project(call, owner.module) for call in function.descendants.calls):
                    continue
                for thing in latest(function.descendants):
                    name = next(part for part in thing.name.split(".") if part in LATEST)
                    yield self.finding(
                        thing,
                        f"In the flow `{flow.name}`, `{name}` may be a run of any branch or user",
                        'choose from `Flow(…).runs(f"project_branch:{current.branch_name}")`, or '
                        'from `runs("project_branch:prod")`',
                    )


def _reads_from_project(module: Module) -> bool:
    """Whether a file or its imports set a project's namespace."""
    packages = {
        package for imported in module.descendants.imports for package in imported.packages()
    }
    return any(_chooses_project(call, module) for call in module.descendants.calls) or any(
        module.resolver.sets_project_namespace(package) for package in packages
    )


def _given(call: Call) -> Expression | None:
    is_namespace = metaflow_name(call.function.qualified) == "namespace"
    return call.argument("ns", 0) if is_namespace else None


def _chooses_project(call: Call, module: Module) -> bool:
    given = module.known(_given(call))
    if isinstance(given, JoinedStr) and given.values and isinstance(given.values[0], str):
        return given.values[0].startswith(_PROJECT)
    return isinstance(given, Constant) and (given.text or "").startswith(_PROJECT)


def _leaves_project(call: Call, module: Module) -> bool:
    return _given(call) is not None and not _chooses_project(call, module)
