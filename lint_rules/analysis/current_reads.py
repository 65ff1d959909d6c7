"""The reads of `current` that fail in a step, because nothing provides what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.call_graph import methods
from lint_rules.analysis.existence_checks import guarded
from lint_rules.analysis.pathspecs import current_attribute
from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.analysis.suggestions import certain_match
from lint_rules.analysis.unconditional import always_run
from lint_rules.metaflow import facts
from lint_rules.model.code import Call, Constant, Decorator, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.memoize import remembered
from lint_rules.model.module import Module
from lint_rules.model.scope import is_metaflow, metaflow_name
from lint_rules.model.step import Step


@dataclass(frozen=True, eq=False)
class CurrentRead:
    """A read of an attribute of `current`. `location` is that of the name.

    Attributes:
        name: the attribute.
        at: the name that reads it, up to the attribute.
        step: the step that runs it.
        via: the step's call of a method that reads it, `None` if the step does so itself.
    """

    name: str
    at: Name
    step: Step
    via: Call | None


def mentions_current(module: Module) -> bool:
    """Whether a file may ask `current`."""
    return "current" in module.code


def asked_of_current(reference: Name) -> tuple[str, Name] | None:
    """The attribute of `current` that a name reads, also on the way to another, and the name up to
    it: `card`, `current.card` of `current.card.append`."""
    owner, name = reference, reference.name
    if "." not in name or name.startswith("self."):
        return None
    if "current" not in name and metaflow_name(reference.scope.resolve(reference.head)) is None:
        return None
    names = name.split(".")
    for count in range(len(names), 1, -1):
        cut = len(name) - len(".".join(names[:count]))
        owner = Name(
            reference.file,
            reference.start,
            reference.end - cut,
            ".".join(names[:count]),
            reference.scope,
            "load",
        )
        found = current_attribute(owner)
        if found is not None:
            return found, owner
    return None


def reads_in_step(step: Step, flow: Flow) -> Iterator[CurrentRead]:
    """What a step always reads of `current`, itself or in the flow's methods that it always calls,
    where it neither asks first nor expects an error."""
    own = methods(flow)
    if not _names_current(step.function) and not _helpers_name_current(flow):
        return
    seen: set[Function] = set()
    waiting: list[tuple[Function, Call | None]] = [(step.function, None)]
    while waiting:
        function, via = waiting.pop()
        if function in seen:
            continue
        seen.add(function)
        for expression in always_run(function):
            if isinstance(expression, Name) and expression.context == "load":
                found = asked_of_current(expression)
                if found is None or found[0] in guarded(function).names:
                    continue
                if found[0] not in asks_current(function):
                    yield CurrentRead(*found, step, via)
            elif isinstance(expression, Call) and isinstance(expression.function, Name):
                owner, _, name = expression.function.name.rpartition(".")
                if owner == function.self_name and name in own:
                    waiting.append((own[name][0].function, via or expression))


@remembered
def _names_current(function: Function) -> bool:
    """Whether a function names Metaflow's `current`, or something of it."""
    names = (reference.qualified or "" for reference in function.descendants.names)
    return any(is_metaflow(name) and "current" in name.split(".") for name in names)


@remembered
def _helpers_name_current(flow: Flow) -> bool:
    """Whether a method of a flow that is no step names Metaflow's `current`."""
    helpers = (m.function for name, (m, *_) in methods(flow).items() if name not in flow.all_steps)
    return any(map(_names_current, helpers))


@remembered
def asks_current(function: Function) -> frozenset[str]:
    """The attributes that a function asks `current` for in a way that does not fail:
    `current.get("card")`, `"card" in current`."""
    texts: set[str] = set()
    for call in function.descendants.calls:
        if (call.function.qualified or "").endswith(".current.get"):
            texts.update(_texts(call.positional[:1]))
    for statement in function.statements:
        for whole in statement.expressions:
            for part in whole.walk():
                operands = getattr(part, "comparators", ())
                if any(metaflow_name(operand.qualified) == "current" for operand in operands):
                    texts.update(_texts(part.parts))
    return frozenset(texts)


def _texts(expressions: tuple[Expression, ...]) -> Iterator[str]:
    for expression in expressions:
        if isinstance(expression, Constant) and expression.text is not None:
            yield expression.text


def provides(step: Step, flow: Flow, name: str) -> bool:
    """Whether a decorator of a step or its flow provides an attribute of `current`, or may."""
    providers = facts().current_properties.get(name, frozenset())
    placed = [(d, step.flow.module) for d in step.function.decorators]
    placed += [(d, owner.module) for owner in flow.lineage for d in owner.decorators]
    return any(_provides(decorator, module, name, providers) for decorator, module in placed)


def _provides(decorator: Decorator, module: Module, name: str, providers: frozenset[str]) -> bool:
    metaflow = metaflow_name(decorator.qualified)
    if metaflow is not None:
        # Decorators of extensions may provide anything.
        is_known = facts().decorator(metaflow) is not None or metaflow == "step"
        return metaflow in providers or not is_known
    found = definition_of(decorator, module)
    # One of the repository may add a decorator that it names.
    return found is None or any(one in found[0].code for one in (*providers, name))


_ENDS = ("name", "id", "count", "flow")


def meant(name: str) -> str | None:
    """The attribute of `current` that a name which it does not have is certainly meant to be."""
    always = [one for one, needed in facts().current_properties.items() if not needed]
    longer = [one for one in always if one in (f"{name}name", *(f"{name}_{e}" for e in _ENDS))]
    if len(longer) == 1:
        return longer[0]
    return certain_match(name, always)
