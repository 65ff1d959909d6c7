"""Events: what flows wait for and what they publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lint_rules.analysis.outerbounds import (
    PUBLISHING,
    is_project_event,
    is_project_trigger,
    publishes_of_project,
    worked_out,
)
from lint_rules.model.code import (
    Assignment,
    Attribute,
    Call,
    Collection,
    Constant,
    Decorator,
    Dict,
    Expression,
    Function,
    Location,
    Name,
)
from lint_rules.model.constants import Known, known
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.scope import Scope, metaflow_name


@dataclass(frozen=True, eq=False)
class Event:
    """An event that a decorator waits for. `location` is that of its name, or of the argument that
    leads to another file with it.

    Attributes:
        value: the event as it is given: its name, or a dict with `name` and `parameters`.
        name_value: the expression that gives the name, where there is one.
        name: the name, where it can be read (see `lint_rules.model.constants`).
        module: the file that these stand in: another one where the events are an imported constant.
        at: what stands in the decorator's own file.
    """

    value: Expression
    name_value: Expression | None
    name: str | None
    module: Module
    at: Expression

    @property
    def location(self) -> Location:
        """Where the name stands."""
        return self.at.location


def waited_for(decorator: Decorator, module: Module, flow: Flow | None = None) -> tuple[Event, ...]:
    """The events that `@trigger`, or an event decorator of the project, is given.

    Args:
        decorator: the decorator.
        module: the file that it stands in.
        flow: the flow, where names that the defaults of its configs give are to be known too.
    """
    given = _given(decorator, ("event", "events"), module, flow)
    return tuple(_event(value, where, flow, at) for (value, where), at in given)


def _given(
    decorator: Decorator, arguments: tuple[str, str], module: Module, flow: Flow | None
) -> Iterator[tuple[Known, Expression]]:
    """What a decorator is given as one thing or as a list of them, with what stands for it there:
    where the list is another file's, the argument that leads to it."""
    one, several = (decorator.argument(name) for name in arguments)
    if one is not None and not is_none(module.known(one)):
        yield (one, module), one
    if several is not None:
        listed, where = known(several, module, flow)
        for item in listed.items if isinstance(listed, Collection) else ():
            yield (item, where), item if where is module else several


def _event(value: Expression, module: Module, flow: Flow | None, at: Expression) -> Event:
    behind, where = known(value, module, flow)
    if not isinstance(behind, Dict):
        # The name is reported where it is passed, not where it is defined.
        behind, where = value, module
    name = _name_of(behind)
    if at is value and where is module:
        at = name or behind
    return Event(behind, name, where.text(name, flow), where, at)


@dataclass(frozen=True, eq=False)
class Upstream:
    """A flow that `@trigger_on_finish` waits for. `location` is that of what names it there.

    Attributes:
        at: what names the flow there.
        name: its name, where it can be read.
        project: the project that is named with it, where it can be read.
        has_project: whether a project or branch is named with it.
    """

    at: Expression
    name: str | None
    project: str | None
    has_project: bool

    @property
    def location(self) -> Location:
        """Where what names it stands."""
        return self.at.location


def upstream_flows(
    decorator: Decorator, module: Module, flow: Flow | None = None
) -> tuple[Upstream, ...]:
    """The flows that `@trigger_on_finish` is given; `project.branch.Flow` is a name in full.

    Takes what `waited_for` takes.
    """
    given = _given(decorator, ("flow", "flows"), module, flow)
    return tuple(_upstream(value, where, flow, at) for (value, where), at in given)


def _upstream(value: Expression, module: Module, flow: Flow | None, at: Expression) -> Upstream:
    behind, where = known(value, module, flow)
    if not isinstance(behind, Dict):
        branch, _, name = (module.text(value, flow) or "").rpartition(".")
        return Upstream(at, name or None, branch.partition(".")[0] or None, bool(branch))
    keys = {key.text: item for key, item in behind.items if isinstance(key, Constant)}
    name_of, project = where.text(keys.get("name"), flow), where.text(keys.get("project"), flow)
    return Upstream(at, name_of, project, len(behind.items) > 1)


def is_none(value: Expression | None) -> bool:
    """Whether an expression is `None`."""
    return isinstance(value, Constant) and value.value is None


def _name_of(value: Expression) -> Expression | None:
    """The name in an event: the value itself, or `name` of a dict."""
    if not isinstance(value, Dict):
        return value
    for key, item in value.items:
        if isinstance(key, Constant) and key.text == "name":
            return item
    return None


@dataclass(frozen=True, eq=False)
class Publication:
    """A call that publishes an event. `location` is that of the call.

    Attributes:
        call: `ArgoEvent(…).publish(…)`, `namespaced_trigger.raise_event(…)`, or
            `self.prj.publish_event(…)` of an Outerbounds project.
        event: the `ArgoEvent(…)` or `ProjectEvent(…)`, if it is one.
        is_safe: whether it publishes from deployed flows alone, `None` if that is not known.
    """

    call: Call
    event: Call | None
    is_safe: bool | None

    @property
    def location(self) -> Location:
        """Where the call stands."""
        return self.call.location

    @property
    def is_of_outerbounds(self) -> bool:
        """Whether an Outerbounds project's own means publish it, which add project and branch."""
        return is_project_event(self.event) or publishes_of_project(self.call)


