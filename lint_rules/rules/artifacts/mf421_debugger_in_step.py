"""MF421."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.run_code import run_by_steps
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Call
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_WAITING = {
    "builtins.breakpoint": "breakpoint()",
    "builtins.input": "input()",
    "bdb.set_trace": "set_trace()",
    "code.interact": "code.interact()",
    "getpass.getpass": "getpass()",
    "IPython.embed": "embed()",
    "ipdb.set_trace": "set_trace()",
    "pdb.post_mortem": "post_mortem()",
    "pdb.set_trace": "set_trace()",
    "pudb.set_trace": "set_trace()",
}
"""What waits for somebody to type, with how it is written."""


class DebuggerInStep(Rule):
    """
    ## What it does
    Checks for code that waits for the keyboard, in a step or in a function of the flow file that a
    step calls: `breakpoint()`, `pdb.set_trace()`, `input()`.

    ## Why is this bad?
    Metaflow runs each task in its own process, and nobody can type into it. So the task waits
    forever. The log shows the prompt, such as "(Pdb)", or nothing, and then only "1 task is
    running" every few minutes. On another machine, the task waits until its time limit, or fails
    with "EOFError: EOF when reading a line" or "bdb.BdbQuit".

    ## References
    Metaflow, "Debugging with Metaflow": `resume`, and how to attach a debugger.
    """

    code, name = "MF421", "debugger-in-step"
    group = Group.CORRECTNESS
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, step


            def ask(topic):
                return input(f"keep {topic}? ") == "y"


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    import pdb

                    pdb.set_trace()
                    self.kept = ask("a topic")
                    self.next(self.end)

                @step
                def end(self):
                    breakpoint()
            """,
            at=('input(f"keep {topic}? ")', "pdb.set_trace()", "breakpoint()"),
        ),
    ]
    good = [
        Good(
            """
            from metaflow import FlowSpec, step


            def ask(topic):
                return input(f"keep {topic}? ") == "y"


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.topics = self.input or ["a topic"]
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            why="No step calls the function, and `self.input` is Metaflow's own.",
        ),
    ]

    def check(self, flow: Flow) -> Iterator[Finding]:
        # Most files name nothing of the kind, and the calls of their steps need no look.
        if not any(_may_wait(owner.module) for owner in flow.lineage):
            return
        for function in run_by_steps(flow):
            for call in function.descendants.calls:
                written = _waits(call)
                if written is not None:
                    yield self.finding(
                        call,
                        f"`{written}` in `{function.name}` waits for the keyboard, but nobody can type into a task",
                        "remove it, or debug the function outside of a run",
                    )


@remembered
def _may_wait(module: Module) -> bool:
    """Whether a file has a call that waits for the keyboard."""
    return any(_waits(call) is not None for call in module.descendants.calls)


def _waits(call: Call) -> str | None:
    return _WAITING.get(call.function.qualified or "")
