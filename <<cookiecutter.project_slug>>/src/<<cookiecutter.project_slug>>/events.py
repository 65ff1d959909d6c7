"""Events that stay within a project and a branch: one flow raises them, others wait for them.

In a step of the flow that raises, write `namespaced_trigger.raise_event("penguins_measured", safe_publish=True)`, and
above the flow that waits `@namespaced_trigger(event="penguins_measured")`.
"""

import re
from collections.abc import Callable, Mapping
from functools import partial

from metaflow import FlowMutator, current, project, trigger
from metaflow.exception import MetaflowException
from metaflow.integrations import ArgoEvent

# What Argo Events takes in a name; anything else is left out, at both ends.
REFUSED_CHARACTERS = r"[^A-Za-z0-9_.\-]"


class EventError(MetaflowException):
    """An event that cannot be named, raised or waited for."""

    headline = "Event error"


def event_name(name: str) -> str:
    """Return the full name `{project}.{branch}.{event}` of an event of the flow that is running or being deployed.

    Both ends use it, so that they agree: `penguins.prod.measured`, `penguins.prod.challenger.measured`,
    `penguins.test.new_data.measured`, `penguins.user.alice.measured`.

    Args:
        name: The event's own name; what Argo Events refuses in it is left out.

    Raises:
        EventError: If nothing is left of the name, or the flow has no `@project`.
    """
    if not current.get("project_name"):
        raise EventError(f"the event {name!r} belongs to no project: add @project to the flow")
    return f"{current.project_name}.{current.branch_name}.{_own_name(name)}"


def _own_name(name: str) -> str:
    kept = re.sub(REFUSED_CHARACTERS, "", name)
    if not kept:
        raise EventError(f"{name!r} holds no letter, digit, underscore, hyphen or dot: give the event another name")
    return kept


class namespaced_trigger(FlowMutator):
    """Start the flow, once it is deployed, whenever another flow of its project and branch raises the event.

    Args:
        event: The event's own name, or `{"name": …, "parameters": {parameter: field of the payload}}`.
        events: Several of them; the flow starts when all have been raised.
        options: Passed on to Metaflow's `@trigger`.
        config_name: The flow's `Config` whose keys `name`, `branch` and `production`, where it has them, are handed to
            `@project`. By default `"project"`, if the flow has a `Config` of that name.

    Raises:
        EventError: If neither or both of `event` and `events` are given, an event is given twice, the flow has no such
            `Config`, or it has `@trigger` too.
    """

    def init(
        self,
        event: str | dict | None = None,
        events: list[str | dict] | None = None,
        options: dict | None = None,
        config_name: str | None = None,
    ) -> None:
        """Take the decorator's arguments."""
        if bool(event) == bool(events):
            raise EventError("@namespaced_trigger takes either event= or events=: give one of them")
        self.events = [_specification(each) for each in events or [event]]
        names = [_own_name(each["name"]) for each in self.events]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise EventError(f"@namespaced_trigger waits for {min(repeated)!r} twice: give each event once")
        self.options = options or {}
        self.config_name = config_name

    def pre_mutate(self, mutable_flow) -> None:
        """Add `@trigger` with names that are known only when the flow is deployed."""
        if mutable_flow.has_decorator("trigger"):
            raise EventError("@trigger and @namespaced_trigger are both on this flow: list all events in one of them")
        self._hand_config_to_project(mutable_flow)
        events = [each | {"name": _named_when_deployed(each["name"])} for each in self.events]
        mutable_flow.add_decorator(trigger, deco_kwargs={"events": events, "options": self.options})

    def _hand_config_to_project(self, mutable_flow) -> None:
        configs = dict(mutable_flow.configs)
        if self.config_name and self.config_name not in configs:
            raise EventError(f"the flow has no Config({self.config_name!r}), which @namespaced_trigger asks for")
        config = configs.get(self.config_name or "project") or {}
        given = {key: config[key] for key in ("name", "branch", "production") if key in config}
        if not given:
            return
        # @project takes every key it is handed for the user's word, its own defaults too, and then refuses another one
        # from the command line.
        for _, _, _, attributes in mutable_flow.get_decorator_specs("project"):
            given.update((key, value) for key, value in attributes.items() if value)
        mutable_flow.add_decorator(project, deco_kwargs=given, duplicates=mutable_flow.OVERRIDE)

    @staticmethod
    def raise_event(name: str, payload: Mapping | None = None, safe_publish: bool = False) -> None:
        """Raise an event of the running flow's project and branch.

        Args:
            name: The event's own name, as the waiting flow gives it.
            payload: What the waiting flow's parameters can be filled from.
            safe_publish: Publish only from a deployed flow, so that running one by hand starts nothing elsewhere.

        Raises:
            EventError: If the name is impossible or the flow has no `@project`.
            ArgoEventException: If the event cannot be delivered; with `safe_publish`, Metaflow only says so.
        """
        event = ArgoEvent(event_name(name))
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


def _named_when_deployed(name: str) -> Callable:
    """Metaflow calls this at deployment, when `current` knows the project and the branch."""
    return partial(_ignore_context, name)


def _ignore_context(name: str, context: object) -> str:
    return event_name(name)
