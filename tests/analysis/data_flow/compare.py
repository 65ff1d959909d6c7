"""Compares what the rules report on generated flows with what a plain run of them does.

`python -m tests.analysis.data_flow.compare FIRST LAST` does so for the seeds from FIRST to LAST.
"""

from __future__ import annotations

import contextlib
import io
import sys
from dataclasses import dataclass

from lint_rules.analysis.imports import ImportResolver
from lint_rules.engine.registry import all_rules
from lint_rules.settings.options import Settings
from lint_rules.syntax.parse_cache import module_of
from tests.analysis.data_flow.generated import Generator, mutated
from tests.analysis.data_flow.plain_run import Failed, run

CODES = "MF404 MF405 MF406 MF410 MF411 MF412 MF415 MF416 MF417 MF422".split()
RULES = [rule(Settings()) for rule in all_rules() if rule.code in CODES]
MUTATIONS = 3


@dataclass(frozen=True)
class Verdict:
    """What a run and the rules say of one flow.

    Attributes:
        text: the flow.
        failed: the step that failed, empty if none did.
        executed: the steps that ran; the one that failed may be among them.
        reports: the code, step and message of each report.
    """

    text: str
    failed: str
    executed: frozenset[str]
    reports: tuple[tuple[str, str, str], ...]

    @property
    def is_false(self) -> bool:
        """Whether a report is about a step that ran to its end.

        A run takes one way of a switch that is decided at random; a report may be about the other.
        """
        is_random = "id(self)" in self.text
        return any(
            step in self.executed and step != self.failed
            for _, step, message in self.reports
            if not (is_random and "a way around" in message)
        )

    @property
    def is_missed(self) -> bool:
        """Whether the run failed, and no report is about a step up to the one that failed."""
        return bool(self.failed) and not self.reports

    @property
    def is_at_the_step(self) -> bool:
        """Whether a report is about the step that failed."""
        return any(step == self.failed for _, step, _ in self.reports)


@dataclass(frozen=True)
class Outcome:
    """What a run of a flow does.

    Attributes:
        failed: the step that failed, empty if none did.
        executed: the steps that ran; the one that failed may be among them.
    """

    failed: str
    executed: frozenset[str]


def plain_outcome(text: str) -> Outcome:
    """What a plain interpretation of a flow's code does, without Metaflow."""
    failed = ""
    executed: set[str] = set()
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            run(text, executed)
        except Failed as error:
            failed = error.args[0]
    return Outcome(failed, frozenset(executed))


def judge(text: str, outcome: Outcome) -> Verdict:
    """Check a flow that was run."""
    module = module_of(text, ImportResolver())
    reports = [
        (found.code, _step_at(text, found.location.start), found.message)
        for rule in RULES
        for flow in module.flows
        for found in rule.check(flow)
    ]
    return Verdict(text, outcome.failed, outcome.executed, tuple(reports))


def flows(seed: int) -> list[str]:
    """The flow of a seed as it is, and with some changes."""
    text = Generator(seed).flow()
    return [text, *(mutated(text, seed * MUTATIONS + number) for number in range(MUTATIONS))]


def verdicts(seed: int) -> list[Verdict]:
    """What plain runs and the rules say of the flows of a seed."""
    return [judge(text, plain_outcome(text)) for text in flows(seed)]


def _step_at(text: str, offset: int) -> str:
    """The name of the function that stands before a place."""
    before = text[:offset].rpartition("    def ")[2]
    return before.partition("(")[0]


def main(first: int, last: int) -> int:
    """Print where rules and runs disagree, and how often they do."""
    failing = missed = false = 0
    for seed in range(first, last):
        for number, verdict in enumerate(verdicts(seed)):
            failing += bool(verdict.failed)
            missed += verdict.is_missed
            false += verdict.is_false
            if verdict.is_missed or verdict.is_false:
                print(seed, number, verdict.failed or "runs", *verdict.reports)
    print(f"{false} false reports; {failing} flows fail, {missed} of them without a report")
    return int(bool(false) or missed > failing * 0.05)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
