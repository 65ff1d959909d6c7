"""What in a flow a scheduler may not take: the constructs that the facts have an answer for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lint_rules.analysis.events import waited_for
from lint_rules.analysis.literal_values import literal_value
from lint_rules.metaflow import UNKNOWN
from lint_rules.model.code import Argument, Constant, Decorator, Dict, Location
from lint_rules.model.flow import Flow
from lint_rules.model.graph import Graph
from lint_rules.model.module import Module
from lint_rules.model.scope import metaflow_name
from lint_rules.model.step import Step

_EVENT = re.compile(r"[A-Za-z0-9_.\-]+")
_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600}


@dataclass(frozen=True, eq=False)
class Construct:
    """Something that a scheduler may not take.

    Attributes:
        name: as the facts about schedulers call it.
        location: where it is.
        what: what messages call it; it continues "cannot deploy …".
        help: what to do instead.
    """

    name: str
    location: Location
    what: str
    help: str


def constructs(flow: Flow) -> Iterator[Construct]:
    """What is in a flow, of the constructs that some scheduler does not take."""
    yield from _of_flow(flow)
    yield from _parameters(flow)
    for step in flow.all_steps.values():
        yield from _of_step(step)
    yield from _of_graph(flow)


def _decorators(flow: Flow, name: str) -> list[tuple[Decorator, Module]]:
    return [
        (decorator, owner.module)
        for owner in flow.lineage
        for decorator in owner.decorators
        if decorator.qualified == f"metaflow.{name}"
    ]


def _of_flow(flow: Flow) -> Iterator[Construct]:
    triggers = _decorators(flow, "trigger")
    finishes = _decorators(flow, "trigger_on_finish")
    for name, found in (("trigger", triggers), ("trigger_on_finish", finishes)):
        for decorator, _ in found:
            yield Construct(name, decorator.location, f"`@{name}`", f"remove `@{name}`")
    if triggers and finishes:
        yield Construct(
            "trigger and trigger_on_finish",
            finishes[0][0].location,
            "`@trigger` together with `@trigger_on_finish`",
            "keep one of them",
        )
    for decorator, _ in _decorators(flow, "exit_hook"):
        yield Construct("exit_hook", decorator.location, "`@exit_hook`", "remove `@exit_hook`")
    for decorator, module in _decorators(flow, "schedule"):
        timezone = decorator.argument("timezone")
        if timezone is not None and isinstance(literal_value(timezone, module), str):
            help = "remove `timezone`, and write the schedule in UTC"
            yield Construct("schedule timezone", timezone.location, "a schedule's `timezone`", help)
    for decorator, module in triggers:
        yield from _events(flow, decorator, module)


def _events(flow: Flow, decorator: Decorator, module: Module) -> Iterator[Construct]:
    parameters = {p.name for p in flow.all_parameters}
    is_known = flow.knows_its_bases and not flow.own_decorators() and None not in parameters
    for event in waited_for(decorator, module, flow):
        if event.name and not _EVENT.fullmatch(event.name):
            yield Construct(
                "event name with space",
                event.location,
                f"the event name `{event.name}`",
                "use letters, digits, `_`, `-` and `.` alone",
            )
        if not is_known or not isinstance(event.value, Dict) or event.module is not module:
            continue
        for key, value in event.value.items:
            if isinstance(key, Constant) and key.text == "parameters" and isinstance(value, Dict):
                for name, _ in value.items:
                    if isinstance(name, Constant) and name.text and name.text not in parameters:
                        yield Construct(
                            "event parameter unknown",
                            name.location,
                            f"an event's parameter `{name.text}`, which the flow does not have",
                            "write the name of a Parameter of the flow",
                        )


def _parameters(flow: Flow) -> Iterator[Construct]:
    schedules = [d for d, module in _decorators(flow, "schedule") if _is_active(d, module)]
    for parameter in flow.all_parameters:
        if parameter.kind != "Parameter" or parameter.call.has_unpacking:
            continue
        default = parameter.call.argument("default", 1)
        if default is not None and getattr(default, "value", True) is not None:
            continue
        required = parameter.call.argument("required", 4)
        is_required = getattr(required, "value", None) is True
        name = "required parameter" if is_required else "parameter without default"
        what = f"the Parameter `{parameter.attribute}`, which has no default"
        help = "give it a `default`"
        if is_required:
            yield Construct(name, parameter.location, what, help)
        if schedules:
            yield Construct(
                f"{name} with schedule",
                parameter.location,
                f"{what}, and nobody gives it a value",
                help,
            )


def _is_active(decorator: Decorator, module: Module) -> bool:
    """Whether a `@schedule` certainly makes a schedule."""
    if decorator.call is None or not decorator.call.arguments:
        return True
    given = [a for a in decorator.call.arguments if a.name in ("cron", "daily", "hourly", "weekly")]
    values = [literal_value(argument.value, module) for argument in given]
    return any(value is not UNKNOWN and bool(value) for value in values)


def _of_step(step: Step) -> Iterator[Construct]:
    module = step.flow.module
    for decorator in step.function.decorators:
        name = metaflow_name(decorator.qualified)
        if decorator.qualified != f"metaflow.{name}":
            continue
        where = f"on the step `{step.name}`"
        if name == "batch":
            help = "write `@kubernetes`, or `@resources`"
            yield Construct("batch", decorator.location, f"`@batch` {where}", help)
        elif name == "parallel":
            help = "do the work in one task, or in a foreach"
            yield Construct("parallel", decorator.location, f"`@parallel` {where}", help)
        elif name == "kubernetes":
            namespace = decorator.argument("namespace")
            if namespace is not None and isinstance(literal_value(namespace, module), str):
                what = f"a `namespace` of `@kubernetes` {where}"
                yield Construct("kubernetes namespace", namespace.location, what, "remove it")
        elif name == "resources":
            disk = decorator.argument("disk")
            if disk is not None and isinstance(literal_value(disk, module), int | str):
                what = f"`disk` of `@resources` {where}"
                yield Construct("resources disk", disk.location, what, "remove it")
        elif name == "timeout" and decorator.call is not None:
            total = sum(_seconds(argument, module) for argument in decorator.call.arguments)
            if total < 60:
                what = f"a timeout of less than a minute {where}"
                help = "write `seconds=60` or more"
                yield Construct("timeout under a minute", decorator.location, what, help)


def _seconds(argument: Argument, module: Module) -> float:
    """How long an argument of `@timeout` lets a step run, a minute if that is unknown."""
    value, factor = literal_value(argument.value, module), _SECONDS.get(argument.name or "")
    return value * factor if isinstance(value, int | float) and factor else 60


def _of_graph(flow: Flow) -> Iterator[Construct]:
    graph = flow.graph
    if not graph.is_complete:
        return
    open_foreachs = _open_foreachs(flow)
    for name, node in graph.nodes.items():
        if not node.is_reached or not node.after:
            continue
        at = node.step.transitions[0].location
        depth = open_foreachs.get(name, 0)
        if node.kind == "switch":
            kind = "switch in foreach" if depth else "switch"
            what, help = f"the switch in the step `{name}`", "choose inside one step"
            yield Construct(kind, at, what, help)
        if node.kind == "foreach" and depth:
            what = f"the inner foreach that the step `{name}` starts"
            yield Construct("nested foreach", at, what, "make one list of both, and one foreach")
        if node.is_join and node.closes and _joins_a_switch(name, node.closes, graph):
            yield Construct(
                "conditional to join in foreach",
                node.step.location,
                f"the join `{name}` of a foreach, to which the cases of a switch lead",
                "let the cases lead to one step, and that to the join",
            )


def _joins_a_switch(name: str, closes: str, graph: Graph) -> bool:
    """Whether several steps lead to the join of a foreach, one of them a case of a switch."""
    before = graph.nodes[name].before
    if len(before) < 2 or graph.nodes[closes].kind != "foreach":
        return False
    edges = (edge for way in before for edge in graph.nodes[way.source].before)
    return any(edge.kind == "switch" for edge in edges)


def _open_foreachs(flow: Flow) -> dict[str, int]:
    """How many foreachs are open where each step begins."""
    graph = flow.graph
    found = {graph.start: 0} if graph.start else {}
    order = list(found)
    for name in order:
        node = graph.nodes[name]
        depth = found[name]
        if node.is_join and node.closes and graph.nodes[node.closes].kind in _FOREACHS:
            depth -= 1
        after = depth + (node.kind in _FOREACHS)
        for edge in node.after:
            if edge.target not in found:
                found[edge.target] = after
                order.append(edge.target)
    return found


_FOREACHS = ("foreach", "parallel")
