"""MF103."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.model.project import stated_project
from lint_rules.rules.base import Bad, Good, HasLocation, Rule
from lint_rules.settings.groups import Group

_LONGEST = 128


class InvalidProjectName(Rule):
    """
    ## What it does
    Checks that Metaflow accepts the name in `@project(name="…")`. A name may have only lower-case
    letters, digits and underscores, and at most 128 characters.

    ## Why is this bad?
    Metaflow refuses to run or deploy the flow. The name becomes part of the names of deployments,
    and schedulers restrict these.

    The rule ignores a name that comes from a config or a variable, except for the name in
    `obproject.toml`: each deployment of an Outerbounds project takes it from there.

    ## References
    Metaflow, `@project`: `name` may contain only lower-case letters, digits and underscores.
    """

    code, name = "MF103", "invalid-project-name"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, project, step


            @project(name="arxiv-topics")
            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass
            """,
            at='"arxiv-topics"',
        ),
        Bad(
            """
            import metaflow as mf

            PROJECT = "ArxivTopics"


            @mf.project(name=PROJECT)
            class Base(mf.FlowSpec):
                pass


            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    pass


            @mf.project(name="")
            class ArxivPapers(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at=("PROJECT", '""'),
        ),
        Bad(
            """
            from metaflow import step
            from obproject import ProjectFlow


            class ArxivTopics(ProjectFlow):
                @step
                def start(self):
                    pass
            """,
            at="ProjectFlow",
            packages={"../obproject.toml": 'project = "arxiv-topics"'},
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, project, step


        @project(name="arxiv_topics_2")
        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            from metaflow import Config, FlowSpec, config_expr, project, step
            from metaflow_helper import project as elsewhere


            @elsewhere(name="ArxivTopics")
            @project(name=config_expr("settings.project"))
            class ArxivTopics(FlowSpec):
                settings = Config("settings")

                @step
                def start(self):
                    pass
            """,
            why="The value of a config is not known, and another `@project` has its own rules.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for owner in flow.lineage:
            project = owner.own_decorator("project")
            given: HasLocation | None = project.argument("name") if project else None
            name = owner.module.text(project.argument("name") if project else None)
            if owner.module.resolver.is_of_package:
                given = stated = stated_project(flow)
                name = stated.name if stated else None
            if given is None or name is None:
                continue
            if not name:
                problem = "is empty"
            elif len(name) > _LONGEST:
                problem = f"has {len(name)} characters, more than {_LONGEST}"
            elif refused := re.search(r"[^a-z0-9_]", name):
                problem = f"contains `{refused.group()}`"
            else:
                continue
            valid = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_")[:_LONGEST]
            yield self.finding(
                given,
                f"The project name `{name}` of the flow `{flow.name}` {problem}",
                f"use only lower-case letters, digits and `_`, and at most {_LONGEST} characters"
                + (f", as in `{valid}`" if valid else ""),
            )
