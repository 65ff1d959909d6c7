"""From projects to what is drawn of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path

from lint_rules.analysis.client_calls import Use, Uses
from lint_rules.analysis.events import (
    event_name,
    is_event_decorator,
    is_namespaced,
    published,
    upstream_flows,
    waited_for,
)
from lint_rules.analysis.outerbounds import (
    is_full_name,
    is_project_schedule,
    is_project_trigger,
    own_part,
    project_of,
)
from lint_rules.diagrams.diagnostics_overlay import Find, Notes
from lint_rules.diagrams.diagram import (
    EventBox,
    FileBox,
    FileRange,
    FlowBox,
    Link,
    Map,
)
from lint_rules.diagrams.locations import FileRanges
from lint_rules.diagrams.steps import FlowSteps, summary
from lint_rules.model.code import Constant, Decorator, Dict, Expression, Location
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.project import Project, by_name, stated_project
from lint_rules.model.scope import metaflow_name
from lint_rules.settings.options import Settings
from lint_rules.workspace.snapshot import Snapshot


@dataclass(frozen=True, eq=False)
class Given:
    """A project with the settings that hold for it, and the flows of it that are drawn."""

    project: Project
    settings: Settings
    flows: tuple[Flow, ...]


def _has_own_box(module: Module, uses: Sequence[Use]) -> bool:
    """Whether a file that is not a flow's has a box of its own.

    A file that asks Metaflow only through functions of the project, such as a file of getters, has
    none: its getters are shown where flows call them.
    """
    imports_metaflow = any("metaflow" in s.packages() for s in module.descendants.imports)
    return imports_metaflow or any(use.via is None for use in uses)


class Survey:
    """Draws up a map.

    Args:
        snapshot: the files of now.
        base: the folder that paths are shown from.
        find: what the linter says of a file; `None` leaves findings out.
    """

    def __init__(self, snapshot: Snapshot, base: Path, find: Find | None = None) -> None:
        self._ranges = FileRanges(snapshot, snapshot.real(base))
        self._notes = Notes(self._ranges, find)
        self._ids: set[str] = set()
        self._boxes: dict[Flow, FlowBox] = {}
        self._unread: dict[tuple[str, str | None], FlowBox] = {}
        self._events: dict[tuple[str, str | None, str], EventBox] = {}
        self._files: dict[Path, FileBox] = {}
        self._links: dict[tuple[str, str, str], Link] = {}
        self._by_name: dict[str, list[Flow]] = {}

    def path(self, path: Path) -> str:
        """A path as the map shows it."""
        return self._ranges.path(path)

    def map(self, given: Sequence[Given]) -> Map:
        """The map of some projects."""
        self._by_name = dict(by_name(flow for one in given for flow in one.flows))
        for one in given:
            for flow in one.flows:
                self._boxes[flow] = self._flow(flow, one)
        for one in given:
            uses = Uses(one.settings.event_decorators)
            for flow in one.flows:
                self._link_triggers(flow, one)
                self._link_uses(uses.in_flow(flow), flow, one)
            followed = frozenset(uses.followed)
            for module in one.project.modules:
                if not one.project.is_test(module):
                    found = tuple(uses.in_module(module, followed))
                    if _has_own_box(module, found):
                        self._link_uses(found, module, one)
        links = sorted(self._links.values(), key=lambda link: (link.kind, link.source, link.target))
        return Map(
            (*self._boxes.values(), *sorted(self._unread.values(), key=lambda box: box.id)),
            self._ended_events(),
            tuple(sorted(self._files.values(), key=lambda box: box.path)),
            tuple(replace(link, findings=self._notes.at(link.range)) for link in links),
        )

    # Flows

    def _flow(self, flow: Flow, given: Given) -> FlowBox:
        # The flows of tests belong to no project for the rules, but a reader sees what they state.
        stated = stated_project(flow)
        project = stated.name if stated else None
        id = self._id("flow", flow.name)
        steps = FlowSteps(
            flow,
            lambda name: self._id(f"{id}_", name),
            given.settings.event_decorators,
            self._ranges,
            self._notes,
        )
        return FlowBox(
            id,
            flow.name,
            project,
            flow.is_in_project,
            self._ranges.of(flow.location, flow.module),
            len(self._by_name[flow.name]) > 1,
            summary(flow.definition),
            _schedule(flow),
            tuple(p.name or p.attribute for p in flow.all_parameters),
            steps.boxes,
            steps.arrows,
            self._notes.of_flow(flow, steps.methods),
        )

    # Links

    def _link_triggers(self, flow: Flow, given: Given) -> None:
        wanted = given.settings.event_decorators
        box = self._boxes[flow]
        for owner in flow.lineage:
            for decorator in owner.decorators:
                kind = metaflow_name(decorator.qualified)
                if kind == "trigger_on_finish":
                    self._link_upstream(flow, decorator, owner, given)
                elif kind == "trigger" or is_event_decorator(decorator, wanted):
                    own = "project" if kind is None else "none"
                    if is_project_trigger(decorator.qualified):
                        own = "outerbounds"
                    for at, value, module in _awaited(decorator, owner.module, flow):
                        name = event_name(value, module, flow)
                        namespacing = _namespacing(value, name, own)
                        event = self._event(name, at, owner.module, namespacing, box, given)
                        kept = namespacing != "none"
                        file_range = self._ranges.of(at, owner.module)
                        self._link("starts", event.id, box.id, file_range, is_namespaced=kept)

    def _link_upstream(self, flow: Flow, decorator: Decorator, owner: Flow, given: Given) -> None:
        for upstream in upstream_flows(decorator, owner.module, flow):
            if upstream.name is None:
                continue
            is_kept = flow.is_in_project or upstream.project is not None
            for box in self._flows_named(upstream.name, flow, given, upstream.project):
                file_range = self._ranges.of(upstream.location, owner.module)
                self._link(
                    "finishes", box.id, self._boxes[flow].id, file_range, is_namespaced=is_kept
                )

    def _link_uses(self, uses: Iterable[Use], user: Flow | Module, given: Given) -> None:
        for use in uses:
            box = self._boxes[user] if isinstance(user, Flow) else None
            try:
                file_range = self._ranges.of(use.location, use.module)
            except LookupError:
                continue
            me = box or self._file(use.module, file_range)
            if use.publication is not None:
                value = published(use.publication)
                own = "none" if use.publication.event is not None else "project"
                if use.publication.is_of_outerbounds:
                    own = "outerbounds"
                namespacing = _namespacing(value, use.name, own)
                at = value.location if value is not None and use.via is None else use.location
                event = self._event(use.name, at, use.module, namespacing, box, given)
                self._link(
                    "raises",
                    me.id,
                    event.id,
                    file_range,
                    is_namespaced=namespacing != "none",
                    is_safe=use.publication.is_safe,
                    via=use.via,
                )
            elif use.name:
                for read in self._flows_named(use.name, user, given, None):
                    self._link("reads", read.id, me.id, file_range, via=use.via)

    def _link(
        self, kind: str, source: str, target: str, file_range: FileRange, **more: object
    ) -> None:
        """Notes a link; of several between two things the first that needs no function."""
        known = self._links.get((kind, source, target))
        if known is None or (known.via and not more.get("via")):
            self._links[kind, source, target] = Link(kind, source, target, file_range, **more)  # type: ignore[arg-type]

    def _event(
        self,
        name: str | None,
        location: Location,
        module: Module,
        namespacing: str,
        box: FlowBox | None,
        given: Given,
    ) -> EventBox:
        project = box.project if box else _only_name(given)
        if namespacing == "outerbounds" and name is not None:
            project, name = project_of(name) or project, own_part(name)
        project = None if namespacing == "none" else project
        root = f"{given.project.root}" if namespacing != "none" and project is None else project
        key = (namespacing, root, name if name is not None else f"{location}")
        if key not in self._events:
            text = name if name is not None else self._ranges.text(location, module)
            is_external = name in given.settings.external_events
            id = self._id("event", text if name is not None else "worked_out")
            self._events[key] = EventBox(
                id, name, text, namespacing, project, is_external, False, False
            )
        return self._events[key]

    def _ended_events(self) -> tuple[EventBox, ...]:
        """The events, with whether anything raises them and waits for them."""
        raised = {link.target for link in self._links.values() if link.kind == "raises"}
        awaited = {link.source for link in self._links.values() if link.kind == "starts"}
        events = sorted(self._events.values(), key=lambda event: (event.full_name, event.id))
        return tuple(
            replace(event, is_raised=event.id in raised, is_awaited=event.id in awaited)
            for event in events
        )

    def _flows_named(
        self, name: str, user: Flow | Module, given: Given, project: str | None
    ) -> Iterator[FlowBox]:
        """The flows that a name means: of several those of the same project, then the nearest."""
        found = self._by_name.get(name, [])
        if project is not None:
            found = [flow for flow in found if self._boxes[flow].project == project]
        else:
            own = self._boxes[user].project if isinstance(user, Flow) else None
            found = [flow for flow in found if self._boxes[flow].project == own] or found
            found = [flow for flow in found if flow in given.flows] or found
        module = user.module if isinstance(user, Flow) else user
        nearness = {flow: _nearness(flow.module, module) for flow in found}
        found = [flow for flow in found if nearness[flow] == max(nearness.values())]
        if found:
            yield from (self._boxes[flow] for flow in found)
            return
        if (name, project) not in self._unread:
            id = self._id("flow", name)
            self._unread[name, project] = FlowBox(id, name, project, project is not None, None)
        yield self._unread[name, project]

    def _file(self, module: Module, file_range: FileRange) -> FileBox:
        path = module.resolver.path or Path("-")
        if path not in self._files:
            self._files[path] = FileBox(
                self._id("file", file_range.path), file_range.path, file_range
            )
        return self._files[path]

    def _id(self, kind: str, name: str) -> str:
        """A name that nothing else that is drawn has."""
        wanted = id = f"{kind}_{_word(name)}"
        number = 1
        while id in self._ids:
            number += 1
            id = f"{wanted}_{number}"
        self._ids.add(id)
        return id


def _only_name(given: Given) -> str | None:
    """The name of the project that a file outside the flows belongs to."""
    project = given.project
    names = {stated.name for stated in project.stated.values()}
    if len(names) == 1 and project.knows_its_names:
        return names.pop()
    return project.usual_name or given.settings.project


def _awaited(
    decorator: Decorator, module: Module, flow: Flow
) -> list[tuple[Location, Expression, Module]]:
    """What names the events that a decorator waits for, each with its place in the decorator and
    the file it stands in; the decorator itself where that is not seen."""
    events = waited_for(decorator, module, flow)
    found = [(event.location, event.name_value or event.value, event.module) for event in events]
    return found or [(decorator.value.location, decorator.value, module)]


def _namespacing(value: Expression | None, name: str | None, own: str) -> str:
    """How the name of an event is made up: a key of `NAMESPACINGS`.

    Args:
        value: what gives the name.
        name: the name, where it can be read.
        own: the key for a plain name, by what waits for it or raises it.
    """
    if is_namespaced(value):
        return "metaflow"
    return "outerbounds" if is_full_name(name) else own


def _schedule(flow: Flow) -> str:
    """When a flow runs by itself, by the branches that it is deployed from."""
    schedule = flow.decorator("schedule")
    if schedule is not None:
        return _clock(schedule)
    for owner in flow.lineage:
        for decorator in owner.decorators:
            if is_project_schedule(decorator.qualified):
                branches = owner.module.known(decorator.argument("schedule_map", 0))
                return "; ".join(_clocks(branches, owner.module)) or "as set for each branch"
    return ""


def _clocks(branches: Expression | None, module: Module) -> Iterator[str]:
    """What `@project_schedule` sets for each branch."""
    for branch, given in branches.items if isinstance(branches, Dict) else ():
        spec = module.known(given)
        when = spec.items if isinstance(spec, Dict) else ()
        clocks = (_time(module.text(key) or "", module.known(value)) for key, value in when)
        yield f"{module.text(branch) or '?'}: {next(filter(None, clocks), 'as set there')}"


def _time(name: str, value: Expression | None) -> str:
    """What an argument of a schedule sets, empty if nothing that can be read."""
    if isinstance(value, Constant) and name == "cron" and value.text:
        return value.text
    is_set = isinstance(value, Constant) and value.value is True
    return name if is_set and name in ("weekly", "daily", "hourly") else ""


def _clock(schedule: Decorator) -> str:
    """What `@schedule` sets; without arguments, Metaflow runs the flow daily."""
    for name in ("cron", "weekly", "daily", "hourly"):
        clock = _time(name, schedule.argument(name))
        if clock:
            return clock
    return (
        "daily"
        if schedule.call is None or not schedule.call.arguments
        else "as set when it is deployed"
    )


def _word(name: str) -> str:
    return re.sub(r"[^0-9A-Za-z]+", "_", name).strip("_") or "unnamed"


def _nearness(one: Module, other: Module) -> int:
    """How few folders lie between two files, as a number that is greater for nearer ones."""
    here, there = one.resolver.path, other.resolver.path
    if here is None or there is None:
        return 0
    pairs = zip(here.parts, there.parts, strict=False)
    common = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
    return 2 * common - len(here.parts) - len(there.parts)
