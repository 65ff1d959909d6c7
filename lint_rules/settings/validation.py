"""From the tables of TOML to values of settings, each checked when it is loaded."""

from __future__ import annotations

from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin

from lint_rules.settings.forms import AtLeast, Form
from lint_rules.settings.options import PYPROJECT, TABLE, SettingsError, nearest, options

_KINDS = {str: "a string", int: "a whole number", bool: "true or false"}
_PATTERNS = ("exclude", "extend-exclude", "per-file-ignores")
_LONGEST_SHOWN = 200


def parse(table: dict[str, Any], path: Path, text: str = "") -> dict[str, Any]:
    """The values of one configuration file, by their names in `Settings`.

    Args:
        table: the linter's table in it.
        path: the file, for messages.
        text: its text, where messages find the line of a setting.

    Raises:
        SettingsError: a key is unknown, or a value has the wrong type or form.
    """
    values: dict[str, Any] = {}
    prefix = f"tool.{TABLE}." if path.name == PYPROJECT else ""
    for key, value in table.items():
        try:
            values |= _parsed(key, value, prefix)
        except SettingsError as error:
            # Only messages need the line.
            where = f"{path}{_line(key, text, prefix)}"
            raise SettingsError(f"{where}: {error}") from error.__cause__
    return values


def _parsed(key: str, value: Any, prefix: str) -> dict[str, Any]:
    known = options()
    if key not in known:
        table = f"[{prefix[:-1]}] " if prefix else ""
        raise SettingsError(f"{table}has no setting `{key}`.{nearest(key, known)}")
    option = known[key]
    parsed = _typed(value, option.type, option.form, f"`{key}`")
    if key in _PATTERNS:
        _check_patterns(value, f"`{key}`")
    return {option.name: parsed}


def _line(key: str, text: str, table: str) -> str:
    """`:3` for a setting in the third line; nothing if it is not written at a line's start.

    Args:
        key: the setting.
        text: the file's text.
        table: the table's name with a dot behind it, or nothing for the file's top.
    """
    is_inside = not table
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.replace(" ", "").replace("\t", "")
        if bare.startswith("["):
            is_inside = bare.startswith(f"[{table[:-1]}]")
            if bare.startswith((f"[{table}{key}]", f"[{table}{key}.")):
                return f":{number}"
        elif is_inside and bare.partition("=")[0].partition(".")[0].strip("\"'") == key:
            return f":{number}"
    return ""


def _typed(value: Any, wanted: Any, form: Form | AtLeast | None, where: str) -> Any:
    """A TOML value as the type that a setting has. Raises as `parse`."""
    if get_origin(wanted) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise SettingsError(f"{where} must be a list of strings, and is {_shown(value)}.")
        for item in value:
            _check(item, form, where)
        return tuple(value)
    if get_origin(wanted) is dict:
        if not isinstance(value, dict):
            raise SettingsError(f"{where} must be a table, and is {_shown(value)}.")
        inner = get_args(wanted)[1]
        return {key: _typed(item, inner, form, f"{where}, `{key}`") for key, item in value.items()}
    kinds = get_args(wanted) if isinstance(wanted, UnionType) else (wanted,)
    if type(value) not in kinds:
        raise SettingsError(f"{where} must be {_KINDS[kinds[0]]}, and is {_shown(value)}.")
    _check(value, form, where)
    return value


def _check(value: str | int, form: Form | AtLeast | None, where: str) -> None:
    """Raises `SettingsError` if a text has another form than it must have, or a number is low."""
    if isinstance(form, AtLeast):
        if isinstance(value, int) and value < form.minimum:
            raise SettingsError(f"{where} must be at least {form.minimum}, and is {value}.")
    elif form is not None and isinstance(value, str) and not form.allows(value):
        raise SettingsError(f"{where} must be {form.description}, and is {_shown(value)}.")


def _check_patterns(patterns: Any, where: str) -> None:
    """Raises `SettingsError` if a pattern can never match."""
    from lint_rules.workspace.gitignore import Patterns
    from lint_rules.workspace.wildmatch import PatternError

    try:
        Patterns(patterns, strict=True)
    except PatternError as error:
        raise SettingsError(f"{where}: {error}.") from error


def _shown(value: Any) -> str:
    try:
        text = repr(value)
    except (RecursionError, ValueError):
        return "something else"
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
