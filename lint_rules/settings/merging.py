"""How the settings of a file join those of a file that it extends.

As in Ruff, rules are selected file by file, and each file may say other things of them than the one
that it extends. What follows a list's name in Ruff, `extend-`, all lists do here, but for those
that have a default of their own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, get_origin

from lint_rules.settings.options import Option

_REPLACED = frozenset({"select", "conda_decorators", "event_decorators"})
"""Lists that a file replaces: their defaults are no empty lists."""

SELECTING = ("select", "extend_select", "ignore")
"""The settings that select rules."""


def replaces(option: Option) -> bool:
    """Whether a file's value takes the place of that of the file which it extends."""
    return get_origin(option.type) not in (tuple, dict) or option.name in _REPLACED


def merged(base: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The values of a file with those of the file that it extends.

    Args:
        base: the values of the file that is extended, by their names in `Settings`.
        values: the values of the other.
    """
    joined = {**base, **values}
    for name, value in values.items():
        before = base.get(name)
        if isinstance(value, dict) and isinstance(before, dict):
            joined[name] = {**before, **value}
        elif name == "selections":
            joined[name] = (*(before or ()), *value)
        elif isinstance(value, tuple) and before and name not in _REPLACED:
            joined[name] = _together(before, value)
    if values.get("select"):
        # A selection of one's own begins anew.
        for name in SELECTING[1:]:
            joined[name] = values.get(name, ())
    return joined


def narrowed(values: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Those of a file's values that have one of some names."""
    kept = frozenset(names)
    without: dict[str, Any] = {name: () for name in SELECTING if name not in kept}
    selections = tuple(one._replace(**without) for one in values.get("selections", ()))
    return {name: value for name, value in values.items() if name in kept} | {
        "selections": selections
    }


def _together(before: Iterable[str], after: Iterable[str]) -> tuple[str, ...]:
    """Two lists as one. What both hold stands where the second has it: later patterns win."""
    last = dict.fromkeys(after)
    return (*(item for item in before if item not in last), *last)
