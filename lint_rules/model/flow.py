"""Metaflow's words: flows, steps, parameters, decorators, as a file states them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from lint_rules.model.code import (
    Assignment,
    Call,
    Class,
    Decorator,
    Expression,
    Function,
    Location,
    Name,
)
from lint_rules.model.constants import known
from lint_rules.model.earlier_names import WithHeirs, WithPlace
from lint_rules.model.graph import Graph, graph_of
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Artifact, Step, assigned

if TYPE_CHECKING:
    from lint_rules.model.module import Module

PARAMETER_KINDS = ("Parameter", "Config", "IncludeFile")

FLOW_DECORATORS = frozenset(
    "conda_base exit_hook package_sources project pypi_base schedule trigger "
    "trigger_on_finish".split()
)
"""Metaflow's own flow decorators, none of which gives a flow attributes or steps."""


@dataclass(eq=False)
class Parameter(WithPlace):
    """A `Parameter`, `Config` or `IncludeFile` of a flow (`kind` says which).

    `location` is that of the attribute it is assigned to.
    """

    location: Location
    kind: str
    attribute: str
    call: Call
    statement: Assignment
    module: Module
    """The file of the call: another file if the parameter is imported."""

    @property
    def name(self) -> str | None:
        """The name on the command line; `None` if it cannot be read."""
        return self.module.text(self.call.argument("name", 0))

    @property
    def default(self) -> Expression | None:
        """The value or callable given as `default`."""
        return self.call.argument("default")


