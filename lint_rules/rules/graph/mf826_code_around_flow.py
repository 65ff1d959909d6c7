"""MF826."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.command_line import CommandLineRead, command_line_reads
from lint_rules.analysis.flow_call import NeverRun, never_run
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class CodeAroundFlow(Rule):
    """
    ## What it does
    Checks for code after the call that runs a flow, and for a flow file that reads the command line
    itself, with `argparse`, `click` or `sys.argv`.

    ## Why is this bad?
    `ArxivTopics()` reads the command line, runs the flow and ends the process. Code after the call
    never runs, and the run succeeds without it. The steps cannot call a function that the file
    defines after the call: "NameError: name 'clean' is not defined".

    The command line is Metaflow's. A parser of your own does not know `run` and `check` and refuses
    them: "error: unrecognized arguments: run". Metaflow starts each task with another command line,
    "… step start --run-id …", so a step never sees what you typed.

    ## References
    Metaflow, "Passing parameters to flows"; "Configuring flows".
    """

    code, name = "MF826", "code-around-flow"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.title = clean(" a title ")
                    self.next(self.end)

                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                ArxivTopics()
                print("all topics are there")


            def clean(title):
                return title.strip()
            """,
            at=('print("all topics are there")', "clean"),
        ),
        Bad(
            """
            import argparse
            import sys

            from metaflow import FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.year = sys.argv[2]
                    self.next(self.end)

                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                parser = argparse.ArgumentParser()
                parser.add_argument("--limit", type=int)
                args = parser.parse_args()
                ArxivTopics()
            """,
            at=("sys.argv", "parser.parse_args()"),
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
                    self.next(self.end)

                @step
                def end(self):
                    pass


            if __name__ == "__main__":
                if len(sys.argv) == 1:
                    sys.argv.append("show")
                try:
                    ArxivTopics()
                finally:
                    print("over")


            def topics_of(run):
                return run.data.topics
            """,
            why="`finally` runs when the process ends, and the function is there for other files.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        if not module.runnable or module.is_test:
            return
        for found in never_run(module):
            yield self._of_rest(found)
        reported = set()
        for flow in module.runnable:
            for read in command_line_reads(flow):
                if read.at not in reported:
                    reported.add(read.at)
                    yield self._of_read(read)

    def _of_rest(self, found: NeverRun) -> Finding:
        flow, statement = found.flow.name, found.statement
        if found.name:
            message = f"A step needs `{found.name}`, which is assigned after `{flow}()`, so it never exists"
            help = f"move it before the call `{flow}()`, which does not return"
        else:
            message = f"This never runs, because `{flow}()` does not return"
            help = "move it into the end step, or before the call"
        return self.finding(statement, message, help)

    def _of_read(self, read: CommandLineRead) -> Finding:
        if read.step:
            message = (
                f"`{read.what}` in `{read.step}` reads the command line of the task, which Metaflow "
                "writes"
            )
        elif read.what == "sys.argv":
            message = "`sys.argv` contains Metaflow's own words, such as `run` or `step`, and not a number"
        else:
            message = (
                f"`{read.what}` does not know Metaflow's commands and ends the process before the "
                "flow runs"
            )
        return self.finding(
            read.at, message, "make it a `Parameter` of the flow, as in `self.limit`"
        )
