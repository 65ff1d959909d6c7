"""MF004."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule


class MultipleFlows(Rule):
    """
    ## What it does
    Checks for a second flow in a file.

    ## Why is this bad?
    A flow file is run, deployed and packed as a whole, and `python flow.py run` can start only
    one flow. The other one is started by editing the file, and its packages, triggers and
    changes are mixed up with the first one's.

    A base flow, which has no steps, is no second flow (see `extra-definition`).

    ## References
    The guide, "A flow file".
    """

    code, name = "MF004", "multiple-flows"
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivPapers(FlowSpec):
                @step
                def start(self):
                    pass


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    pass


            class ArxivAuthors(ArxivTopics):
                @step
                def end(self):
                    pass
            """,
            at=("ArxivTopics", "ArxivAuthors"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivPapers(FlowSpec):
            @step
            def start(self):
                pass
        """,
        Good(
            """
            import metaflow as mf


            class Base(mf.FlowSpec):
                year = mf.Parameter("year", default=2024)


            class ArxivPapers(Base):
                @mf.step
                def start(self):
                    pass
            """,
            why="A base flow cannot be run.",
        ),
        Good(
            """
            from metaflow import FlowSpec, step


            class Papers(FlowSpec):
                @step
                def start(self):
                    pass


            class Topics(FlowSpec):
                @step
                def start(self):
                    pass


            def test_flows():
                assert Papers and Topics
            """,
            why="The flows are what a test needs.",
        ),
        Good(
            """
            try:
                from metaflow import FlowSpec, step

                class ArxivPapers(FlowSpec):
                    @step
                    def start(self):
                        pass

            except ImportError:
                from elsewhere import FlowSpec, step

                class ArxivPapers(FlowSpec):
                    @step
                    def start(self):
                        pass
            """,
            why="Two versions of one flow.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if module.is_test:
            return
        flows = module.runnable
        for flow in flows[1:]:
            if flow.name != flows[0].name:
                yield self.finding(
                    flow,
                    f"The flow `{flow.name}` stands in the file of `{flows[0].name}`",
                    "give it a file of its own",
                )