@dataclass(eq=False)
class Flow(WithPlace, WithHeirs):
    """A class that derives from `metaflow.FlowSpec`. `location` is that of its name.

    Attributes:
        module: its file.
        definition: its class.
        bases: those of its bases that are known to be flows, in order.
        knows_its_bases: whether the linter could read every base, and their bases. Otherwise a rule
            cannot know that something is missing.
    """

    module: Module
    definition: Class
    bases: tuple[Flow, ...]
    knows_its_bases: bool
    named_bases: tuple[Expression, ...] = ()
    """How the class names each of `bases`."""
    steps: tuple[Step, ...] = field(init=False)
    parameters: tuple[Parameter, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.steps = tuple(self._own_steps())
        self.parameters = tuple(self._own_parameters())

    @property
    def name(self) -> str:
        """The flow's name: its class's."""
        return self.definition.name

    @property
    def location(self) -> Location:
        """Where the flow's name is."""
        return self.definition.name_location

    @property
    def decorators(self) -> tuple[Decorator, ...]:
        """The flow's own decorators."""
        return self.definition.decorators

    @cached_property
    def lineage(self) -> tuple[Flow, ...]:
        """The flow and its base flows, in Python's method resolution order."""
        return (self, *_merged([*(base.lineage for base in self.bases), self.bases]))

    def is_first_with(self, parameter: Parameter) -> bool:
        """Whether neither a base flow with steps nor an earlier flow of the file has a parameter.

        Rules about unused parameters ask this: it is enough if one flow uses the parameter.
        """
        earlier = self.module.flows[: self.module.flows.index(self)]
        others = {flow for flow in (*self.lineage[1:], *earlier) if not flow.is_base}
        return not any(parameter in flow.all_parameters for flow in others)

    @cached_property
    def classes(self) -> tuple[Class, ...]:
        """The classes it is made of: its own, its base flows' and the mixins of their files, as
        `super()` goes through them."""
        found = {owner.definition: None for owner in self.lineage}
        for owner in self.lineage:
            known = owner.module.classes
            waiting, seen = [owner.definition], set[Class]()
            while waiting:
                definition = waiting.pop()
                if definition in seen:
                    continue
                seen.add(definition)
                found.setdefault(definition)
                names = (base.name for base in definition.bases if isinstance(base, Name))
                waiting += [known[name] for name in names if name in known]
        return tuple(found)

    @cached_property
    def reported_steps(self) -> frozenset[Step]:
        """The steps that are reported with this flow's graph: its own, and those inherited
        from flows that it is the first of its file to complete, if none of theirs does."""
        completed = {flow for flow in self.lineage if flow._completed_by(self) is self}
        return frozenset(
            step for step in self.all_steps.values() if step.flow is self or step.flow in completed
        )

    def _completed_by(self, subclass: Flow) -> Flow | None:
        """The first flow that has this one's steps and all others of its graph, in this flow's
        file or else in the subclass's."""
        family = (self, *self.subclasses, *subclass.module.subclasses.get(self, ()))
        return next((flow for flow in family if flow.graph.is_complete), None)

    def way_to(self, module: Module) -> Location:
        """Where the class names the base through which it inherits from another file; the flow's
        name if it does not inherit from there."""
        for named, base in zip(self.named_bases, self.bases, strict=False):
            if any(owner.module is module for owner in base.lineage):
                return named.location
        return self.location

    @cached_property
    def is_base(self) -> bool:
        """Whether the flow is only a base for others: neither it nor its bases have steps."""
        return not any(flow.steps for flow in self.lineage)

    @cached_property
    def is_complete(self) -> bool:
        """Whether the flow has a first and a last step. Otherwise its subclasses complete it."""
        steps = self.all_steps.values()
        return any(step.is_start for step in steps) and any(step.is_end for step in steps)

    @property
    def subclasses(self) -> tuple[Flow, ...]:
        """The flows of the same file that derive from this one."""
        return tuple(self.module.subclasses.get(self, ()))

    def own_decorator(self, name: str) -> Decorator | None:
        """The flow's own decorator of Metaflow's with this name."""
        return next((d for d in self.decorators if metaflow_name(d.qualified) == name), None)

    def decorator(self, name: str) -> Decorator | None:
        """Metaflow's decorator of this name, the flow's own or inherited."""
        found = (flow.own_decorator(name) for flow in self.lineage)
        return next((decorator for decorator in found if decorator), None)

    def own_decorators(self, apart: Iterable[str] = ()) -> tuple[Decorator, ...]:
        """The decorators of the flow and its steps that are not Metaflow's, inherited ones too:
        what they do is not known. Those named `apart` are left out, and those of packages that
        are known: they add no parameters and set no artifacts that a rule asks about."""
        known = frozenset(apart)
        steps = [(step.function, flow) for flow in self.lineage for step in flow.steps]
        owners = [*((flow.definition, flow) for flow in self.lineage), *steps]
        return tuple(
            decorator
            for definition, flow in owners
            for decorator in definition.decorators
            if decorator.name not in known and is_own(decorator, flow.module)
        )

    @property
    def is_in_project(self) -> bool:
        """Whether the flow has `@project`, its own or inherited."""
        return self.decorator("project") is not None

    @cached_property
    def all_parameters(self) -> tuple[Parameter, ...]:
        """The flow's own parameters and the inherited ones."""
        found: dict[str, Parameter] = {}
        for flow in self.lineage:
            for parameter in flow.parameters:
                found.setdefault(parameter.attribute, parameter)
        return tuple(found.values())

    @cached_property
    def configs(self) -> dict[str, Parameter]:
        """The flow's configs by their attributes and names; of several of a name the first."""
        found: dict[str, Parameter] = {}
        for parameter in self.all_parameters:
            if parameter.kind == "Config":
                for name in (parameter.attribute, parameter.name):
                    if name is not None:
                        found.setdefault(name, parameter)
        return found

    @cached_property
    def methods(self) -> tuple[Function, ...]:
        """The flow's own functions that are no steps."""
        steps = {step.function for step in self.steps}
        return tuple(f for f in self.definition.functions if f not in steps)

    @cached_property
    def annotations(self) -> frozenset[str]:
        """The names that the class body, or a base flow's, annotates: `papers: list[str]`."""
        return frozenset(
            target.name
            for flow in self.lineage
            for statement in flow.definition.statements
            if isinstance(statement, Assignment) and statement.annotation is not None
            for target in statement.targets
            if isinstance(target, Name)
        )

    @cached_property
    def attributes(self) -> frozenset[str]:
        """The names that the class body, or a base flow's, assigns, parameters too."""
        return frozenset(
            target.name
            for flow in self.lineage
            for statement in flow.definition.statements
            if isinstance(statement, Assignment) and statement.value is not None
            for target in statement.targets
            if isinstance(target, Name)
        )

    @cached_property
    def all_steps(self) -> dict[str, Step]:
        """The flow's steps by name, its own and the inherited ones.

        Of two of one name in a class the last is the step; what is defined nearer, a step or not,
        takes the place of what is inherited.
        """
        found: dict[str, Step] = {}
        taken: set[str] = set()
        for flow in self.lineage:
            last = {function.name: function for function in flow.definition.functions}
            for step in flow.steps:
                if step.name not in taken and last[step.name] is step.function:
                    found[step.name] = step
            taken |= last.keys()
        return found

    @cached_property
    def graph(self) -> Graph:
        """How the flow's steps follow each other."""
        return graph_of(self)

    @cached_property
    def artifacts(self) -> dict[str, tuple[Artifact, ...]]:
        """The assignments to each artifact in the flow's own steps and methods, in order.

        Python's own names (`__x__`) and those of properties and methods are no artifacts.
        """
        found: dict[str, list[Artifact]] = {}
        functions = {
            function.name for flow in self.lineage for function in flow.definition.functions
        }
        for function in self.definition.functions:
            if not any(d.name in ("staticmethod", "classmethod") for d in function.decorators):
                for artifact in assigned(function):
                    if artifact.name not in functions and not artifact.name.startswith("__"):
                        found.setdefault(artifact.name, []).append(artifact)
        return {name: tuple(artifacts) for name, artifacts in found.items()}

    def _own_steps(self) -> Iterator[Step]:
        for function in self.definition.functions:
            for decorator in function.decorators:
                if metaflow_name(decorator.qualified) == "step":
                    yield Step(self, function, decorator)
                    break

    def _own_parameters(self) -> Iterator[Parameter]:
        for statement in self.definition.statements:
            if not isinstance(statement, Assignment) or statement.value is None:
                continue
            call, module = statement.value, self.module
            if isinstance(call, Name):
                call, module = known(call, module)
            kind = metaflow_name(call.function.qualified) if isinstance(call, Call) else None
            target = statement.targets[0]
            if isinstance(call, Call) and kind in PARAMETER_KINDS and isinstance(target, Name):
                yield Parameter(target.location, kind, target.name, call, statement, module)


def is_own(decorator: Decorator, module: Module) -> bool:
    """Whether a decorator is neither Metaflow's nor that of a package that is known
    (`lint_rules.metaflow.packages`)."""
    qualified = decorator.qualified
    if metaflow_name(qualified) is not None or module.resolver.is_of_package:
        return False
    if qualified is None:
        return True
    found = module.resolver.definition(qualified)
    return found is None or not found[0].resolver.is_of_package


def _merged(lines: Sequence[Sequence[Flow]]) -> Iterator[Flow]:
    """Python's order of base classes (C3): each before its own bases, and as the class names them.

    Python refuses classes that have no such order; of these the nearest come first.
    """
    waiting = [list(line) for line in lines if line]
    while waiting:
        later = {flow for line in waiting for flow in line[1:]}
        heads = [line[0] for line in waiting]
        chosen = next((flow for flow in heads if flow not in later), heads[0])
        yield chosen
        waiting = [[flow for flow in line if flow is not chosen] for line in waiting]
        waiting = [line for line in waiting if line]
