"""MF604."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.namespaces import chosen_at_import, project_in
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.project import Project
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FLOW = (
    'import metaflow as mf\n\n\n@mf.project(name="arxiv_topics")\n'
    "class ArxivPapers(mf.FlowSpec):\n    @mf.step\n    def start(self): pass\n"
)


class NamespaceOfAnotherProject(Rule):
    """
    ## What it does
    Checks that a module which sets a project's namespace when it is imported uses its own project.

    ## Why is this bad?
    With `namespace("project:arxiv")` in the package of the project `arxiv_topics`, every function
    that reads results looks at the runs of another project, or of none. It finds no results, or the
    wrong ones.

    ## References
    The guide, "Namespaces".
    """

    code, name = "MF604", "namespace-of-another-project"
    group = Group.SUSPICIOUS
    options = ("project", "project-root")
    bad = [
        Bad(
            """
            from metaflow import namespace

            METAFLOW_PACKAGE_POLICY = "include"

            namespace("project:arxiv")
            """,
            at='namespace("project:arxiv")',
            packages={"../pyproject.toml": "", "../papers/flow.py": _FLOW},
        ),
    ]
    good = [
        Good(
            """
            import metaflow as mf

            mf.namespace("project:arxiv_topics")


            def species():
                mf.namespace("project:biology")
                return mf.Flow("Species").latest_run
            """,
            why="A function may read the results of another project.",
            packages={"../pyproject.toml": "", "../papers/flow.py": _FLOW},
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        names = {stated.name for stated in project.stated.values()}
        if self.settings.project:
            names.add(self.settings.project)
        if not names or not project.knows_its_names:
            return
        for module in project.modules:
            if module.runnable:
                continue
            for call in chosen_at_import(module):
                other = project_in(call, module)
                if other and other not in names:
                    like = next(iter(project.stated.values()), None)
                    own = self.settings.project or (like.name if like else "")
                    yield self.finding(
                        call,
                        f"This sets the namespace of the project `{other}`, "
                        f"but the flows are in the project `{own}`",
                        f'write `namespace("project:{own}")`',
                        related=[(like, f"`{like.flow.name}` is in the project `{like.name}`")]
                        if like
                        else (),
                    )
