"""MF823."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.flow_init import Consequence, consequences
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class FlowInit(Rule):
    """
    ## What it does
    Checks for flows with an `__init__` that fails, or that has no effect on the tasks.

    ## Why is this bad?
    Metaflow creates the flow's object itself: once for the command line, and in each join once for
    each input, as `ArxivTopics(use_cli=False)`.

    - `super().__init__()` reads the command line, runs the task and ends the process. The code
      after it never runs: "AttributeError: Flow ArxivTopics has no attribute 'database'".
    - An `__init__` that does not take `use_cli` fails in each join: "TypeError:
      ArxivTopics.\\_\\_init\\_\\_() got an unexpected keyword argument 'use_cli'".
    - An `__init__` that does not call `super().__init__(use_cli)` does not run the flow at all: the
      command does nothing and ends with status 0.
    - Each task runs `__init__` again, and what it sets hides the artifact of the same name: a step
      sets `self.count = 2`, and the next one reads 1 again.

    An `__init__` does no harm if it passes `use_cli` on, and sets only attributes that no step sets.

    ## References
    Metaflow, "Basics of Metaflow": artifacts and constants of a flow.
    """

    code, name = "MF823", "flow-init"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                def __init__(self, use_cli=True):
                    super().__init__(use_cli)
                    self.database = "arxiv"

                @step
                def start(self):
                    print(self.database)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='self.database = "arxiv"',
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                def __init__(self):
                    super().__init__()

                @step
                def start(self):
                    self.next(self.papers, self.authors)

                @step
                def papers(self):
                    self.next(self.join)

                @step
                def authors(self):
                    self.next(self.join)

                @step
                def join(self, inputs):
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="__init__",
        ),
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                def __init__(self, use_cli=True):
                    self.count = 1
                    super().__init__(use_cli)

                @step
                def start(self):
                    self.count = 2
                    self.next(self.end)

                @step
                def end(self):
                    assert self.count == 2
            """,
            at="self.count",
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                def __init__(self, *args, **kwargs):
                    self.database = "arxiv"
                    super().__init__(*args, **kwargs)

                @step
                def start(self):
                    print(self.database)
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="It takes Metaflow's argument, and no step sets the same attribute.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        if not flow.knows_its_bases:
            return
        for found in consequences(flow):
            yield self._of(found, flow)

    def _of(self, found: Consequence, flow: Flow) -> Finding:
        name = found.name
        message, help = {
            "after": (
                f"This code never runs, because `super().__init__()` runs `{flow.name}` and ends the "
                "process",
                "move it into the start step, or make it a constant in the class's body",
            ),
            "join": (
                f"The `__init__` of `{flow.name}` does not take `use_cli`, so the join "
                f"`{name}` fails",
                "remove it, or write `def __init__(self, use_cli=True)` and pass `use_cli` on",
            ),
            "unstarted": (
                f"The `__init__` of `{flow.name}` does not call `super().__init__(use_cli)`, so "
                "the flow never runs",
                "remove it, and set the attributes in the start step",
            ),
            "hidden": (
                f"Each task of `{flow.name}` sets `{name}` again here, and hides the artifact that a "
                "step has set",
                f"set `self.{name}` in the start step instead",
            ),
        }[found.how]
        related = [(found.other, "a step writes it here")] if found.other is not None else []
        return self.finding(found, message, help, related=related)
