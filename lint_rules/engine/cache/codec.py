"""Diagnostics as JSON, and back. Only classes that are named here come back: what lies in a cache
may be anybody's."""

from __future__ import annotations

import dataclasses
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from lint_rules.diagnostics import diagnostic
from lint_rules.workspace import source

_LIST = ""


def encoded(value: object) -> Any:
    """A diagnostic, or what it is made of, as JSON has it: things as lists that begin with the name
    of their class, lists as such without a name.

    Raises:
        TypeError: it holds something else.
    """
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [_LIST, *map(encoded, value)]
    if isinstance(value, Path):
        return ["Path", str(value)]
    name = type(value).__name__
    if _classes().get(name) is not type(value):
        raise TypeError(f"no diagnostic holds a {name}")
    if isinstance(value, Enum):
        return [name, value.value]
    fields = dataclasses.fields(value)  # type: ignore[arg-type]
    return [name, *(encoded(getattr(value, field.name)) for field in fields)]


def decoded(value: Any) -> Any:
    """What `encoded` made its argument of; tuples for lists.

    Raises:
        KeyError, TypeError, ValueError: nothing that `encoded` makes.
    """
    if not isinstance(value, list):
        return value
    name, *given = value
    parts = [decoded(part) if isinstance(part, list) else part for part in given]
    return tuple(parts) if name == _LIST else _classes()[name](*parts)


@cache
def _classes() -> dict[str, type]:
    """The dataclasses and enumerations of diagnostics, by name."""
    return {"Path": Path} | {
        name: value
        for module in (diagnostic, source)
        for name, value in vars(module).items()
        if isinstance(value, type) and (dataclasses.is_dataclass(value) or issubclass(value, Enum))
    }