def publications(module: Module, event_decorators: Iterable[str]) -> Iterator[Publication]:
    """The calls in a file that publish an event."""
    decorators = frozenset(event_decorators)
    variables: dict[tuple[Scope, str], Call] | None = None
    for call in module.descendants.calls:
        function = call.function
        if not isinstance(function, Name | Attribute):
            continue
        owner, _, name = function.name.rpartition(".")
        if name in ("publish", "safe_publish"):
            if isinstance(function, Attribute):
                event = function.value if _is_event(function.value) else None
            else:
                if variables is None:
                    variables = _event_variables(module)
                event = variables.get((function.scope, owner))
            if isinstance(event, Call):
                yield Publication(call, event, name == "safe_publish" or _unforced(call))
        elif publishes_of_project(call):
            yield Publication(call, None, PUBLISHING[name])
        elif name == "raise_event" and isinstance(function, Name):
            decorator = function.scope.resolve(owner) or owner
            if decorator.rpartition(".")[2] in decorators:
                yield Publication(call, None, _asks_for_safety(call))


def published(publication: Publication) -> Expression | None:
    """What is given as the name of an event that is raised."""
    if publication.event is not None:
        return publication.event.argument("name", 0)
    return publication.call.argument("name", 0) or publication.call.argument("event")


def is_namespaced(value: Expression | None) -> bool:
    """Whether an event's name is given by Metaflow's `namespaced_event_name`."""
    return (
        isinstance(value, Call)
        and metaflow_name(value.function.qualified) == "namespaced_event_name"
    )


def plain_name(value: Expression | None) -> Expression | None:
    """The name inside `namespaced_event_name(…)`, or the value itself."""
    return value.argument("name", 0) if isinstance(value, Call) and is_namespaced(value) else value


def event_name(value: Expression | None, module: Module, flow: Flow | None = None) -> str | None:
    """An event's own name, also inside `namespaced_event_name(…)`, where it can be read; that of
    an Outerbounds project in full if it is written so."""
    return module.text(plain_name(value), flow) or worked_out(value, module, flow)


def is_argo_event(value: Expression) -> bool:
    """Whether an expression is a call of Metaflow's `ArgoEvent`."""
    return isinstance(value, Call) and metaflow_name(value.function.qualified) == "ArgoEvent"


def _is_event(value: Expression) -> bool:
    return is_argo_event(value) or is_project_event(value)


def _event_variables(module: Module) -> dict[tuple[Scope, str], Call]:
    """The names that hold an event, with the scopes in which they do."""
    functions = [d for d in module.descendants.definitions if isinstance(d, Function)]
    found: dict[tuple[Scope, str], Call] = {}
    for statement in (*module.statements, *(s for f in functions for s in f.statements)):
        if isinstance(statement, Assignment) and isinstance(statement.value, Call):
            for target in statement.targets:
                if isinstance(target, Name) and _is_event(statement.value):
                    found[target.scope, target.name] = statement.value
    return found


def _unforced(call: Call) -> bool | None:
    return _is_safe(call, call.argument("force", 1), when=False)


def _asks_for_safety(call: Call) -> bool | None:
    return _is_safe(call, call.argument("safe_publish", 2), when=True)


def _is_safe(call: Call, value: Expression | None, *, when: bool) -> bool | None:
    """Whether an argument says that publishing is safe, `None` if that is not known."""
    if value is None:
        return None if call.has_unpacking else False
    return bool(value.value) is when if isinstance(value, Constant) else None


def local_name(scope: Scope, names: Iterable[str]) -> str | None:
    """What one of these names, wherever it comes from, is called where a scope imports it."""
    wanted = frozenset(names)
    for visible in scope.visible():
        for local, qualified in visible.imports.items():
            if qualified.rpartition(".")[2] in wanted:
                return local
    return None


def metaflow_local_name(scope: Scope, name: str) -> str | None:
    """What a name of Metaflow's is called where a scope imports it."""
    for visible in scope.visible():
        for local, qualified in visible.imports.items():
            if metaflow_name(qualified) == name:
                return local
    return None


def event_decorator(flow: Flow, names: Iterable[str]) -> Decorator | None:
    """The project's own event decorator on a flow, its own or inherited; that of Outerbounds
    too."""
    decorators = (d for f in flow.lineage for d in f.decorators)
    return next((d for d in decorators if is_event_decorator(d, names)), None)


def is_event_decorator(decorator: Decorator, names: Iterable[str]) -> bool:
    """Whether a decorator adds project and branch to the events that it is given: one of the
    project's own, by their names, or that of Outerbounds."""
    return decorator.name in names or is_project_trigger(decorator.qualified)


def has_project_in_config(flow: Flow, names: Iterable[str]) -> bool:
    """Whether an event decorator finds the project's name in a `Config` of the flow."""
    decorator = event_decorator(flow, names)
    if decorator is None:
        return False
    given = decorator.argument("config_name")
    config = given.text if isinstance(given, Constant) else "project"
    return any(p.kind == "Config" and p.name == config for p in flow.all_parameters)
