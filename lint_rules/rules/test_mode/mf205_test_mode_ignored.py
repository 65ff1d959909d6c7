"""MF205."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.attribute_uses import may_read
from lint_rules.analysis.data_flow.custom_decorators import custom_decorators
from lint_rules.analysis.test_mode import test_mode
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class TestModeIgnored(Rule):
    """
    ## What it does
    Checks that a step, a helper method, a base flow or a decorator reads the test-mode parameter.

    ## Why is this bad?
    The parameter promises a quick run. If nothing reads it, people who turn it on wait for a full
    run, and overwrite data that they wanted to protect.

    The rule ignores flows that pass `self` to a function, and flows with a custom decorator that
    reads the parameter or that the linter cannot read. A decorator that reads it only to refuse
    test mode in production does not count.

    ## References
    The guide, "Test mode": a parameter "which will run your flow in a test mode".
    """

    code, name = "MF205", "test-mode-ignored"
    group = Group.SUSPICIOUS
    options = ("event-decorators",)
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Parameter, current, project, step


            @project(name="arxiv_topics")
            class ArxivTopics(FlowSpec):
                test_mode = Parameter(
                    "test-mode", type=bool, default=lambda _: not current.is_production
                )

                @step
                def start(self):
                    self.papers = fetch_papers()
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="test_mode",
        ),
        Bad(
            """
            import metaflow as mf


            class ArxivTopics(mf.FlowSpec):
                testing = mf.Parameter("testing", default=True)

                @mf.step
                def start(self):
                    testing = False
                    with mf.S3(run=self) as s3:
                        s3.put("papers", "{}")
            """,
            at="testing",
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
                self.papers = fetch_papers(limit=10 if self.test_mode else None)
        """,
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from arxiv_topics.papers import fetch_papers


            class Base(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @property
                def limit(self):
                    return 10 if self.test_mode else None


            class ArxivPapers(Base):
                @step
                def start(self):
                    self.papers = fetch_papers(self.limit)


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @step
                def start(self):
                    self.papers = fetch_papers(self)
            """,
            why="A base flow reads it, and a step passes `self` to a function.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step

            from arxiv_topics.sampling import sample_in_test_mode


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @sample_in_test_mode
                @step
                def start(self):
                    self.papers = fetch_papers()
            """,
            why="A custom decorator may read it.",
        ),
        Good(
            """
            from metaflow import FlowSpec, Parameter, step


            class ArxivTopics(FlowSpec):
                test_mode = Parameter("test-mode", default=True)

                @step
                def start(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.papers = fetch_papers(inputs[0].test_mode)
            """,
            why="The code reads it from another task.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        parameter = test_mode(flow)
        if parameter is None or not flow.knows_its_bases:
            return
        if not flow.is_first_with(parameter) or may_read(flow, parameter.attribute):
            return
        decorated = custom_decorators(flow, self.settings.event_decorators)
        if not decorated.is_unknown and not decorated.reads & {parameter.attribute, "*"}:
            yield self.finding(
                parameter,
                f"Nothing in the flow `{flow.name}` reads its test mode `{parameter.attribute}`",
                f"read `self.{parameter.attribute}` to make the run smaller, with less data or fewer rounds",
            )
