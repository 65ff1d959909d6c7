"""MF418."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.early_ends import early_ends
from lint_rules.analysis.step_decorators import may_go_on
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class ExitBeforeNext(Rule):
    """
    ## What it does
    Checks that no step ends early, by `return` or `sys.exit()`, before it calls `self.next`.

    ## Why is this bad?
    Every step except the end must call `self.next`, whatever its data. If a step returns before
    that, or ends the process with `sys.exit()`, `exit()`, `quit()` or `raise SystemExit`, the task
    succeeds, but then the whole run fails: "Internal error: Based on static analysis of the code,
    step *start* was expected to transition to step(s) *end*. However, when the code was executed,
    self.next() was called with . Make sure there is only one unconditional self.next() call in the
    end of your step." After `os._exit()`, the message is "No completed attempts of the task was
    found for task".

    The end step may return or exit. The rule does not report `raise`, or an exit with a status or a
    message, such as `sys.exit(1)`. There, the author wants the run to fail.

    ## References
    Metaflow, "Basics of Metaflow": `self.next`; "Conditionals": switches.
    """

    code, name = "MF418", "exit-before-next"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            import sys

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = []
                    if not self.papers:
                        return
                    self.next(self.model)

                @step
                def model(self):
                    for paper in self.papers:
                        if paper is None:
                            sys.exit()
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at=("return", "sys.exit()"),
        ),
    ]
    good = [
        Good(
            """
            import sys

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    def titles():
                        return ["a title"]

                    self.papers = titles()
                    if self.papers is None:
                        sys.exit("no papers")
                    if not self.papers:
                        self.next(self.end)
                        return
                    self.next(self.end)

                @step
                def end(self):
                    if not self.papers:
                        return
                    sys.exit()
            """,
            why="A return of another function, one after `self.next`, and those of the end step.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        reported = flow.reported_steps
        for step in flow.all_steps.values():
            transitions = step.transitions
            if not transitions or step not in reported or may_go_on(step):
                continue
            for end in early_ends(step, flow):
                yield self.finding(
                    end.statement,
                    f"`{step.name}` ends at this `{end.written}` without `self.next`, so the run "
                    "fails",
                    "put the work that follows under an `if`, so that `self.next` always runs, or let "
                    'a switch choose the next step: `self.next({…}, condition="…")`',
                    related=[(transitions[-1], "the step does not reach this `self.next`")],
                )
