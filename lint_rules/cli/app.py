"""The command line: what can be said to `metaflow-lint`; `commands` does it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lint_rules import __version__
from lint_rules.cli.exit_status import EXIT_ERROR, fail
from lint_rules.diagrams import FORMATS as DRAWINGS
from lint_rules.reports import FORMATS

DESCRIPTION = "Reads Metaflow flows without running them, and says where they break the guide."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: the words after the command's name; `None` takes those of the process.

    Returns:
        0 if nothing was found, 1 if something was, 2 if the command could not run.
    """
    words = sys.argv[1:] if argv is None else argv
    # As in Ruff, a reason is given with `=`, so that a path may follow the bare option.
    words = ["--add-noqa=" if word == "--add-noqa" else word for word in words]
    parser = _parser(words)
    arguments, rest = parser.parse_known_args(words)
    # argparse takes positional arguments in one go; paths may stand on both sides of options.
    if rest and (any(word.startswith("-") for word in rest) or not hasattr(arguments, "paths")):
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    if rest:
        arguments.paths += map(Path, rest)
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:
        # Whoever read the report has seen enough (`| head`).
        sys.stderr.close()
        return EXIT_ERROR
    except OSError as error:
        return fail(f"{error.filename or 'standard output'}: {error.strerror}.")
    except KeyboardInterrupt:
        return 130


class _Parser(argparse.ArgumentParser):
    """A parser whose errors quote nothing that a terminal would obey."""

    def error(self, message: str) -> NoReturn:
        """Says what is wrong, and ends with status 2."""
        from lint_rules.reports.style import printable

        super().error(printable(message))


class _Help(argparse.HelpFormatter):
    """Help for terminals of the usual width.

    To ask how wide one is, argparse imports `shutil`, for each option that it is told of.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of a command line; it knows the options of the command in it alone."""
    parser: argparse.ArgumentParser = _Parser(
        prog="metaflow-lint", description=DESCRIPTION, formatter_class=_Help
    )
    parser.add_argument("--version", action="version", version=f"metaflow-lint {__version__}")
    commands = parser.add_subparsers(
        title="commands", metavar="COMMAND", required=True, prog="metaflow-lint"
    )
    for name, (help, add_options) in _COMMANDS.items():
        command = commands.add_parser(name, help=help, formatter_class=_Help)
        if name in words:
            add_options(command)
    return parser


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="files or folders; - is standard input (default: this folder)",
    )
    selection = check.add_argument_group("rule selection")
    for option, help in (
        (
            "--select",
            "rules to check instead of the default ones: codes, prefixes or ALL",
        ),
        ("--extend-select", "rules to check besides those selected"),
        ("--ignore", "rules to leave out"),
    ):
        selection.add_argument(option, metavar="CODE", action="append", type=_codes, help=help)
    files = check.add_argument_group("files and settings")
    files.add_argument(
        "--config", metavar="FILE", type=Path, help="a configuration file for all files"
    )
    files.add_argument("--isolated", action="store_true", help="read no configuration files")
    files.add_argument(
        "--force-exclude",
        action="store_true",
        help="let `exclude` hold for files given by name too",
    )
    files.add_argument(
        "--stdin-filename", metavar="PATH", type=Path, help="what standard input is the text of"
    )
    files.add_argument(
        "--no-cache", action="store_true", help="use nothing that an earlier run left"
    )
    files.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        type=Path,
        help="where to keep what was found (default: metaflow-lint in the user's cache folder)",
    )
    files.add_argument("--show-files", action="store_true", help="list what would be checked")
    files.add_argument("--show-settings", action="store_true", help="show the settings in force")
    mending = check.add_argument_group("mending")
    mending.add_argument("--fix", action="store_true", help="apply safe fixes")
    mending.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="apply fixes that may change what code means too",
    )
    mending.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )
    mending.add_argument(
        "--add-noqa",
        metavar="REASON",
        help="suppress all findings in place, with a reason (--add-noqa alone: without)",
    )
    mending.add_argument(
        "--baseline", metavar="FILE", type=Path, help="a file with findings that are known"
    )
    mending.add_argument(
        "--write-baseline", action="store_true", help="write all findings to the baseline"
    )
    output = check.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=FORMATS,
        default="full",
        metavar="FORMAT",
        help=f"{', '.join(FORMATS)} (default: full)",
    )
    output.add_argument(
        "--output-file", metavar="FILE", type=Path, help="where to write the report"
    )
    output.add_argument(
        "--statistics", action="store_true", help="count the findings of each rule instead"
    )
    output.add_argument(
        "--exit-zero", action="store_true", help="end with status 0 though something was found"
    )
    check.set_defaults(run=_check)


