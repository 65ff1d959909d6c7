"""What code asks Metaflow's `current`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lint_rules.model.code import Call, Constant, Descendants, Expression, Name
from lint_rules.model.scope import metaflow_name

PROJECT_ATTRIBUTES = frozenset(
    ["branch_name", "is_production", "is_user_branch", "project_flow_name", "project_name"]
)
"""The attributes that exist only where the flow has `@project`."""


def attribute(reference: Name) -> str | None:
    """The project's attribute that a name reads: `is_production` of `current.is_production`."""
    owner, _, name = reference.name.partition(".")
    while name:
        first, _, rest = name.partition(".")
        if first in PROJECT_ATTRIBUTES:
            return first if metaflow_name(reference.scope.resolve(owner)) == "current" else None
        owner, name = f"{owner}.{first}", rest
    return None


def read(inside: Descendants) -> Iterator[tuple[Name, str]]:
    """The names in some code that read an attribute of the project from `current`."""
    for reference in inside.names:
        name = attribute(reference)
        if name is not None and reference.context == "load":
            yield reference, name


def is_handed_on(inside: Descendants) -> bool:
    """Whether `current` itself stands in some code, to be asked in a way that is not to be seen:
    `hasattr(current, …)`, `"branch_name" in current`."""
    return any(
        metaflow_name(reference.qualified) == "current"
        for reference in inside.names
        if reference.context == "load"
    )


def asks(inside: Descendants, names: Iterable[str], apart: Iterable[Expression] = ()) -> bool:
    """Whether some code asks `current` for one of these attributes.

    Args:
        inside: the code.
        names: the attributes.
        apart: expressions in it that do not count.
    """
    wanted = frozenset(names)
    left_out = {part for expression in apart for part in expression.walk()}
    if any(name in wanted and found not in left_out for found, name in read(inside)):
        return True
    return any(_gets(call, wanted) for call in inside.calls if call not in left_out)


def _gets(call: Call, names: frozenset[str]) -> bool:
    """Whether a call is `current.get("…")` or `getattr(current, "…")`, or is given `current`."""
    qualified = call.function.qualified or ""
    given = list(call.positional)
    if qualified.endswith(".current.get") and qualified.startswith("metaflow."):
        return any(isinstance(name, Constant) and name.text in names for name in given[:1])
    if not any(metaflow_name(argument.value.qualified) == "current" for argument in call.arguments):
        return False
    literals = [value.text for value in given if isinstance(value, Constant)]
    return not literals or any(text in names for text in literals)
