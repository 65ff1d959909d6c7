"""Which events a project raises, also through helpers that are given the event's name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.analysis.call_graph import Callers
from lint_rules.analysis.events import Publication, event_name, publications
from lint_rules.analysis.outerbounds import full_name, is_project_event
from lint_rules.model.code import Call, Class, Expression, Function, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

Named = tuple[Expression, str | None]
"""What names an event, and the name, `None` if that is not known."""

_MOST_HELPERS = 50


def raised_events(modules: Iterable[Module], event_decorators: Iterable[str]) -> list[Named]:
    """The events that files raise, each with what names it.

    The event decorator's own `raise_event` publishes what its callers name, and so does any other
    helper that takes the name as an argument: the callers count.

    Args:
        modules: the files.
        event_decorators: the names of the event decorators.
    """
    files = tuple(modules)
    decorators = frozenset(event_decorators)
    callers = Callers(files)
    found: list[Named] = []
    for module in files:
        for publication in publications(module, decorators):
            if publication.event is None or not _is_in_decorator(publication, module, decorators):
                found += _names(publication, module, callers)
    return found


def _is_in_decorator(publication: Publication, module: Module, names: frozenset[str]) -> bool:
    """Whether the event decorator itself publishes, for those who call `raise_event`."""
    return any(
        isinstance(definition, Class)
        and definition.name in names
        and publication.call in definition.descendants.calls
        for definition in module.definitions
    )


def _names(publication: Publication, module: Module, callers: Callers) -> Iterator[Named]:
    call = publication.event or publication.call
    given = call.argument("name", 0) or call.argument("event")
    if given is None:
        yield publication.call, None
        return
    waiting = [(given, module, publication.call)]
    seen: set[Function] = set()
    while waiting:
        value, where, inside = waiting.pop()
        flow = _flow_around(inside, where)
        name = event_name(value, where, flow)
        if name is not None and is_project_event(publication.event):
            name = full_name(call, name, module, flow)
        helper = None if name is not None else _helper(value, where)
        if helper is None or helper[0] in seen or len(seen) >= _MOST_HELPERS:
            yield value, name
            continue
        function, parameter = helper
        seen.add(function)
        calls = callers.of(function)
        if not calls:
            yield value, None
        for caller, file in calls:
            argument = _argument(caller, function, parameter)
            if argument is None:
                yield caller, None
            else:
                waiting.append((argument, file, caller))


def _flow_around(call: Call, module: Module) -> Flow | None:
    return next((f for f in module.flows if call in f.definition.descendants.calls), None)


def _helper(value: Expression, module: Module) -> tuple[Function, str] | None:
    """The function at module level whose argument is the event's name, and the argument."""
    if not isinstance(value, Name) or "." in value.name:
        return None
    owner = value.scope.owner(value.name)
    function = module.function_of_scope(owner) if owner is not None else None
    if function is None or module.functions.get(function.name) is not function:
        return None
    taken = {p.name for p in function.parameters if "variadic" not in p.kind}
    is_given = value.name in taken and value.name not in function.locals
    return (function, value.name) if is_given else None


def _argument(call: Call, function: Function, parameter: str) -> Expression | None:
    if call.has_unpacking:
        return None
    positions = [p.name for p in function.parameters if p.kind.startswith("positional")]
    position = positions.index(parameter) if parameter in positions else None
    return call.argument(parameter, position)
