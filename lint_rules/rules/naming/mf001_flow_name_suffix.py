"""MF001."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule


class FlowNameSuffix(Rule):
    """
    ## What it does
    Checks for flows whose class name ends in `Flow`.

    ## Why is this bad?
    A flow's name is on every run, deployment and result: `Flow("ArxivTopics").latest_run`. There
    the suffix says nothing that is not already said; in the repository the directory says it.

    There is no fix, since runs are kept under the name: renaming a flow starts a new history, and
    a deployment under the old name goes on until somebody deletes it.

    ## References
    The guide, "Names".
    """

    code, name = "MF001", "flow-name-suffix"
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopicsFlow(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="ArxivTopicsFlow",
        ),
        Bad(
            """
            import metaflow as mf


            class Arxiv_flow(mf.FlowSpec):
                @mf.step
                def start(self):
                    pass
            """,
            at="Arxiv_flow",
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class BaseFlow(FlowSpec):
                owner = "research"


            class RiverOverflow(BaseFlow):
                @step
                def start(self):
                    pass
            """,
            why="A base flow is never run, and an overflow is no suffix.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        stem = flow.name[:-4].rstrip("_")
        if stem and (flow.name.endswith("Flow") or flow.name.lower().endswith("_flow")):
            yield self.finding(
                flow,
                f"The name of the flow `{flow.name}` ends in `Flow`",
                f"call it `{stem}`: where flows live already says that it is one",
            )
