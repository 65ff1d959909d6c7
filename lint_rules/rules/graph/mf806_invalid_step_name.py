"""MF806."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lint_rules.analysis.step_graph import problems
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class InvalidStepName(Rule):
    """
    ## What it does
    Checks that Metaflow accepts the names of a flow's steps.

    ## Why is this bad?
    Metaflow refuses a name that it uses itself ("Step name *next* is a reserved word. Choose
    another name for the step"). A name may contain only lower-case letters, digits and underscores,
    and must not begin with an underscore ("Step *trainModel* has an invalid name. Only lowercase
    ascii characters, underscores, and digits are allowed").

    ## References
    Metaflow, "Basics of Metaflow": the structure of flows.
    """

    code, name = "MF806", "invalid-step-name"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.next(self.trainModel)

                @step
                def trainModel(self):
                    self.next(self._report)

                @step
                def _report(self):
                    self.next(self.input)

                @step
                def input(self):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("trainModel", "_report", "input"),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                self.next(self.train_model_2)

            @step
            def train_model_2(self):
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for problem in problems(flow, self.code):
            name = problem.names[0]
            if problem.kind == "reserved":
                message = f"The step `{name}` has a name that Metaflow uses itself"
                help = f"choose another name, such as `{name}_step`"
            elif problem.kind == "underscore":
                message = f"The name of the step `{name}` begins with an underscore"
                help = f"choose another name, such as `{name.lstrip('_').lower() or 'work'}`"
            else:
                message = (
                    f"The name of the step `{name}` contains characters other than "
                    "lower-case letters, digits and underscores"
                )
                help = f"choose another name, such as `{_snake(name)}`"
            yield self.finding(problem, message, help)


def _snake(name: str) -> str:
    """The name in small letters and underscores: `train_model` for `trainModel`."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return re.sub(r"[^a-z0-9_]", "", parted).strip("_") or "work"