def _add_graph(graph: argparse.ArgumentParser) -> None:
    graph.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="files or folders whose flows are drawn (default: this folder)",
    )
    graph.add_argument("--flow", metavar="NAME", help="draw the steps of this flow")
    graph.add_argument(
        "--output-format",
        choices=DRAWINGS,
        default="mermaid",
        metavar="FORMAT",
        help=f"{', '.join(DRAWINGS)} (default: mermaid)",
    )
    graph.add_argument("--output-file", metavar="FILE", type=Path, help="where to write it")
    graph.add_argument(
        "--source-link",
        metavar="URL",
        help="what boxes of svg and html link to, with {path} and {row} in it",
    )
    documents = graph.add_mutually_exclusive_group()
    documents.add_argument(
        "--check",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="say whether the drawings in this Markdown document are current",
    )
    documents.add_argument(
        "--write",
        metavar="FILE",
        type=Path,
        action="append",
        default=[],
        help="draw them anew",
    )
    graph.add_argument(
        "--config", metavar="FILE", type=Path, help="a configuration file for all files"
    )
    graph.add_argument("--isolated", action="store_true", help="read no configuration files")
    graph.set_defaults(run=_graph)


def _add_rule(rule: argparse.ArgumentParser) -> None:
    rule.add_argument("code", metavar="CODE", help="a rule's code or name, such as MF101")
    rule.set_defaults(run=_rule)


def _add_new_rule(new: argparse.ArgumentParser) -> None:
    new.add_argument("code", metavar="CODE", help="its code, such as TEAM001")
    new.add_argument("name", metavar="NAME", help="its name, such as no-weekend-schedules")
    new.add_argument(
        "--folder", metavar="FOLDER", type=Path, default=Path("lint"), help="(default: lint)"
    )
    new.set_defaults(run=_new_rule)


def _add_rules(rules: argparse.ArgumentParser) -> None:
    rules.add_argument(
        "--output-format",
        choices=("text", "json"),
        default="text",
        help="(default: text)",
    )
    rules.set_defaults(run=_rules)


_COMMANDS = {
    "check": ("check files and folders", _add_check),
    "graph": ("draw flows, and what links them", _add_graph),
    "rule": ("explain a rule", _add_rule),
    "new-rule": ("begin a rule of your repository's own", _add_new_rule),
    "rules": ("list all rules", _add_rules),
}
"""What each command is for, and what adds its options to a parser."""


def _codes(text: str) -> tuple[str, ...]:
    """The codes of an option: `MF1,MF304`."""
    codes = tuple(code.strip().upper() for code in text.split(","))
    if not all(codes):
        raise argparse.ArgumentTypeError("give at least one code, and commas only between codes")
    return codes


def _check(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.check import run_check

    return run_check(arguments)


def _graph(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.graph import graph

    return graph(arguments)


def _rule(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.rules import explain

    return explain(arguments.code)


def _rules(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.rules import list_rules

    return list_rules(arguments.output_format)


def _new_rule(arguments: argparse.Namespace) -> int:
    from lint_rules.cli.new_rule import new_rule

    return new_rule(arguments.code, arguments.name, arguments.folder)
