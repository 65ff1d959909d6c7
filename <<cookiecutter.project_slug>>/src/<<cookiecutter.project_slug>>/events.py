"""Events that stay within a project and a branch: one flow raises them, others wait for them.

In a step of the flow that raises, write `namespaced_trigger.raise_event("measured", safe_publish=True)`, and
above the flow that waits `@namespaced_trigger(event="measured")`. See docs/events.md.
"""

import re
import sys
from collections.abc import Mapping
from functools import partial

from metaflow import FlowMutator, current, trigger
from metaflow.exception import MetaflowException
from metaflow.integrations import ArgoEvent  # type: ignore[attr-defined]
from metaflow.parameters import current_flow  # type: ignore[attr-defined]
from metaflow.user_decorators.mutable_flow import MutableFlow

from << cookiecutter.project_slug >>.project_config import hand_to_project, project_keys

# What Argo Events takes in a name; anything else is left out, at both ends.
REFUSED_CHARACTERS = r"[^A-Za-z0-9_.\-]"


class EventError(MetaflowException):
    """An event that cannot be named, raised or waited for."""

    headline = "Event error"


def event_name(name: str) -> str:
    """Return the full name `{project}.{branch}.{event}` of an event of the flow that is running or being deployed.

    Both ends use it, so that they agree: `birds.prod.measured`, `birds.prod.challenger.measured`,
    `birds.test.new_data.measured`, `birds.user.alice.measured`.

    Args:
        name: The event's own name; what Argo Events refuses in it, or in the name of a user, is left out.

    Raises:
        EventError: If nothing is left of the name, or the flow has no `@project`.
    """
    if not current.get("project_name"):
        raise EventError(f"the event {name!r} belongs to no project: add @project to the flow")
    return _accepted(f"{current.project_name}.{current.branch_name}.{_own_name(name)}")


def _own_name(name: str) -> str:
    kept = _accepted(name)
    if not kept:
        raise EventError(f"{name!r} holds no letter, digit, underscore, hyphen or dot: give the event another name")
    return kept


def _accepted(name: str) -> str:
    return re.sub(REFUSED_CHARACTERS, "", name)


class namespaced_trigger(FlowMutator):
    """Start the flow, once it is deployed, whenever another flow of its project and branch raises the event.

    Args:
        event: The event's own name, or `{"name": …, "parameters": {parameter: field of the payload}}`.
        events: Several of them; the flow starts when all have been raised.
        options: Passed on to Metaflow's `@trigger`.
        config_name: The flow's `Config` whose keys `name`, `branch` and `production`, where it has them, are handed to
            `@project`. By default `"project"`, if the flow has a `Config` of that name.
        show_warnings: Whether to say, when the flow is deployed, what of its names has been left out or overruled.

    Raises:
        EventError: If neither or both of `event` and `events` are given, an event is given twice, the flow has no such
            `Config`, or it has `@trigger` too.
        ProjectConfigError: If a key of the `Config` is not what it has to be.
    """

    def init(
        self,
        event: str | dict | None = None,
        events: list[str | dict] | None = None,
        options: dict | None = None,
        config_name: str | None = None,
        show_warnings: bool = True,
    ) -> None:
        """Take the decorator's arguments."""
        if bool(event) == bool(events):
            raise EventError("@namespaced_trigger takes either event= or events=: give one of them")
        if events and not isinstance(events, list | tuple):
            raise EventError(f"events={events!r} is no list: give a list of events, or one as event=")
        self.events = [_specification(each) for each in events or [event or ""]]
        names = [_own_name(each["name"]) for each in self.events]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise EventError(f"@namespaced_trigger waits for {min(repeated)!r} twice: give each event once")
        self.options = options or {}
        self.config_name = config_name
        self.show_warnings = show_warnings

    def pre_mutate(self, mutable_flow) -> None:
        """Add `@trigger` with names that are known only when the flow is deployed."""
        if mutable_flow.has_decorator("trigger"):
            raise EventError("@trigger and @namespaced_trigger are both on this flow: list all events in one of them")
        configs = dict(mutable_flow.configs)
        if self.config_name and not isinstance(configs.get(self.config_name, False), Mapping | None):
            raise EventError(f"the flow has no Config({self.config_name!r}) with keys: add it, or name another one")
        self.warnings = hand_to_project(mutable_flow, self.config_name or "project")
        for name in (each["name"] for each in self.events):
            if name != _own_name(name):
                self.warnings.append(f"{name!r} is called {_own_name(name)!r}, without what Argo Events refuses")
        events = [each | {"name": partial(self._name_at_deployment, each["name"])} for each in self.events]
        mutable_flow.add_decorator(trigger, deco_kwargs={"events": events, "options": self.options})

    def _name_at_deployment(self, name: str, context: object) -> str:
        """Metaflow calls this when `current` knows the project and the branch."""
        if self.show_warnings:
            for warning in self.warnings:
                print(f"Warning: @namespaced_trigger: {warning}", file=sys.stderr)
            self.warnings = []
        return event_name(name)

    @staticmethod
    def raise_event(name: str, payload: Mapping | None = None, safe_publish: bool = False) -> None:
        """Raise an event of the running flow's project and branch.

        Args:
            name: The event's own name, as the waiting flow gives it.
            payload: What the waiting flow's parameters can be filled from.
            safe_publish: Publish only from a deployed flow, so that running one by hand starts nothing elsewhere.

        Raises:
            EventError: If the name is impossible, the flow has no `@project`, or its `Config` names another branch.
            ArgoEventException: If the event cannot be delivered; with `safe_publish`, Metaflow only says so.
        """
        full_name = event_name(name)
        _refuse_branch_that_the_run_is_not_on()
        event = ArgoEvent(full_name)
        if safe_publish:
            event.safe_publish(payload=dict(payload or {}))
        else:
            event.publish(payload=dict(payload or {}), ignore_errors=False)


def _specification(event: str | dict) -> dict:
    if isinstance(event, str):
        return {"name": event}
    if isinstance(event, Mapping) and isinstance(event.get("name"), str):
        return dict(event)
    raise EventError(f"{event!r} is no event: give its name, or a dictionary with its name and parameters")


def _refuse_branch_that_the_run_is_not_on() -> None:
    """Refuse a `Config` that nobody has handed to `@project`: the event would not be where its results are."""
    flow = getattr(current_flow, "flow_cls", None)
    configs = dict(MutableFlow(flow, inserted_by=__name__).configs) if flow else {}
    given = project_keys(configs.get("project"))
    branch, production = given.get("branch"), given.get("production", current.is_production)
    if production == current.is_production and (not branch or current.branch_name.endswith(f".{branch}")):
        return
    way_out = "put @no_test_mode_in_production on the flow, which hands the Config to @project"
    raise EventError(f"the Config says {given!r}, but this run is on the branch {current.branch_name}: {way_out}")
