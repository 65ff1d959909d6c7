"""Events that stay within a project and a branch.

One flow raises an event in a step: `namespaced_trigger.raise_event("measured", safe_publish=True)`. Another flow waits
for it with the decorator `@namespaced_trigger(event="measured")`. See docs/events.md.
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

# Argo Events refuses these characters in a name. Both sides remove them.
REFUSED_CHARACTERS = r"[^A-Za-z0-9_.\-]"


class EventError(MetaflowException):
    """An event that cannot be named, raised or waited for."""

    headline = "Event error"


def event_name(name: str) -> str:
    """Return the full name `{project}.{branch}.{event}` of an event, for the flow that is running or being deployed.

    Both sides use it, so that they agree: `birds.prod.measured`, `birds.prod.challenger.measured`,
    `birds.test.new_data.measured`, `birds.user.alice.measured`.

    Args:
        name: The event's own name. Characters that Argo Events refuses are removed, also from the name of a user.

    Raises:
        EventError: If no character of the name remains, or the flow has no `@project`.
    """
    if not current.get("project_name"):
        raise EventError(f"the event {name!r} belongs to no project: add @project to the flow")
    return _accepted(f"{current.project_name}.{current.branch_name}.{_own_name(name)}")


def _own_name(name: str) -> str:
    kept = _accepted(name)
    if not kept:
        raise EventError(f"{name!r} contains no letter, digit, underscore, hyphen or dot: give the event another name")
    return kept


def _accepted(name: str) -> str:
    return re.sub(REFUSED_CHARACTERS, "", name)


class namespaced_trigger(FlowMutator):
    """Start the deployed flow whenever another flow of its project and branch raises the event.

    Args:
        event: The event's own name, or `{"name": …, "parameters": {parameter: field of the payload}}`.
        events: Several of them; the flow starts when all have been raised.
        options: Passed to Metaflow's `@trigger`.
        config_name: The flow's `Config` whose keys `name`, `branch` and `production` are passed to `@project`. The
            default is `"project"`, if the flow has a `Config` of that name.
        show_warnings: Whether a deployment prints a warning about overridden values and changed names.

    Raises:
        EventError: If neither or both of `event` and `events` are given, an event is given twice, the flow has no such
            `Config`, or it has `@trigger` too.
        ProjectConfigError: If a key of the `Config` has the wrong type.
    """

    def init(
        self,
        event: str | dict | None = None,
        events: list[str | dict] | None = None,
        options: dict | None = None,
        config_name: str | None = None,
        show_warnings: bool = True,
    ) -> None:
        """Check the decorator's arguments."""
        if bool(event) == bool(events):
            raise EventError("@namespaced_trigger needs either event= or events=: give one of them")
        if events and not isinstance(events, list | tuple):
            raise EventError(f"events={events!r} is not a list: give a list of events, or one event as event=")
        self.events = [_specification(each) for each in events or [event or ""]]
        names = [_own_name(each["name"]) for each in self.events]
        if repeated := {name for name in names if names.count(name) > 1}:
            raise EventError(f"@namespaced_trigger lists {min(repeated)!r} twice: give each event once")
        self.options = options or {}
        self.config_name = config_name
        self.show_warnings = show_warnings

    def pre_mutate(self, mutable_flow) -> None:
        """Add `@trigger` with names that are computed at deployment."""
        if mutable_flow.has_decorator("trigger"):
            raise EventError("@trigger and @namespaced_trigger are both on this flow: put all events into one of them")
        configs = dict(mutable_flow.configs)
        if self.config_name and not isinstance(configs.get(self.config_name, False), Mapping | None):
            raise EventError(f"the flow has no Config({self.config_name!r}) with keys: add it, or change config_name")
        self.warnings = hand_to_project(mutable_flow, self.config_name or "project")
        for name in (each["name"] for each in self.events):
            if name != _own_name(name):
                self.warnings.append(f"{name!r} becomes {_own_name(name)!r}: Argo Events refuses the other characters")
        events = [each | {"name": partial(self._name_at_deployment, each["name"])} for each in self.events]
        mutable_flow.add_decorator(trigger, deco_kwargs={"events": events, "options": self.options})

    def _name_at_deployment(self, name: str, context: object) -> str:
        """Metaflow calls this when `current` has the project and the branch."""
        if self.show_warnings:
            for warning in self.warnings:
                print(f"Warning: @namespaced_trigger: {warning}", file=sys.stderr)
            self.warnings = []
        return event_name(name)

    @staticmethod
    def raise_event(name: str, payload: Mapping | None = None, safe_publish: bool = False) -> None:
        """Raise an event of the running flow's project and branch.

        Args:
            name: The event's own name, as in the waiting flow.
            payload: Values for the waiting flow's parameters.
            safe_publish: Publish only from a deployed flow, so that a run by hand starts no other flow.

        Raises:
            EventError: If the name is invalid, the flow has no `@project`, or its `Config` names another branch.
            ArgoEventException: If the event cannot be delivered. With `safe_publish`, Metaflow only prints this.
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
    raise EventError(f"{event!r} is not an event: give its name, or a dictionary with its name and parameters")


def _refuse_branch_that_the_run_is_not_on() -> None:
    """Refuse a `Config` that was not passed to `@project`: the event and the results would be on different branches."""
    flow = getattr(current_flow, "flow_cls", None)
    configs = dict(MutableFlow(flow, inserted_by=__name__).configs) if flow else {}
    given = project_keys(configs.get("project"))
    branch, production = given.get("branch"), given.get("production", current.is_production)
    if production == current.is_production and (not branch or current.branch_name.endswith(f".{branch}")):
        return
    way_out = "put @no_test_mode_in_production on the flow, which passes the Config to @project"
    raise EventError(f"the Config has {given!r}, but this run is on the branch {current.branch_name}: {way_out}")
