"""MF607."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.metaflow_calls import expected_to_fail, metaflow_calls
from lint_rules.analysis.pathspecs import current_attribute, parts_of, unwrapped
from lint_rules.diagnostics.diagnostic import Edit, Finding, Replace, Safety
from lint_rules.metaflow import Pathspec, facts
from lint_rules.model.code import Call, Constant, Expression, Name
from lint_rules.model.module import Module
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group


class InvalidPathspec(Rule):
    """
    ## What it does
    Checks that `Flow`, `Run`, `Step`, `Task` and `DataArtifact` get a pathspec with the right
    number of parts.

    ## Why is this bad?
    A pathspec is the path to an object. It starts with the name of the flow, and has slashes
    between its parts: `Run("FlowName/RunID")`, `Step("FlowName/RunID/StepName")`. An id alone is
    not enough. The line fails whenever it runs, with
    `MetaflowInvalidPathspec: Expects Run('FlowName/RunID')`. A number fails with
    `AttributeError: 'int' object has no attribute 'split'`.

    In a flow, `current.run` and `current.task` are the objects of the current task.

    ## Fix safety
    The fix is safe: the line that it replaces always fails. An import may become unused.

    The fix is offered if the pathspec is an attribute of `current` from which the object is known,
    as in `Run(current.run_id)`, and if the call has no other argument. Otherwise only you know the
    missing parts.

    ## References
    Metaflow, "Client API": pathspecs; `current` in the API reference.
    """

    code, name = "MF607", "invalid-pathspec"
    group = Group.CORRECTNESS
    fix_safety = Safety.SAFE
    notebooks = True
    bad = [
        Bad(
            """
            from metaflow import FlowSpec, Run, current, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    Run(current.run_id).add_tag("good")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at="current.run_id",
            fixed="""
            from metaflow import FlowSpec, Run, current, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    current.run.add_tag("good")
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
        ),
        Bad(
            """
            from metaflow import Run, Step

            run = Run("1712")
            topics = Step("ArxivTopics/1712").task.data.topics
            """,
            at=('"1712"', '"ArxivTopics/1712"'),
        ),
    ]
    good = [
        """
        from metaflow import FlowSpec, Run, Step, Task, current, step


        class ArxivTopics(FlowSpec):
            @step
            def start(self):
                current.run.add_tag("good")
                print(Run(f"{current.flow_name}/{current.run_id}").created_at)
                print(Task(current.pathspec).created_at)
                self.next(self.end)

            @step
            def end(self):
                pass
        """,
        Good(
            """
            from metaflow import Run, Step


            def topics(run_id, pathspec):
                return Run(f"ArxivTopics/{run_id}").data.topics, Step(pathspec).task
            """,
            why="The code computes the parts when it runs.",
        ),
    ]

    def check(self, module: Module) -> Iterator[Finding]:
        calls = metaflow_calls(module)
        for name, pathspec in facts().pathspecs.items():
            for call in calls.get(name, ()):
                given = call.argument("pathspec", 0)
                if given is None or call.has_unpacking or given in expected_to_fail(module):
                    continue
                problem = _problem(given, name, pathspec, module)
                if problem is not None:
                    edits, help = self._remedy(call, given, name, pathspec, module)
                    fix = self.fix(f"Replace with {help.partition(' ')[2]}", edits)
                    yield self.finding(given, problem, help, fix)

    def _remedy(
        self, call: Call, given: Expression, name: str, pathspec: Pathspec, module: Module
    ) -> tuple[list[Edit], str]:
        """The edits that make a call right, and what to write."""
        asked = unwrapped(given)
        attribute = current_attribute(asked)
        form = f"write it in the form `{pathspec.message.removeprefix('Expects ')}`"
        if not isinstance(asked, Name) or attribute is None:
            return [], form
        current = asked.name.rpartition(".")[0]
        own = {made: prop for prop, made in facts().current_objects.items()}
        if name in own and attribute in (f"{own[name]}_id", "pathspec"):
            content = f"{current}.{own[name]}"
        elif name == "Step" and attribute in ("step_name", "pathspec"):
            content = f"{current}.run[{current}.step_name]"
        elif name == "Flow" and attribute == "pathspec":
            content = f"{module.code_of(call.function)}({current}.flow_name)"
        elif name == "Run" and attribute == "origin_run_id":
            path = f'f"{{{current}.flow_name}}/{{{current}.{attribute}}}"'
            content = f"{module.code_of(call.function)}({path})"
        else:
            return [], form
        edits: list[Edit] = [Replace(call.location, content)] if len(call.arguments) == 1 else []
        return edits, f"write `{content}`"


def _problem(given: Expression, name: str, pathspec: Pathspec, module: Module) -> str | None:
    """What is wrong with what is given to a class of the client."""
    value = module.known(given)
    wanted = f"`{name}` takes a pathspec of {_parts(pathspec.parts)}"
    if isinstance(value, Constant) and type(value.value) is int:
        return f"{wanted}, but this is a number"
    if isinstance(value, Constant) and not value.text:
        return None
    parts = parts_of(given, module)
    if parts.least > pathspec.parts or (parts.is_exact and parts.least < pathspec.parts):
        more = "" if parts.is_exact else "at least "
        return f"{wanted}, but this has {more}{_parts(parts.least)}"
    return None


def _parts(number: int) -> str:
    return "1 part" if number == 1 else f"{number} parts"
