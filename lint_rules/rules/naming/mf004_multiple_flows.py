"""MF004."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class MultipleFlows(Rule):
    """
    ## What it does
    Checks for a second flow in a file.

    ## Why is this bad?
    Metaflow runs, deploys and packages a flow file as a whole, and `python flow.py run` can start
    only one flow. To start the other one, you have to edit the file. The packages, triggers and
    history of both flows get mixed.

    A base flow without steps does not count as a second flow (see `extra-definition`).

    ## References
    The guide, "A flow file".
    """

    code, name = "MF004", "multiple-flows"
    group = Group.STYLE
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
            why="A test needs both flows.",
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
            why="These are two versions of one flow.",
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
                    f"The flow `{flow.name}` is in the same file as the flow `{flows[0].name}`",
                    "move it into a file of its own",
                )
