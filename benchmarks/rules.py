"""What one rule more costs, in percent of libcst's parse of the same files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import libcst as cst

from lint_rules.analysis.imports import ImportResolver
from lint_rules.engine.registry import own_rules
from lint_rules.engine.sources import load
from lint_rules.model.flow import Flow
from lint_rules.model.module import Module
from lint_rules.model.project import Project
from lint_rules.rules.base import Rule
from lint_rules.settings.options import Settings
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.read import read
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace


@dataclass(frozen=True)
class RuleCosts:
    """What rules cost when each comes last, after all the others have run.

    Attributes:
        files: how many files were read.
        percent: the cost of each rule by its code, in percent of parsing.
    """

    files: int
    percent: dict[str, float]

    @property
    def middle(self) -> float:
        """The cost of the rule in the middle."""
        return median(self.percent.values())

    def dearest(self, count: int) -> list[str]:
        """The codes of the rules that cost most."""
        return sorted(self.percent, key=lambda code: -self.percent[code])[:count]


def rule_costs(files: Iterable[Path]) -> RuleCosts:
    """The costs of all rules on single files, over some files."""
    snapshot = Workspace().snapshot()
    loaded = (load(file, snapshot) for file in files)
    sources = [source for source in loaded if isinstance(source, Source)]
    rules = [rule(Settings()) for rule in own_rules() if rule.subject() is not Project]
    parsing = 0.0
    taken = dict.fromkeys((rule.code for rule in rules), 0.0)
    read_files = 0
    for source in sources:
        try:
            parsing += seconds(partial(cst.parse_module, source.text))
            for last in rules:
                resolver = ImportResolver(snapshot, source.path)
                module = Module(*read(source.text, resolver.path), resolver, source.text)
                for rule in rules:
                    if rule is not last:
                        run_rule(rule, module)
                taken[last.code] += seconds(partial(run_rule, last, module))
        except (cst.ParserSyntaxError, CannotRead):
            continue
        read_files += 1
    return RuleCosts(read_files, {code: 100 * cost / parsing for code, cost in taken.items()})


def run_rule(rule: Rule, module: Module) -> None:
    """Run a rule on a file, and drop what it finds."""
    subject = rule.subject()
    if subject is Module:
        list(rule.check(module))
        return
    for flow in module.runnable:
        for what in [flow] if subject is Flow else flow.steps:
            list(rule.check(what))


def seconds(do: Callable[[], object]) -> float:
    """The processor time of a call."""
    start = time.process_time()
    do()
    return time.process_time() - start
