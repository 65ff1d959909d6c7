"""The commands that are run on each hostile repository."""

from __future__ import annotations

import random
from pathlib import Path

from lint_rules.diagrams import FORMATS as DRAWINGS
from lint_rules.reports import FORMATS

_OF_CHECK = (
    *("", "", "", "--fix", "--fix --unsafe-fixes", "--diff", "--add-noqa=x", "--write-baseline"),
    *("--baseline baseline.json", "--baseline baseline.json --write-baseline", "--statistics"),
    *("--output-file results.sarif", "--show-files", "--show-settings", "--cache-dir ."),
    *("--no-cache", "--no-cache"),
)
_OF_GRAPH = (
    *("", "", "--check README.md", "--write README.md", "--output-file report.html"),
    "--flow PlainFlow",
)
_OF_REPORT = ((), (), ("--output-file", "report.html"), ("--no-cache",))


def command(draw: random.Random, given: Path) -> list[str]:
    """A command line, drawn at random; never one that lets the repository's own rules run.

    Args:
        draw: where the choices come from.
        given: a settings file outside of the repository, which the person who runs it names.
    """
    trust = draw.choice([["--isolated"], ["--isolated"], ["--config", str(given)]])
    if draw.random() < 0.25:
        words = ["graph", *trust, "--output-format", draw.choice(DRAWINGS)]
        words += draw.choice(_OF_GRAPH).split()
        return [*words, *draw.choice([[], ["."], ["flow.py"]])]
    if draw.random() < 0.15:
        words = ["report", *trust, *draw.choice(_OF_REPORT)]
        return [*words, *draw.choice([["."], [], ["flow.py"], ["pkg", "flow.py"]])]
    words = ["check", *trust, "--output-format", draw.choice(FORMATS)]
    words += draw.choice([[], ["--select", "ALL"], ["--select", "ALL"]])
    words += draw.choice(_OF_CHECK).split()
    return [*words, *draw.choice([["."], ["."], [], ["flow.py"], ["pkg", "flow.py"]])]
