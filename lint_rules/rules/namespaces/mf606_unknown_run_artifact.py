"""MF606."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from lint_rules.analysis.client_calls import Uses
from lint_rules.analysis.client_values import END, ClientValue, ClientValues, attribute
from lint_rules.analysis.flow_results import Results, results_of
from lint_rules.analysis.metaflow_calls import expected_to_fail
from lint_rules.analysis.namespaces import sets_the_namespace
from lint_rules.analysis.suggestions import similar
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.model.code import Attribute, Call, Expression, Function, Location, Name, Subscript
from lint_rules.model.flow import Flow
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
    Checks that code which reads results of a flow of the same project, reads artifacts that the
    flow sets, and steps that it has. In a package that sets the namespace of the project, it also
    checks that the project has the flow.

    ## Why is this bad?
    Somebody renamed the artifact or the step, or it was misspelled. The code that reads it, in
    another flow or a getter, fails when it runs: `AttributeError: papers` from
    `run.data.papers`, `KeyError: 'train'` from `run["train"]`, `MetaflowNotFound` from
    `Step("Flow/1/train")`.

    `run.data` has the artifacts of the last step: those that it sets, and those of earlier steps. After a
    join, that is what the join sets or merges.

    If somebody deleted or renamed a flow, what reads it finds no new runs.

    Runs from before a change may still have the artifact.

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
        flows = {name: same[0] for name, same in by_name(project.flows) if len(same) == 1}
        known = _Known(flows, self.settings.event_decorators)
        names = {flow.name for module in project.modules for flow in module.flows}
        for module in project.modules:
            if not project.is_test(module):
                yield from self._in_module(module, known)
                if project.stated and sets_the_namespace(module):
                    yield from self._flows(module, names)

    def _flows(self, module: Module, names: set[str]) -> Iterator[Finding]:
        """The flows that are asked for and do not exist."""
        for location, asked in _uses(module, self.settings.event_decorators).items():
            for name in sorted(n for n in asked if n is not None and n not in names):
                close = similar(name, names, module)
                yield self.finding(
                    _Place(location),
                    f"The project has no flow `{name}`, whose results are read here",
                    f"did you mean `{close}`?" if close else "read those of another flow",
                )

    def _in_module(self, module: Module, known: _Known) -> Iterator[Finding]:
        if not any(name in module.code for name in known.flows):
            return
        uses = _uses(module, self.settings.event_decorators)
        values = ClientValues(module, partial(_flow_of, uses))
        functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
        owners: dict[Expression, Function] = {}
        # Inner functions come after outer ones, and keep what belongs to them.
        for function in functions:
            inside = function.descendants
            owners |= dict.fromkeys((*inside.names, *inside.attributes, *inside.calls), function)
        seen: set[Location] = set()
        parts: list[Name | Attribute] = [*module.descendants.names, *module.descendants.attributes]
        for part in parts:
            if part in expected_to_fail(module):
                continue
            for at, value, name in _reads(part, values, owners.get(part)):
                result = known.get(value.flow or "")
                if result is not None and at.location not in seen:
                    finding = self._artifact(at, value, name, result, module)
                    if finding is not None:
                        seen.add(at.location)
                        yield finding
        yield from self._steps(module, values, owners, known)

    def _artifact(
        self, at: Expression, value: ClientValue, name: str, result: Results, module: Module
    ) -> Finding | None:
        step = result.end if value.step == END else value.step
        has = result.everything if step is None else result.steps.get(step)
        if has is None or name in has or name.startswith("_"):
            return None
        flow = result.flow
        where = f"the step `{step}` of `{flow.name}`" if step else f"`{flow.name}`"
        others = [other for other, found in result.steps.items() if name in found]
        if others:
            message = f"{where} does not have `{name}`: " + _listed(others, "has it")
            help = f'read it of that step, as `run["{others[0]}"].task.data.{name}`'
        else:
            message = f"No step of `{flow.name}` sets `{name}`, which is read of its run"
            close = similar(name, _own(result), module)
            help = (
                f"did you mean `{close}`?" if close else f"set `self.{name}` in a step of the flow"
            )
        return self.finding(
            at, message[0].upper() + message[1:], help, related=[(flow, "the flow")]
        )

    def _steps(
        self,
        module: Module,
        values: ClientValues,
        owners: dict[Expression, Function],
        known: _Known,
    ) -> Iterator[Finding]:
        """The steps that are asked for and do not exist."""
        candidates: list[Expression] = [*module.descendants.calls, *_subscripts(module)]
        for part in candidates:
            function = owners.get(part)
            if isinstance(part, Subscript):
                function = next((owners[p] for p in part.walk() if p in owners), None)
            value = values.value(part, function)
            if (
                value is None
                or value.kind not in ("step", "task")
                or part in expected_to_fail(module)
            ):
                continue
            result = known.get(value.flow or "")
            if result is None or not value.step or value.step in result.steps:
                continue
            if isinstance(part, Call) and not _is_made(part):
                continue
            close = similar(value.step, result.steps, module)
            steps = ", ".join(f"`{step}`" for step in result.steps)
            yield self.finding(
                part,
                f"`{result.flow.name}` has no step `{value.step}`",
                f"did you mean `{close}`?" if close else f"its steps are {steps}",
                related=[(result.flow, "the flow")],
            )


def _own(result: Results) -> set[str]:
    """The artifacts that the code of a flow sets itself."""
    names = (artifact for owner in result.flow.lineage for artifact in owner.artifacts)
    return {*names, *(parameter.attribute for parameter in result.flow.all_parameters)}


def _listed(steps: list[str], verb: str) -> str:
    return f"{', '.join(f'`{step}`' for step in steps[:3])} {verb}"


def _is_made(call: Call) -> bool:
    """Whether a call makes the object itself: `Step("Flow/1/train")`."""
    return call.argument("pathspec", 0) is not None and call.function.qualified is not None


def _reads(
    part: Name | Attribute, values: ClientValues, function: Function | None
) -> Iterator[tuple[Expression, ClientValue, str]]:
    """The artifact that a name or attribute reads of the data of a task."""
    if isinstance(part, Attribute):
        value = values.value(part.value, function)
        if value is not None and value.kind == "data":
            yield part, value, part.name
        return
    if part.context != "load" or "." not in part.name:
        return
    head, *rest = part.name.split(".")
    start = Name(part.file, part.start, part.start + len(head), head, part.scope, "load")
    value = values.value(start, function)
    for name in rest:
        if value is None:
            return
        if value.kind == "data":
            yield part, value, name
            return
        value = attribute(value, name)


def _subscripts(module: Module) -> Iterator[Subscript]:
    functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
    for statement in (*module.statements, *(s for f in functions for s in f.statements)):
        for expression in statement.expressions:
            for part in expression.walk():
                if isinstance(part, Subscript):
                    yield part


@dataclass(frozen=True)
class _Place:
    """What a finding is about, where only its location is known."""

    location: Location


class _Known:
    """What the flows of a project leave behind, found out when it is asked for."""

    def __init__(self, flows: Mapping[str, Flow], ignored: tuple[str, ...]) -> None:
        self.flows = flows
        self._ignored = ignored
        self._results: dict[str, Results | None] = {}

    def get(self, name: str) -> Results | None:
        """What the flow of this name leaves behind; `None` if that is not known."""
        if name not in self._results:
            flow = self.flows.get(name)
            self._results[name] = results_of(flow, self._ignored) if flow is not None else None
        return self._results[name]


def _uses(module: Module, decorators: tuple[str, ...]) -> dict[Location, set[str | None]]:
    """The flows that the calls of a file read, by the calls' locations."""
    uses = Uses(decorators)
    found: dict[Location, set[str | None]] = {}
    for use in (*uses.in_module(module), *(u for flow in module.flows for u in uses.in_flow(flow))):
        if use.publication is None:
            found.setdefault(use.location, set()).add(use.name)
    return found


def _flow_of(uses: dict[Location, set[str | None]], call: Call) -> str | None:
    """The one flow that a call reads."""
    names = uses.get(call.location, set())
    return next(iter(names)) if len(names) == 1 else None
