"""MF310."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.analysis.early_names import eager
from lint_rules.analysis.import_time_work import reaches_out
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call, Definition, Expression, If, Statement, Try
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ImportTimeWork(Rule):
    """
    ## What it does
    Checks for work that Python does each time it loads a flow file, at module level or in the body
    of the class: requests, connections, clients, reading files, starting programs.

    ## Why is this bad?
    Each task loads the file again, so a foreach over a hundred items opens a hundred connections.
    `show`, `check`, `--help`, deployments and tests load it too. None of them works without the
    network, or without the files that the code reads. If another machine does not have these files,
    Metaflow fails before the first step, with a traceback that names no step.

    Do such work in the step that needs it.

    ## References
    The guide, "Steps"; Metaflow, "Basics of Metaflow".
    """

    code, name, default = "MF310", "import-time-work", False
    group = Group.STYLE
    bad = [
        Bad(
            """
            import boto3
            import pandas as pd
            from metaflow import FlowSpec, step

            TABLES = boto3.client("glue").get_tables(DatabaseName="arxiv")


            class ArxivTopics(FlowSpec):
                PAPERS = pd.read_csv("papers.csv")

                @step
                def start(self):
                    pass
            """,
            at=('boto3.client("glue")', 'pd.read_csv("papers.csv")'),
        ),
    ]
    good = [
        """
        import re
        from pathlib import Path

        import boto3
        from metaflow import FlowSpec, IncludeFile, step

        TITLE = re.compile("[A-Z].*")
        FOLDER = Path("papers")


        def client():
            return boto3.client("s3")


        class ArxivTopics(FlowSpec):
            papers = IncludeFile("papers", default="papers.csv")

            @step
            def start(self):
                self.text = (FOLDER / "more.csv").read_text()


        if __name__ == "__main__":
            print(open("README").read())
            ArxivTopics()
        """,
        Good(
            """
            import boto3

            CLIENT = boto3.client("s3")
            """,
            why="This is not a flow file.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if not module.runnable:
            return
        guards = {id(guard) for guard in module.main_guards()}
        bodies: list[Iterable[Statement]] = [module.body]
        bodies += [flow.definition.body for flow in module.flows]
        for body in bodies:
            for expression in _loaded(body, guards):
                for part in eager(expression):
                    what = reaches_out(part) if isinstance(part, Call) else None
                    if what is not None:
                        yield self.finding(
                            part,
                            f"This {what} each time Python loads the flow's file, and so in each task",
                            "do it in the step that needs it",
                        )


def _loaded(body: Iterable[Statement], guards: set[int]) -> Iterator[Expression]:
    """The expressions that run when a body does, those of functions and of the main guard apart."""
    for statement in body:
        if isinstance(statement, Definition) or id(statement) in guards:
            continue
        if isinstance(statement, If) and "TYPE_CHECKING" in _names(statement.test):
            continue
        yield from statement.expressions
        if isinstance(statement, Try):
            continue
        for block in statement.blocks:
            yield from _loaded(block, guards)


def _names(test: Expression) -> set[str]:
    return {name for part in test.walk() for name in str(getattr(part, "name", "")).split(".")}
