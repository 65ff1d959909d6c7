"""The environments that `@pypi` and `@conda` give to steps, and what their tasks import."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from lint_rules.analysis.data_flow.flow_states import FlowDataFlow
from lint_rules.analysis.data_flow.records import Read
from lint_rules.analysis.inference import Kind, Value
from lint_rules.analysis.saved_artifacts import persisted
from lint_rules.analysis.step_graph.decorators import definition_of
from lint_rules.metaflow import facts
from lint_rules.model.code import Constant, Decorator, Dict, Expression, Import
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step
from lint_rules.python.distributions import normalized

KINDS = ("pypi", "conda")


@dataclass(frozen=True, eq=False)
class Environment:
    """The environment of a step.

    Attributes:
        decorator: the decorator that names its packages, of several that nearest to the step.
        kind: its name.
        packages: the normalized names of its packages.
    """

    decorator: Decorator
    kind: str
    packages: frozenset[str]


def environment_kind(decorator: Decorator) -> str | None:
    """Which of Metaflow's decorators of environments a decorator is."""
    name = metaflow_name(decorator.qualified)
    return name if name is not None and name.removesuffix("_base") in KINDS else None


def package_attributes(kind: str) -> list[str]:
    """The attributes of such a decorator that name packages."""
    known = facts().decorator(kind)
    return [name for name in ("packages", "libraries") if known and name in known.attributes]


def is_true(value: Expression | None) -> bool:
    """Whether an argument is `True`."""
    return isinstance(value, Constant) and value.value is True


def environment_of(step: Step, flow: Flow) -> Environment | None:
    """The environment of a step, `None` if it has none, or not all of its packages are known."""
    found: list[tuple[Decorator, str, Module]] = [
        (decorator, kind, owner)
        for decorators, owner in (
            (step.function.decorators, step.flow.module),
            *((one.decorators, one.module) for one in flow.lineage),
        )
        for decorator in decorators
        if (kind := environment_kind(decorator)) is not None
    ]
    if len({kind.removesuffix("_base") for _, kind, _ in found}) != 1:
        return None
    packages: set[str] = set()
    for decorator, kind, module in found:
        if decorator.call is None:
            continue
        if decorator.call.has_unpacking or decorator.argument("disabled") is not None:
            return None
        for attribute in package_attributes(kind):
            given = decorator.argument(attribute)
            named = _names(given, module) if given is not None else ()
            if named is None:
                return None
            packages |= set(named)
    decorator, kind, _ = found[0]
    return Environment(decorator, kind, frozenset(packages)) if packages else None


def _names(given: Expression, module: Module) -> list[str] | None:
    display = module.known(given)
    if not isinstance(display, Dict):
        return None
    names = [module.text(key) if key is not None else None for key, _ in display.items]
    return [normalized(name) for name in names if name] if all(names) else None


def may_be_changed(flow: Flow, ignored: Collection[str]) -> bool:
    """Whether a decorator that is not Metaflow's may give a flow's steps another environment.

    Args:
        flow: the flow.
        ignored: names of decorators that do not.
    """
    for owner in flow.lineage:
        steps = (step.function for step in owner.steps)
        for decorated in (owner.definition, *steps):
            for decorator in decorated.decorators:
                if metaflow_name(decorator.qualified) is None and decorator.name not in ignored:
                    found = definition_of(decorator, owner.module)
                    if found is None or _names_an_environment(found[0]):
                        return True
    return False


def _names_an_environment(module: Module) -> bool:
    """Whether a file has one of these decorators, or its name as the argument of a call."""
    inside = module.descendants
    names = {metaflow_name(name.qualified) for name in inside.names}
    given = (argument.value for call in inside.calls for argument in call.arguments)
    names |= {value.text for value in given if isinstance(value, Constant)}
    return any(name is not None and name.removesuffix("_base") in KINDS for name in names)


def imports_of_task(step: Step, flow: Flow) -> Iterator[tuple[Import, Module]]:
    """The imports that each task of a step makes, with their files: those of the files that its
    flow's classes stand in, and those in its body."""
    for module in dict.fromkeys(owner.module for owner in flow.lineage):
        yield from ((s, module) for s in module.body if isinstance(s, Import))
    yield from ((s, step.flow.module) for s in step.function.body if isinstance(s, Import))


def libraries_to_unpickle(found: FlowDataFlow) -> Iterator[tuple[Read, str]]:
    """The certain reads of artifacts that certainly are objects of a library, with its name."""
    types = {saved.artifact.location: _library(saved.value) for saved in persisted(found.flow)}
    if not found.is_known or not any(types.values()):
        return
    for read in found.reads:
        sites = read.fact.set_at
        made = {types.get(site.location) for site in sites if site.step != read.step}
        if read.is_certain and read.fact.is_set and len(made) == 1 and len(sites) == 1:
            library = next(iter(made))
            if library is not None:
                yield read, library


def _library(value: Value | None) -> str | None:
    if value is None or value.kind is not Kind.LIBRARY or "." not in value.type:
        return None
    return value.type.partition(".")[0]
