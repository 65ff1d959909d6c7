"""Diagnostics as JSON, and back. Only classes that are named here come back: what lies in a cache
may be anybody's."""

from __future__ import annotations

import dataclasses
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from lint_rules import findings, source

_KIND = "kind"
_VALUE = "value"


def encoded(value: object) -> Any:
    """A diagnostic, or what it is made of, as JSON has it.

    Raises:
        TypeError: it holds something else.
    """
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, list | tuple):
        return [encoded(item) for item in value]
    name = type(value).__name__
    if isinstance(value, Path):
        return {_KIND: "Path", _VALUE: str(value)}
    if _classes().get(name) is not type(value):
        raise TypeError(f"no diagnostic holds a {name}")
    if isinstance(value, Enum):
        return {_KIND: name, _VALUE: value.value}
    fields = dataclasses.fields(value)  # type: ignore[arg-type]
    return {_KIND: name, **{one.name: encoded(getattr(value, one.name)) for one in fields}}


def decoded(value: Any) -> Any:
    """What `encoded` made its argument of; lists for tuples.

    Raises:
        KeyError, TypeError, ValueError: nothing that `encoded` makes.
    """
    if isinstance(value, list):
        return [decoded(item) for item in value]
    if not isinstance(value, dict):
        return value
    given = {key: decoded(item) for key, item in value.items()}
    kind = given.pop(_KIND)
    if kind == "Path":
        return Path(given[_VALUE])
    made = _classes()[kind]
    return made(given[_VALUE]) if issubclass(made, Enum) else made(**given)


@cache
def _classes() -> dict[str, type]:
    """The dataclasses and enumerations of diagnostics, by name."""
    return {
        name: value
        for module in (findings, source)
        for name, value in vars(module).items()
        if isinstance(value, type) and (dataclasses.is_dataclass(value) or issubclass(value, Enum))
    }
