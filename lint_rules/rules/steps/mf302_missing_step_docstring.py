"""MF302."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.step import Step
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class MissingStepDocstring(Rule):
    """
    ## What it does
    Checks that the first and the last step of a flow have a docstring.

    Flows in files of tests are not checked.

    ## Why is this bad?
    The names `start` and `end` do not tell what the steps do. A docstring can. Metaflow shows it in
    the output of `show`, and on cards and graphs.

    The first and the last step can have other names, with `@step(start=True)` or `@step(end=True)`.
    A blank docstring does not count.

    ## References
    The guide, "Docstrings".
    """

    code, name = "MF302", "missing-step-docstring"
    group = Group.STYLE
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.end)

                @step
                def end(self):
                    \"\"\" \"\"\"
            """,
            at=("start", "end"),
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step(start=True)
                def fetch(self):
                    # Fetch papers.
                    self.next(self.end)

                @step
                def end(self):
                    f\"\"\"Is no docstring.\"\"\"
            """,
            at=("fetch", "end"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                \"\"\"Fetch the papers of the last year.\"\"\"
                self.next(self.model)

            @step
            def model(self):
                self.next(self.end)

            @step
            def end(self):
                \"\"\"Publish the topics.\"\"\"
        """,
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                async def start(self):
                    'Fetch ' 'papers.'
                    self.next(self.end)

                def end(self):
                    pass
            """,
            why="A docstring in pieces is a docstring, and a method that is not a step needs none.",
        ),
    ]

    def check(self, step: Step) -> Iterator[Finding]:
        if not (step.is_start or step.is_end) or step.flow.module.is_test:
            return
        docstring = step.function.docstring
        if docstring is None or not (docstring.text or "").strip():
            position = "first" if step.is_start else "last"
            yield self.finding(
                step,
                f"The step `{step.name}` of the flow `{step.flow.name}` has no docstring",
                f"describe in one sentence what the {position} step does",
            )
