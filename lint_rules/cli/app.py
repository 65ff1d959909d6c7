"""The command line: takes the arguments apart, and hands them to the module of the command."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lint_rules.cli.exit_status import guarded
from lint_rules.cli.parser import parser_for
from lint_rules.cli.streams import prepare


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: the arguments after the command's name; `None` takes those of the process.

    Returns:
        0 if nothing was found, 1 if something was, 2 if the command could not run.
    """
    prepare()
    words = sys.argv[1:] if argv is None else argv
    return guarded(lambda: _run(words))


def _run(words: Sequence[str]) -> int:
    # As in Ruff, a reason is given with `=`, so that a path may follow the bare option.
    words = ["--add-noqa=" if word == "--add-noqa" else word for word in words]
    parser = parser_for(words)
    arguments, rest = parser.parse_known_args(words)
    # argparse takes positional arguments in one go; paths may stand on both sides of options.
    if rest and (any(word.startswith("-") for word in rest) or not hasattr(arguments, "paths")):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.paths += map(Path, rest)
    return _COMMANDS[arguments.command](arguments)


def _check(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.check import run_check

    return run_check(arguments)


def _graph(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.graph import graph

    return graph(arguments)


def _report(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.report import report

    return report(arguments)


def _rule(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.rules import explain

    return explain(arguments)


def _rules(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.rules import list_rules

    return list_rules(arguments)


def _new_rule(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.new_rule import new_rule

    return new_rule(arguments.code, arguments.name, arguments.folder)


_COMMANDS = {
    "check": _check,
    "graph": _graph,
    "report": _report,
    "rule": _rule,
    "rules": _rules,
    "new-rule": _new_rule,
}
"""What runs each command; it imports what it needs when it is called."""
