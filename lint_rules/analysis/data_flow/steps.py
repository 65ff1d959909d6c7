"""What a step's task makes of what it is given, with its decorators."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lint_rules.analysis.data_flow.code import FlowCode
from lint_rules.analysis.data_flow.custom_decorators import of_step_decorators
from lint_rules.analysis.data_flow.execution import Execution
from lint_rules.analysis.data_flow.frame import Open, Task
from lint_rules.analysis.data_flow.records import Records
from lint_rules.analysis.data_flow.state import Loss, Point, Site, State
from lint_rules.analysis.data_flow.values import NONE, UNKNOWN
from lint_rules.budget import Budget
from lint_rules.model.code import Constant
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step


@dataclass(frozen=True)
class Catch:
    """`@catch` on a step: `var`, `None` if it has none, or if that is not known."""

    var: str | None
    is_known: bool
    site: Site


def catch_of(step: Step) -> Catch | None:
    """The step's `@catch`."""
    for decorator in step.function.decorators:
        if metaflow_name(decorator.qualified) == "catch":
            given = decorator.argument("var", 0)
            text = given.text if isinstance(given, Constant) else None
            is_known = given is None or text is not None
            return Catch(text, is_known, Site(step.name, decorator.location))
    return None


def follow(
    step: Step,
    code: FlowCode,
    state: State,
    inputs: dict[str, State] | None,
    foreaches: tuple[Open, ...],
    budget: Budget,
    records: Records | None = None,
) -> State | None:
    """Follows a task of a step.

    Args:
        step: the step.
        code: the flow's classes.
        state: what the task starts with.
        inputs: of a join, what each of the steps before it hands on.
        foreaches: the foreaches that are open, the outermost first.
        budget: what may still be spent.
        records: where to note what the code does.

    Returns:
        What the task hands on, `None` if it cannot end.
    """
    state = state.copy()
    custom = of_step_decorators(step.function, step.flow.module, code.ignored)
    if custom.is_unknown:
        state.escape()
    for name in custom.attributes:
        state.may_set(name)
    task = Task(step.name, code, records, budget, inputs, foreaches)
    catch = catch_of(step)
    if catch is not None:
        task.tried.append(Point({}, state.copy()))
    end = Execution(task).step(step, state)
    if catch is not None:
        end = _caught(step, catch, end, task.tried[0].state)
    if end is None:
        return None
    for name in custom.attributes:
        end.may_set(name)
    if custom.is_unknown:
        end.forget()
    end.is_escaped = False
    return end


def _caught(step: Step, catch: Catch, end: State | None, anywhere: State) -> State:
    """What a step under `@catch` hands on: it may have failed at any point."""
    found = anywhere if end is None else end.join(anywhere)
    loss = Loss("catch", step.name, catch.site.location)
    for name, fact in found.facts.items():
        if fact.present and fact.absent and any(s.step == step.name for s in fact.set_at):
            found.facts[name] = replace(fact, on_a_way=False, lost=fact.lost | {loss})
        elif fact.on_a_way:
            found.facts[name] = replace(fact, on_a_way=fact.on_a_way and end is not None)
    if not catch.is_known:
        found.forget()
    elif catch.var is not None:
        found.set(catch.var, NONE | UNKNOWN, catch.site)
    found.may_set("_catch_exception")
    return found
