"""All rules there are."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from lint_rules import rules
from lint_rules.rules.base import Rule


@cache
def all_rules() -> tuple[type[Rule], ...]:
    """The rules of the package `lint_rules.rules`, by code: every module there is looked at."""
    found: dict[str, type[Rule]] = {}
    for module in pkgutil.iter_modules(rules.__path__):
        for value in vars(import_module(f"{rules.__name__}.{module.name}")).values():
            if isinstance(value, type) and issubclass(value, Rule) and hasattr(value, "code"):
                found[value.code] = value
    return tuple(found[code] for code in sorted(found))


def find_rule(code_or_name: str) -> type[Rule] | None:
    """The rule of a code (`MF101`) or name (`missing-project`)."""
    wanted = code_or_name.lower()
    return next((r for r in all_rules() if wanted in (r.code.lower(), r.name)), None)
