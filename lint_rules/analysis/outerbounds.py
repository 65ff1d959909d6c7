"""Events of Outerbounds projects: their names begin with `prj.`, the project and the branch.

`@project_trigger(event="x")` waits for `prj.{project}.{branch}.x`, and `ProjectEvent("x")`,
`self.prj.publish_event("x")` and `self.prj.safe_publish_event("x")` publish it
(`ob-project-utils`, `obproject.project_events`).
"""

from __future__ import annotations

from typing import TypeGuard

from lint_rules.model.code import Call, Constant, Expression, JoinedStr, Name
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module

PUBLISHING = {"publish_event": False, "safe_publish_event": True}
"""What `self.prj` publishes events by, and whether it does so from deployed flows alone."""

_MARK = "prj"
_UNKNOWN = "{}"
"""What stands for a part of a name that is known only when the code runs."""


def is_outerbounds(flow: Flow) -> bool:
    """Whether a flow derives from `ProjectFlow`."""
    return any(base.module.resolver.is_of_package for base in flow.lineage)


def is_project_trigger(qualified: str | None) -> bool:
    """Whether a decorator, by its dotted name, is `@project_trigger`."""
    return _last(qualified) == "project_trigger"


def is_project_schedule(qualified: str | None) -> bool:
    """Whether a decorator, by its dotted name, is `@project_schedule`."""
    return _last(qualified) == "project_schedule"


def is_project_event(value: Expression | None) -> TypeGuard[Call]:
    """Whether an expression is a call of `ProjectEvent`."""
    return isinstance(value, Call) and _last(value.function.qualified) == "ProjectEvent"


def publishes_of_project(call: Call) -> bool:
    """Whether a call is `self.prj.publish_event(…)` or its safe form, also where a function is
    handed `prj`."""
    function = call.function
    if not isinstance(function, Name):
        return False
    owner, _, method = function.name.rpartition(".")
    return method in PUBLISHING and owner.rpartition(".")[2] == _MARK


def is_full_name(name: str | None) -> bool:
    """Whether the name of an event has a project and a branch in front of it."""
    return _parts(name) is not None


def project_of(name: str | None) -> str | None:
    """The project in the full name of an event, where it is stated."""
    parts = _parts(name)
    return None if parts is None or parts[0] == _UNKNOWN else parts[0]


def own_part(name: str) -> str:
    """The name of an event without its project and branch."""
    parts = _parts(name)
    return name if parts is None else parts[2]


def of_project(name: str, projects: frozenset[str]) -> str | None:
    """The name of an event inside its project.

    Args:
        name: the name, in full or not.
        projects: the names of the project.

    Returns:
        `None` if the name says that it belongs to another project.
    """
    parts = _parts(name)
    if parts is None:
        return name
    project, _, own = parts
    return own if project == _UNKNOWN or project in projects else None


def full_name(event: Call, name: str, module: Module, flow: Flow | None) -> str:
    """The name of a `ProjectEvent`: in full if it states its project."""
    project, branch = event.argument("project", 1), event.argument("branch", 2)
    if project is None or (isinstance(project, Constant) and project.value is None):
        return name
    parts = (module.text(part, flow) or _UNKNOWN for part in (project, branch))
    return ".".join((_MARK, *parts, name))


def worked_out(value: Expression | None, module: Module, flow: Flow | None = None) -> str | None:
    """The full name that an f-string puts together, as `f"prj.{project}.{branch}.papers"`; `None`
    unless the event's own name can be read."""
    known = module.known(value)
    if not isinstance(known, JoinedStr):
        return None
    pieces = (
        piece if isinstance(piece, str) else module.text(piece.value, flow) or _UNKNOWN
        for piece in known.values
    )
    parts = _parts("".join(pieces))
    return None if parts is None or _UNKNOWN in parts[2] else ".".join((_MARK, *parts))


def _parts(name: str | None) -> tuple[str, str, str] | None:
    mark, *parts = (name or "").split(".", 3)
    return (parts[0], parts[1], parts[2]) if mark == _MARK and len(parts) == 3 else None


def _last(qualified: str | None) -> str | None:
    package, _, name = (qualified or "").partition(".")
    return name.rpartition(".")[2] if package == "obproject" else None
