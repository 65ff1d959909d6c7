"""`metaflow-lint rule` and `metaflow-lint rules`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from lint_rules.cli.exit_status import EXIT_CLEAN, fail
from lint_rules.cli.streams import log
from lint_rules.engine.registry import all_rules, local_rules
from lint_rules.reference.pages import rule_page
from lint_rules.rules.base import Rule
from lint_rules.rules.families import Family, families
from lint_rules.rules.removed import REMOVED
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.groups import GROUPS
from lint_rules.settings.options import nearest
from lint_rules.settings.renewal import is_now, renamed
from lint_rules.settings.status import Status

_GROUP_WIDTH = max(map(len, GROUPS))


def explain(arguments: argparse.Namespace) -> int:
    """Prints the page of a rule, or the rules of a family or group."""
    wanted: str = arguments.code
    known = _known(arguments)
    now = renamed(known).get(wanted.upper())
    if now is not None:
        log("warning", f"{is_now(wanted.upper(), now)}.")
        wanted = now
    rule = next((r for r in known if wanted.upper() == r.code or wanted.lower() == r.name), None)
    if rule is not None:
        print(rule_page(rule), end="")
        return EXIT_CLEAN
    group = GROUPS.get(wanted.lower())
    found = [r for r in known if r.group is group or r.code.startswith(wanted.upper())]
    if wanted and found:
        _print(list(families(found)))
        return EXIT_CLEAN
    gone = REMOVED.get(wanted.upper())
    if gone is not None:
        return fail(gone.told(wanted.upper()))
    words = [*(word for rule in known for word in (rule.code, rule.name)), *GROUPS]
    hint = nearest(wanted.upper() if wanted[:2].upper() == "MF" else wanted, words)
    return fail(f"no rule is called `{wanted}`.{hint} `metaflow-lint rules` lists all rules.")


def list_rules(arguments: argparse.Namespace) -> int:
    """Prints a line for each rule below its family, or JSON: what `describe` says of each rule."""
    grouped = list(families(_known(arguments)))
    if arguments.output_format == "json":
        listed = [describe(rule, family) for family in grouped for rule in family.rules]
        print(json.dumps(listed, indent=2))
    else:
        _print(grouped)
    return EXIT_CLEAN


def describe(rule: type[Rule], family: Family) -> dict[str, Any]:
    """What tools want to know of a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "family": family.title,
        "group": rule.group.value,
        "severity": rule.severity().value,
        "summary": rule.summary(),
        "default": rule.default,
        "status": rule.status.value,
        "since": rule.since or None,
        "instead": rule.instead or None,
        "former_codes": list(rule.former_codes),
        "fix": rule.fix_safety.value if rule.fix_safety else None,
        "url": rule.url(),
    }


def _known(arguments: argparse.Namespace) -> list[type[Rule]]:
    """The rules that there are in the current folder, those of its repository's own included."""
    configuration = Configuration(isolated=arguments.isolated, file=arguments.config)
    settings = configuration.for_folder(Path.cwd())
    local = local_rules(tuple(settings.path(name) for name in settings.local_rules))
    return [*all_rules(), *local]


def _print(grouped: Sequence[Family]) -> None:
    width = max((len(rule.name) for family in grouped for rule in family.rules), default=0)
    for number, family in enumerate(grouped):
        print(f"{chr(10) if number else ''}{family.code}  {family.title}")
        for rule in family.rules:
            default = "on " if rule.default else "opt"
            fix = f"fix: {rule.fix_safety.value}" if rule.fix_safety else ""
            if rule.status is not Status.STABLE:
                fix = f"{fix}  {rule.status.value}".lstrip()
            name, group = rule.name.ljust(width), rule.group.value.ljust(_GROUP_WIDTH)
            print(f"  {rule.code}  {default}  {name}  {group}  {fix}".rstrip())
