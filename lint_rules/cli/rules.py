"""`metaflow-lint rule` and `metaflow-lint rules`."""

from __future__ import annotations

import json
from typing import Any

from lint_rules.cli.exit_status import EXIT_CLEAN, fail
from lint_rules.engine.registry import all_rules, find_rule
from lint_rules.reference.pages import rule_page
from lint_rules.rules.base import Rule
from lint_rules.settings.options import nearest


def explain(code: str) -> int:
    """Prints the page of a rule."""
    rule = find_rule(code)
    if rule is None:
        words = [word for rule in all_rules() for word in (rule.code, rule.name)]
        hint = nearest(code.upper() if code[:2].upper() == "MF" else code, words)
        return fail(f"no rule is called `{code}`.{hint} `metaflow-lint rules` lists all rules.")
    print(rule_page(rule), end="")
    return EXIT_CLEAN


def list_rules(output_format: str) -> int:
    """Prints a line for each rule, or a JSON object with code, name, summary, default, fix, url."""
    if output_format == "json":
        print(json.dumps([describe(rule) for rule in all_rules()], indent=2))
        return EXIT_CLEAN
    width = max(len(rule.name) for rule in all_rules())
    for rule in all_rules():
        default = "on " if rule.default else "opt"
        fix = f"fix: {rule.fix_safety.value}" if rule.fix_safety else ""
        print(f"{rule.code}  {default}  {rule.name.ljust(width)}  {fix}".rstrip())
    return EXIT_CLEAN


def describe(rule: type[Rule]) -> dict[str, Any]:
    """What tools want to know of a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary(),
        "default": rule.default,
        "fix": rule.fix_safety.value if rule.fix_safety else None,
        "url": rule.url(),
    }
