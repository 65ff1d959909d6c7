"""MF208."""

from __future__ import annotations

from collections.abc import Iterator

from lint_rules.analysis.test_mode import test_mode
from lint_rules.analysis.test_mode_guards import Guard, guard_of, may_guard_itself
from lint_rules.diagnostics.diagnostic import Finding, Fix, InsertLines, Safety
from lint_rules.fixes.edits import import_of_own
from lint_rules.model.flow import Flow
from lint_rules.model.project import Project
from lint_rules.rules.base import Bad, Good, Rule
from lint_rules.settings.groups import Group

_FLOW = """
from metaflow import FlowSpec, Parameter, current, project, step{imports}


{above}@project(name="arxiv_topics")
class {name}(FlowSpec):
    test_mode = Parameter("test-mode", type=bool, default=lambda _: not current.is_production)

    @step
    def start(self):
        self.papers = fetch_papers(10 if self.test_mode else None)
        self.next(self.end)

    @step
    def end(self):
        {end}
"""
_GUARDED = {
    "imports": "\n\nfrom papers.guards import no_test_mode_in_production",
    "above": "@no_test_mode_in_production\n",
}
_OTHER = _FLOW.format(name="ArxivPapers", end="pass", **_GUARDED)
_GUARDS = """
from metaflow import FlowMutator, current, user_step_decorator


class no_test_mode_in_production(FlowMutator):
    def mutate(self, mutable_flow):
        for _, step in mutable_flow.steps:
            step.add_decorator(ask_before_step)


@user_step_decorator
def ask_before_step(step_name, flow, inputs):
    if current.is_production and flow.test_mode:
        raise ValueError("test mode in production")
    yield
"""
_PACKAGES = {
    "pyproject.toml": "",
    "papers/__init__.py": "",
    "papers/guards.py": _GUARDS,
    "papers/flow.py": _OTHER,
}


class UnguardedTestMode(Rule):
    """
    ## What it does
    Checks for flows without the decorator that the other flows of their project have, and that
    refuses test mode in production.

    ## Why is this bad?
    Somebody starts a flow with `--production --test-mode True`, or resumes such a run. Then
    everybody reads results that come from a small part of the data. A project that guards its
    flows against this expects it of all of them.

    The rule finds decorators of the repository that read the test mode and ask for
    `current.is_production`, and those in the setting `test-mode-guards`. It reports a flow if at
    least half of the other flows with a test mode have one. It ignores flows without `@project`,
    flows whose steps ask for `current.is_production`, and flows with decorators that it cannot
    read.

    ## Fix safety
    The fix adds the decorator and its import. It is unsafe: a run that worked may be refused.

    ## References
    The guide, "Test mode": the test mode should not be active with `--production`.
    """

    code, name = "MF208", "unguarded-test-mode"
    group = Group.SUSPICIOUS
    default = False
    fix_safety = Safety.UNSAFE
    options = ("event-decorators", "test-mode-guards")
    bad = [
        Bad(
            _FLOW.format(name="ArxivTopics", end="pass", imports="", above=""),
            at="ArxivTopics",
            fixed=_FLOW.format(name="ArxivTopics", end="pass", **_GUARDED),
            packages=_PACKAGES,
        ),
        Bad(
            _FLOW.format(name="ArxivTopics", end="pass", imports="", above=""),
            at="ArxivTopics",
            options={"test-mode-guards": ["never_both"]},
        ),
    ]
    good = [
        Good(
            _FLOW.format(name="ArxivTopics", end="pass", **_GUARDED),
            why="It has the decorator, too.",
            packages=_PACKAGES,
        ),
        Good(
            _FLOW.format(
                name="ArxivTopics", imports="", above="", end="assert not current.is_production"
            ),
            why="It asks for itself.",
            packages=_PACKAGES,
        ),
        Good(
            _FLOW.format(
                name="ArxivTopics",
                imports="\n\nfrom guards import guarded",
                above="@guarded\n",
                end="pass",
            ),
            why="The decorator of a package may be a guard.",
            packages=_PACKAGES,
        ),
        Good(
            _FLOW.format(name="ArxivTopics", end="pass", imports="", above=""),
            why="No flow of the project has such a decorator.",
        ),
    ]

    def check(self, project: Project) -> Iterator[Finding]:
        named = self.settings.test_mode_guards
        flows = [flow for flow in project.flows if test_mode(flow) is not None]
        guards = {flow: guard_of(flow, named) for flow in flows}
        there = [guard for guard in guards.values() if guard is not None]
        for flow, own in guards.items():
            if own is not None or not flow.is_in_project or not flow.knows_its_bases:
                continue
            is_usual = there and len(there) * 2 >= len(flows) - 1
            if not (named or is_usual) or may_guard_itself(flow, self.settings.event_decorators):
                continue
            wanted = there[0] if there else None
            name = wanted.decorator.name if wanted else named[0]
            related = [(wanted.decorator, f"`{wanted.flow.name}` has it")] if wanted else []
            yield self.finding(
                flow.definition,
                f"Nothing refuses to run the flow `{flow.name}` in test mode and in production",
                f"put `@{name}` on the flow",
                self._guarded(flow, wanted),
                related=related,
            )

    def _guarded(self, flow: Flow, guard: Guard | None) -> Fix | None:
        if guard is None or guard.decorator.call is not None or not flow.module.imports:
            return None
        origin, _, name = guard.name.rpartition(".")
        if not origin or name != guard.decorator.name:
            return None
        line = InsertLines(flow.definition.location_with_decorators, (f"@{name}",))
        edits = [*import_of_own(flow.module, name, origin), line]
        return self.fix(f"Add `@{name}`", edits)
