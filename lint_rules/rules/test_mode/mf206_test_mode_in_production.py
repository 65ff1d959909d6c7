"""MF206."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.attribute_uses import functions, hands_on, reads
from lint_rules.analysis.current import asks
from lint_rules.analysis.test_mode import test_mode
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Constant
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TestModeInProduction(Rule):
    """
    ## What it does
    Checks for a test mode that is on by default, in a flow that does not check
    `current.is_production`.

    ## Why is this bad?
    `--production` does not turn such a test mode off. If nobody remembers to set the option,
    production computes its results from a small part of the data. Metaflow accepts this without a
    warning.

    The rule ignores flows without `@project`, which have no production (see `missing-project`). It
    also ignores flows with custom decorators, because these may check `current.is_production`.

    ## References
    The guide, "Test mode": the test mode should not be active with `--production`.
    """

    code, name = "MF206", "test-mode-in-production"
    group = Group.SUSPICIOUS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
                    self.next(self.end)

                @step
                def end(self):
                    if not self.test_mode:
                        print(self.papers)
            """,
            at="self.test_mode",
        ),
        Bad(
            """
            import metaflow as mf

            ON = True


            @mf.project(name="arxiv_topics")
            class Base(mf.FlowSpec):
                testing = mf.Parameter("testing", default=ON)


            class ArxivTopics(Base):
                @mf.step
                def start(self):
                    self.papers = self.fetch()

                def fetch(self):
                    return fetch_papers(10 if self.testing else None)
            """,
            at="self.testing",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Parameter, current, project, step


        @project(name="arxiv_topics")
        class ArxivTopics(FlowSpec):
            test_mode = Parameter("test-mode", default=True)

            @step
            def start(self):
                is_test = self.test_mode and not current.is_production
                self.papers = fetch_papers(10 if is_test else None)
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter(
                    "test-mode", type=bool, default=lambda _: not current.is_production
                )

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
            """,
            why="The default itself checks for production.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, project, step

            from arxiv_topics.guards import no_test_mode_in_production


            @no_test_mode_in_production
            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
            """,
            why="The custom decorator may check for every step.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)
                production = Parameter("production", default=False)

                @step
                def start(self):
                    self.papers = fetch_papers(10 if self.test_mode else None)
            """,
            why="The flow has its own meaning of production.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        parameter = test_mode(flow)
        if parameter is None or not flow.is_in_project or not flow.knows_its_bases:
            return
        default = parameter.module.known(parameter.default)
        if not (isinstance(default, Constant) and default.value is True):
            return
        if flow.own_decorators(self.settings.event_decorators) or _is_guarded(flow):
            return
        here = set(flow.module.descendants.names)
        # One in the flow's own file is the easiest to fix.
        read = min(reads(flow, parameter.attribute), key=lambda r: r not in here, default=None)
        if read is not None:
            yield self.finding(
                read,
                f"The flow `{flow.name}` runs in test mode in production too, "
                "unless somebody turns it off",
                f"check `self.{parameter.attribute} and not current.is_production`, or set the default of "
                "the parameter to `lambda _: not current.is_production`",
            )


def _is_guarded(flow: Flow) -> bool:
    """Whether the flow, its base flows or its file check for production."""
    insides = {owner.module: owner.module.descendants for owner in flow.lineage}.values()
    if any(asks(inside, ("branch_name", "is_production")) for inside in insides):
        return True
    own = any(p.attribute in ("prod", "production") for p in flow.all_parameters)
    return own or any(hands_on(function) for function in functions(flow))
