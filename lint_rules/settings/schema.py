"""The JSON schema of the settings, for editors that complete and check TOML."""

from __future__ import annotations

from types import UnionType
from typing import Any, get_args, get_origin

from lint_rules.settings.forms import AtLeast, Form
from lint_rules.settings.options import options

_TYPES: dict[type, str] = {str: "string", int: "integer", bool: "boolean"}


def schema() -> dict[str, Any]:
    """The schema of `[tool.metaflow-lint]`, and of `metaflow-lint.toml`."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "metaflow-lint",
        "description": "Settings of metaflow-lint.",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            name: {
                "description": option.doc,
                **_type(option.type, option.form),
                **_default(option.default),
            }
            for name, option in options().items()
        },
    }


def _type(hint: Any, form: Form | AtLeast | None) -> dict[str, Any]:
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _type(str, form)}
    if get_origin(hint) is dict:
        return {"type": "object", "additionalProperties": _type(get_args(hint)[1], form)}
    kinds = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    if form is None:
        return {"type": _TYPES[kinds[0]]}
    if isinstance(form, AtLeast):
        return {"type": _TYPES[kinds[0]], "minimum": form.minimum}
    return {"type": _TYPES[kinds[0]], "pattern": f"^({form.pattern})$"}


def _default(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return {"default": list(value) if isinstance(value, tuple) else value}
