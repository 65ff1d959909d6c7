"""MF606."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.flow_results import Results, results_of
from lint_rules.analysis.namespaces import may_leave_the_project, sets_the_namespace
from lint_rules.analysis.result_reads import ArtifactRead, StepRead, flows_asked_for, result_reads
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Location
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.project import Project, by_name
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_PAPERS = (
    "from metaflow import FlowSpec, step\n\n\nclass ArxivPapers(FlowSpec):\n"
    "    @step\n    def start(self):\n        self.papers = []\n        self.next(self.end)\n\n"
    "    @step\n    def end(self):\n        self.count = len(self.papers)\n"
)


class UnknownRunArtifact(Rule):
    """
    ## What it does
    Checks that code reads only artifacts and steps that the flows of the project have.

    The rule checks code that reads results of a flow of the same project, such as another flow, a
    getter or a notebook. In a package that sets the namespace of the project, it also checks that
    the project has the flow in `Flow("ArxivPapers")`. A run that is named by its id, such as
    `Run("ArxivPapers/12")`, may be of a flow that is gone or of another repository. The rule does
    not report it, nor files that change the namespace.

    ## Why is this bad?
    Somebody renamed or misspelled the artifact or the step. The code that reads it, in another flow
    or a getter, fails when it runs: `AttributeError: papers` from `run.data.papers`,
    `KeyError: 'train'` from `run["train"]`, `MetaflowNotFound` from `Step("Flow/1/train")`.

    `run.data` has the artifacts of the last step: those that it sets, and those of earlier steps. After a
    join, that is what the join sets or merges.

    If somebody deleted or renamed a flow, the code that reads it finds no new runs.

    Runs from before the change may still have the artifact.

    In a notebook, the rule also knows flows that a cell defines, and the runs that
    `NBRunner(ArxivTopics).nbrun()` returns. If several cells define a flow of one name, each run
    may be of another one, and the rule does not report it.

    ## References
    Metaflow, "Client API": "Accessing data".
    """

    code, name = "MF606", "unknown-run-artifact"
    group = Group.CORRECTNESS
    notebooks = True
    bad = [
        Bad(
            """
            from metaflow import Flow, FlowSpec, step


            class ArxivTopics(FlowSpec):
                @step
                def start(self):
                    self.papers = Flow("ArxivPapers").latest_successful_run.data.paper
                    self.next(self.end)

                @step
                def end(self):
                    pass
            """,
            at='Flow("ArxivPapers").latest_successful_run.data.paper',
            packages={"../pyproject.toml": "", "../papers/flow.py": _PAPERS},
        ),
        Bad(
            """
            from metaflow import Run, Step


            def counts(run_id):
                run = Run(f"ArxivPapers/{run_id}")
                return run["start"].task.data.count, Step(f"ArxivPapers/{run_id}/fetch").task
            """,
            at=('run["start"].task.data.count', 'Step(f"ArxivPapers/{run_id}/fetch")'),
            packages={"../pyproject.toml": "", "../papers/flow.py": _PAPERS},
        ),
    ]
    good = [
        Good(
            """
            from metaflow import Flow, Run


            def papers():
                run = Flow("ArxivPapers").latest_successful_run
                return run.data.papers, run.data.count, run["start"].task.data.papers


            def topics():
                return Flow("ArxivTopics").latest_run.data.topics
            """,
            why="Artifacts that the flow sets, and a flow of another project.",
            packages={"../pyproject.toml": "", "../papers/flow.py": _PAPERS},
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        decorators = self.settings.event_decorators
        flows = {
            name: same[0]
            for name, same in by_name(project.flows)
            if len(same) == 1 and _is_defined_once(same[0])
        }
        results: dict[str, Results | None] = {}
        files = [module for module in project.modules if not project.is_test(module)]
        for module, read in result_reads(files, flows, decorators):
            if read.flow not in results:
                results[read.flow] = results_of(flows[read.flow], decorators)
            known = results[read.flow]
            if known is None:
                continue
            if isinstance(read, StepRead):
                yield from self._step(read, known, module)
            else:
                yield from self._artifact(read, known, module)
        if project.stated:
            names = {flow.name for module in project.modules for flow in module.flows}
            for module in filter(sets_the_namespace, files):
                if not may_leave_the_project(module):
                    yield from self._flows(module, names)

    def _flows(self, module: Module, names: set[str]) -> Iterator[Finding]:
        """The flows that are asked for and do not exist."""
        for location, name in flows_asked_for(module, self.settings.event_decorators):
            if name not in names:
                close = similar(name, names, module)
                yield self.finding(
                    _Place(location),
                    f"The project has no flow `{name}`, but this code reads its results",
                    f"did you mean `{close}`?"
                    if close
                    else "correct the name, or, if the flow is in another repository, say so in a "
                    f"`# noqa: {self.code} (why)`",
                )

    def _artifact(self, read: ArtifactRead, known: Results, module: Module) -> Iterator[Finding]:
        step = known.end if read.is_of_end else read.step
        has = known.everything if step is None else known.steps.get(step)
        name = read.name
        if has is None or name in has or name.startswith("_"):
            return
        flow = known.flow
        others = [other for other, found in known.steps.items() if name in found]
        if others:
            where = f"The step `{step}` of `{flow.name}`" if step else f"`{flow.name}`"
            listed = ", ".join(f"`{other}`" for other in others[:3])
            verb = "has it" if len(others) == 1 else "have it"
            message = f"{where} does not have `{name}`, but {listed} {verb}"
            help = f'read it from that step, as in `run["{others[0]}"].task.data.{name}`'
        else:
            message = f"No step of `{flow.name}` sets `{name}`, but this code reads it from a run"
            close = similar(name, _own(known), module)
            help = (
                f"did you mean `{close}`?" if close else f"set `self.{name}` in a step of the flow"
            )
        yield self.finding(read.at, message, help, related=[(flow, "the flow")])

    def _step(self, read: StepRead, known: Results, module: Module) -> Iterator[Finding]:
        if read.step in known.steps:
            return
        close = similar(read.step, known.steps, module)
        steps = ", ".join(f"`{step}`" for step in known.steps)
        yield self.finding(
            read.at,
            f"`{known.flow.name}` has no step `{read.step}`",
            f"did you mean `{close}`?" if close else f"its steps are {steps}",
            related=[(known.flow, "the flow")],
        )


@dataclass(frozen=True)
class _Place:
    """What a finding is about, if only its location is known."""

    location: Location


def _is_defined_once(flow: Flow) -> bool:
    """Whether a file has only one class of the flow's name. In a notebook, one changes a flow from
    cell to cell, and a run between them has what the flow set then."""
    return _definitions(flow.module)[flow.name] == 1


@remembered
def _definitions(module: Module) -> Counter[str]:
    """How many classes and functions a file has of each name."""
    return Counter(definition.name for definition in module.definitions)


def _own(known: Results) -> set[str]:
    """The artifacts that the code of a flow sets itself."""
    names = (artifact for owner in known.flow.lineage for artifact in owner.artifacts)
    return {*names, *(parameter.attribute for parameter in known.flow.all_parameters)}
