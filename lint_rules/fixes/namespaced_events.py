"""The edits that give an event the name of its project and branch, where a flow waits for the event
and where code publishes it.

There are two forms: the project's own event decorator, and Metaflow's `namespaced_event_name`.
An event that is published in one form does not start flows that wait for the other.
"""

from __future__ import annotations

from lint_rules.analysis.events import Event, Publication, local_name, metaflow_local_name
from lint_rules.analysis.own_event_decorator import home_of
from lint_rules.diagnostics.diagnostic import AddItem, Edit, Replace
from lint_rules.fixes.edits import import_into, import_of_own
from lint_rules.model.code import Call, Constant, Decorator, Expression, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

DECORATOR, WRAPPER = "the project's own decorator", "`namespaced_event_name`"
"""The two forms."""


def namespaced_trigger(
    owner: Flow,
    trigger: Decorator,
    events: tuple[Event, ...],
    raw: list[Event],
    decorators: tuple[str, ...],
) -> tuple[str, list[Edit]]:
    """The form and the edits that namespace the events of a `@trigger`.

    Args:
        owner: the flow that the decorator is on.
        trigger: the decorator.
        events: all events that it waits for.
        raw: those that have a plain name.
        decorators: the names of the project's own event decorators.

    Returns:
        The form that the file imports, or can import. No edits if there is no safe way.
    """
    edits = _trigger_edits(owner, trigger, events, raw, decorators)
    replaced = trigger.call is not None and trigger.call.function.location
    return DECORATOR if edits and edits[0].location == replaced else WRAPPER, edits


def namespaced_raise(
    event: Call,
    name: Expression,
    publication: Publication | None,
    decorators: tuple[str, ...],
    module: Module,
) -> tuple[str, list[Edit]]:
    """The form and the edits that namespace an event that code publishes.

    Args:
        event: the `ArgoEvent(…)`.
        name: the expression that gives its name.
        publication: the call that publishes it, if that is known.
        decorators: the names of the project's own event decorators.
        module: the file.

    Returns:
        As `namespaced_trigger`.
    """
    edits = _raise_edits(event, name, publication, decorators, module)
    is_wrapped = bool(edits) and edits[0].location == name.location
    return WRAPPER if is_wrapped else DECORATOR, edits


def trigger_remedy(name: str, decorators: tuple[str, ...], module: Module) -> str:
    """What to write for a `@trigger` that waits for an event with a plain name."""
    decorator = _own_decorator(decorators, module)
    used = f'`@{decorator}(event="{name}")` or ' if decorator else ""
    return (
        f'use {used}Metaflow\'s `namespaced_event_name("{name}")`, and the same name where it is '
        "published"
    )


def raise_remedy(name: str, decorators: tuple[str, ...], module: Module) -> str:
    """What to write for an `ArgoEvent` with a plain name."""
    decorator = _own_decorator(decorators, module)
    used = f'`{decorator}.raise_event("{name}", safe_publish=True)` or ' if decorator else ""
    return (
        f'use {used}Metaflow\'s `namespaced_event_name("{name}")`, and the same name in the flows '
        "that wait for it"
    )


def _own_decorator(decorators: tuple[str, ...], module: Module) -> str | None:
    """The project's own event decorator, if the file imports it or can import it."""
    home = home_of(decorators, module)
    return local_name(module.scope, decorators) or (home.name if home else None)


def _trigger_edits(
    owner: Flow,
    trigger: Decorator,
    events: tuple[Event, ...],
    raw: list[Event],
    decorators: tuple[str, ...],
) -> list[Edit]:
    scope = owner.module.scope
    call = trigger.call
    here = all(event.module is owner.module for event in events)
    if call is None or call.has_unpacking or not here:
        return []
    namespaced = local_name(scope, decorators)
    # The decorator takes plain names, and namespaces all of them.
    is_plain = all(event in raw and isinstance(event.value, Constant) for event in events)
    if namespaced and is_plain:
        return [Replace(call.function.location, namespaced)]
    wrapper = metaflow_local_name(scope, "namespaced_event_name")
    if wrapper is None:
        home = home_of(decorators, owner.module) if is_plain and not namespaced else None
        if home is None:
            return []
        imports = import_of_own(owner.module, home.name, home.module)
        return [Replace(call.function.location, home.name), *imports]
    edits: list[Edit] = []
    for event in raw:
        written = _written(event.name_value, owner.module)
        if written is None:
            return []
        edits.append(Replace(event.location, f"{wrapper}({written})"))
    return edits


def _raise_edits(
    event: Call,
    name: Expression,
    publication: Publication | None,
    decorators: tuple[str, ...],
    module: Module,
) -> list[Edit]:
    written = _written(name, module)
    if written is None or not isinstance(event.function, Name):
        return []
    scope = event.function.scope
    decorator = local_name(scope, decorators)
    if decorator:
        return _as_raised(event, written, publication, decorator)
    wrapper = metaflow_local_name(scope, "namespaced_event_name")
    if wrapper:
        return [Replace(name.location, f"{wrapper}({written})")]
    home = home_of(decorators, module)
    edits = _as_raised(event, written, publication, home.name) if home else []
    if home is None or not edits:
        return []
    function = next((f for f in map(module.function_of_scope, scope.visible()) if f), None)
    if function is None:
        return [*edits, *import_of_own(module, home.name, home.module)]
    return [*edits, *import_into(function, home.line)]


def _as_raised(
    event: Call, name: str, publication: Publication | None, decorator: str
) -> list[Edit]:
    """The edits that turn `ArgoEvent(…).publish(…)` into a call of `raise_event`, if possible:
    `raise_event` takes the name and the payload, and nothing else."""
    if publication is None or publication.is_safe is None or len(event.arguments) > 1:
        return []
    call = publication.call
    payload = [a for a in call.arguments if a.name in (None, "payload") and not a.star]
    if isinstance(call.function, Name) or len(payload) != len(call.arguments) or payload[1:]:
        return []
    safe = "safe_publish=True" if publication.is_safe else None
    if not payload:
        arguments = ", ".join([name, safe] if safe else [name])
        return [Replace(call.location, f"{decorator}.raise_event({arguments})")]
    edits: list[Edit] = [
        Replace(call.function.location, f"{decorator}.raise_event"),
        AddItem(payload[0].location, name, before=True),
    ]
    return [*edits, AddItem(payload[0].location, safe)] if safe else edits


def _written(value: Expression | None, module: Module) -> str | None:
    """The name of an event, as written in the file."""
    if isinstance(value, Constant):
        return module.code_of(value)
    return value.name if isinstance(value, Name) else None
