"""MF424."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.process_state import LostState, lost_state
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.flow import Flow
from lint_rules.rules.base import Bad, Rule
from lint_rules.settings.groups import Group


class StateBetweenSteps(Rule):
    """
    ## What it does
    Checks for steps that rely on the process of an earlier step: its module variables, environment
    variables, working folder, random seed, or configuration of logging.

    ## Why is this bad?
    Each task runs in its own process, often on another machine. It loads the file again, and gets
    only artifacts from earlier steps. The run does not fail, but its results are not what the code
    suggests:

    - a variable has the value from the top of the file (an empty list, `None`);
    - `os.environ.get(…)` is `None` (`os.environ[…]` raises a `KeyError`);
    - `os.getcwd()` is the folder in which the run started;
    - messages of `logger.info(…)` are missing;
    - random numbers differ from run to run.

    Pass values on as artifacts. Set everything else where each task does it: at the top of the
    file, in each step, or with `@environment`.

    ## References
    Metaflow, "Basics of Metaflow": artifacts; "Loading and storing data".
    """

    code, name = "MF424", "state-between-steps"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            import os

            from metaflow import FlowSpec, step

            PAPERS = []


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    PAPERS.append("1706.03762")
                    os.environ["STAGE"] = "dev"
                    self.next(self.end)

                @step
                def end(self):
                    print(len(PAPERS), os.environ["STAGE"])
            """,
            at=('PAPERS.append("1706.03762")', 'os.environ["STAGE"]'),
        ),
        Bad(
            """
            import logging
            import random

            from metaflow import FlowSpec, step

            logger = logging.getLogger(__name__)


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    logging.basicConfig(level=logging.INFO)
                    random.seed(42)
                    self.next(self.end)

                @step
                def end(self):
                    logger.info("not in the log")
                    print(random.random())
            """,
            at=("logging.basicConfig(level=logging.INFO)", "random.seed(42)"),
        ),
    ]
    good = [
        """
        import logging
        import os
        import random

        from metaflow import FlowSpec, environment, step

        logging.basicConfig(level=logging.INFO)
        logger = logging.getLogger(__name__)
        MODEL = None


        def model():
            global MODEL
            if MODEL is None:
                MODEL = "loaded"
            return MODEL


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                random.seed(42)
                self.papers = [random.random(), model()]
                os.environ["OMP_NUM_THREADS"] = "1"
                self.next(self.end)

            @environment(vars={"STAGE": "dev"})
            @step
            def end(self):
                logger.info(model(), self.papers, random.choice([1, 2]))
                print(os.environ["STAGE"])
        """,
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        for lost in lost_state(flow):
            if lost.step in flow.reported_steps:
                yield self._of(lost)

    def _of(self, lost: LostState) -> Finding:
        step, reader = lost.step.name, lost.reader.name
        what, help = _words(lost)
        return self.finding(
            lost.at,
            f"`{step}` {what}, but `{reader}` does not see that, because it runs in another process",
            help,
            related=[(lost.read, f"`{reader}` relies on it here")],
        )


def _words(lost: LostState) -> tuple[str, str]:
    """What a step sets, and what to do instead."""
    kind, name = lost.key
    reader = lost.reader.name
    match kind:
        case "variable":
            return (
                f"changes the module variable `{name}`",
                f"pass the value on as an artifact: set `self.{name.lower()}`, and read that",
            )
        case "environment variable":
            return (
                f"sets the environment variable `{name}`",
                f"set it in `{reader}` too, or put `@environment(vars=…)` on both steps",
            )
        case "working folder":
            return "changes the working folder", f"change it in `{reader}` too, or use whole paths"
        case "seed":
            return (
                f"sets the seed of `{name}`",
                f"set it in `{reader}`, or at the top of the file",
            )
    return "configures logging", "configure it at the top of the file, which each task runs"
