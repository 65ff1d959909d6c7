"""Runs rules on one file, and decides which of its flows reports what several flows inherit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.engine.incidents import Incidents, described
from lint_rules.workspace.deadline import Cancelled

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Finding
    from lint_rules.model.code import Location
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module
    from lint_rules.rules.base import Rule


def is_decided_by(module: Module, rule: Rule) -> bool:
    """Whether a file alone shows all that a rule finds in it: subclasses elsewhere may add more."""
    from lint_rules.model.module import Module as WholeModule

    if rule.of_project:
        return False
    hands_on = not module.runnable or not all(flow.is_complete for flow in module.flows)
    return rule.subject() is WholeModule or not hands_on


def run_rules(
    rules: list[Rule], module: Module, path: Path, incidents: Incidents
) -> list[tuple[Finding, Flow | None]]:
    """What the rules on single files find, each with the flow that it was looking at."""
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module as WholeModule
    from lint_rules.model.step import Step

    flows = module.runnable
    found: list[tuple[Finding, Flow | None]] = []
    for rule in rules:
        subject = rule.subject()
        try:
            if subject is WholeModule:
                found += [(finding, None) for finding in rule.check(module)]
            elif subject is Flow:
                given = module.flows if rule.base_flows else flows
                found += [(finding, flow) for flow in given for finding in rule.check(flow)]
            elif subject is Step:
                steps = ((flow, step) for flow in flows for step in flow.steps)
                found += [(f, flow) for flow, step in steps for f in rule.check(step)]
        except Cancelled:
            raise
        except Exception as error:
            incidents.failed(path, described(rule), error)
    # Flows that inherit the same code find the same in it: the first flow of the file reports it.
    reporting: dict[tuple[str, Location], Flow | None] = {}
    once = [
        (finding, flow)
        for finding, flow in found
        if reporting.setdefault((finding.code, finding.location), flow) is flow
    ]
    yielding = {rule.code: rule.yields_to for rule in rules if rule.yields_to}
    if all(finding.code not in yielding for finding, _ in once):
        return once
    return [
        (finding, flow)
        for finding, flow in once
        if not any(
            other.code in yielding.get(finding.code, ()) and _overlap(finding, other)
            for other, _ in once
        )
    ]


def _overlap(one: Finding, other: Finding) -> bool:
    """Whether two findings mark the same code, or one a part of the other's."""
    first, second = one.location, other.location
    return first.file == second.file and first.start < second.end and second.start < first.end
