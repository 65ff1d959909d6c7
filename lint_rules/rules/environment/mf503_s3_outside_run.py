"""MF503."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.events import is_none
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class S3OutsideRun(Rule):
    """
    ## What it does
    Checks for Metaflow's `S3()` without `run=self` and without `s3root=`, in a flow file.

    ## Why is this bad?
    With `run=self`, Metaflow stores the objects with the run. Without it, you build the addresses
    yourself, and nothing shows which run wrote an object. A resumed run may find other data than
    the original run.

    The rule is off by default, because `S3()` is correct for reading a public address.

    ## References
    The guide, "Surprises": `resume` and `metaflow.S3` (Metaflow's issue 664). Metaflow, "Loading
    and storing data".
    """

    code, name, default = "MF503", "s3-outside-run", False
    group = Group.SUSPICIOUS
    bad = [
        Bad(
            """
            from metaflow import S3, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    with S3() as s3:
                        self.papers = s3.get("s3://arxiv/papers.json").text
            """,
            at="S3()",
        ),
        Bad(
            """
            import metaflow as mf
            from metaflow.datatools.s3 import S3 as Store


            class ArxivTopics(mf.FlowSpec):
                @mf.step
                def start(self):
                    mf.S3(tmproot="/tmp").get("s3://arxiv/papers.json")
                    Store().get("s3://arxiv/papers.json")
            """,
            at=('mf.S3(tmproot="/tmp")', "Store()"),
        ),
    ]
    good = [
        """
        from metaflow import S3, FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                with S3(run=self) as s3:
                    s3.put("papers.json", "{}")
        """,
        Good(
            """
            from metaflow import S3, FlowSpec, step
            from storage import S3 as Other


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    S3(s3root="s3://arxiv").get("papers.json")
                    S3(**self.store).get("papers.json")
                    Other().get("papers.json")
            """,
            why="A root, arguments that are not visible, and another `S3`.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        flow = next(iter(module.runnable), None)
        if flow is None:
            return
        for call in module.descendants.calls:
            if metaflow_name(call.function.qualified) != "S3" or call.has_unpacking:
                continue
            # S3(tmproot, bucket, prefix, run, s3root)
            given = call.argument("run", 3), call.argument("s3root", 4)
            if all(value is None or is_none(value) for value in given):
                yield self.finding(
                    call,
                    f"This `S3` of the flow `{flow.name}` has neither `run=self` nor `s3root=`, so "
                    "its objects belong to no run",
                    "give it `run=self` for the run's own data, or `s3root=` for other data",
                )
