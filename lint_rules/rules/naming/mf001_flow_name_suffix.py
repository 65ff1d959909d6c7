"""MF001."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class FlowNameSuffix(Rule):
    """
    ## What it does
    Checks for flows whose class name ends in `Flow`.

    ## Why is this bad?
    Metaflow shows a flow's name on every run, deployment and result. In
    `Flow("ArxivTopics").latest_run`, the suffix `Flow` adds nothing.

    There is no fix. Metaflow stores runs under the flow's name, so a new name starts a new history.
    A deployment under the old name keeps running until you delete it.

    ## References
    The guide, "Names".
    """

    code, name = "MF001", "flow-name-suffix"
    group = Group.STYLE
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
            why="Nobody runs a base flow, and in `Overflow` the letters are not a suffix.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        stem = flow.name[:-4].rstrip("_")
        if stem and (flow.name.endswith("Flow") or flow.name.lower().endswith("_flow")):
            yield self.finding(
                flow,
                f"The name of the flow `{flow.name}` ends in `Flow`",
                f"rename the class to `{stem}`",
            )
