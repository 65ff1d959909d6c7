"""The arguments that each command takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from lint_rules import __version__
from lint_rules.diagrams import FORMATS as DRAWINGS
from lint_rules.reports import FORMATS
from lint_rules.settings.groups import GROUPS
from lint_rules.settings.severity import Severity

DESCRIPTION = "Reads Metaflow flows without running them, and reports where they break the guide."


def parser_for(words: Sequence[str]) -> argparse.ArgumentParser:
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
        command.set_defaults(command=name)
        if name in words:
            add_options(command)
    return parser


class _Parser(argparse.ArgumentParser):
    """A parser whose errors quote nothing that a terminal would obey."""

    def error(self, message: str) -> NoReturn:
        """Prints what is wrong, and ends with status 2."""
        from lint_rules.reports.style import printable

        super().error(printable(message))


class _Help(argparse.HelpFormatter):
    """Help for terminals of the usual width.

    To get a terminal's width, argparse imports `shutil`, for each option that is added.
    """

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=80)


def _add_check(check: argparse.ArgumentParser) -> None:
    check.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="files or folders; - is standard input (default: the current folder)",
    )
    _add_selection(check.add_argument_group("rule selection"))
    files = check.add_argument_group("files and settings")
    _add_files(files)
    files.add_argument(
        "--force-exclude",
        action="store_true",
        help="apply `exclude` to files that are named on the command line, too",
    )
    files.add_argument(
        "--stdin-filename",
        metavar="PATH",
        type=Path,
        help="the name of standard input",
    )
    files.add_argument("--show-files", action="store_true", help="list the files to check")
    files.add_argument(
        "--show-settings", action="store_true", help="show the settings of each PATH"
    )
    fixing = check.add_argument_group("fixing")
    fixing.add_argument("--fix", action="store_true", help="apply safe fixes")
    fixing.add_argument(
        "--unsafe-fixes",
        action="store_true",
        help="also count, show or, with --fix, apply fixes that may change what code means",
    )
    fixing.add_argument(
        "--diff", action="store_true", help="show what --fix would change, and change nothing"
    )
    fixing.add_argument(
        "--add-noqa",
        metavar="REASON",
        help="add a comment that suppresses it to each finding, with this reason if you give one",
    )
    fixing.add_argument("--baseline", metavar="FILE", type=Path, help="a file with known findings")
    fixing.add_argument(
        "--write-baseline", action="store_true", help="write all findings to the baseline"
    )
    _add_check_output(check.add_argument_group("output"))


def _add_check_output(output: argparse._ArgumentGroup) -> None:
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
        "-q", "--quiet", action="store_true", help="print findings and errors, and nothing else"
    )
    output.add_argument(
        "--fail-on",
        choices=[severity.value for severity in Severity],
        metavar="SEVERITY",
        help="end with status 1 only if a finding is as bad: error, warning or info (the default)",
    )
    output.add_argument(
        "--exit-zero", action="store_true", help="end with status 0 even if there are findings"
    )


def _add_selection(selection: argparse._ArgumentGroup) -> None:
    for option, help in (
        ("--select", "rules to check instead of the default ones: codes, prefixes, groups or ALL"),
        ("--extend-select", "rules to check in addition to the selected ones"),
        ("--ignore", "rules to leave out"),
    ):
        selection.add_argument(option, metavar="CODE", action="append", type=_codes, help=help)
    selection.add_argument(
        "--preview",
        action=argparse.BooleanOptionalAction,
        help="check rules that are in preview, too, and none that are deprecated",
    )


def _add_files(files: argparse._ArgumentGroup) -> None:
    _add_configuration(files)
    for option, help in (
        ("--exclude", "files and folders to leave out, as in .gitignore; replaces `exclude`"),
        ("--extend-exclude", "files and folders to leave out in addition to `exclude`"),
    ):
        files.add_argument(option, metavar="PATTERN", action="append", type=_patterns, help=help)
    files.add_argument("--no-cache", action="store_true", help="do not use results of earlier runs")
    files.add_argument(
        "--cache-dir",
        metavar="FOLDER",
        type=Path,
        help="where to keep results (default: metaflow-lint in the user's cache folder)",
    )


def _add_configuration(group: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help="the configuration file for all files; the repository's own add what it allows",
    )
    group.add_argument("--isolated", action="store_true", help="read no configuration files")


def _add_graph(graph: argparse.ArgumentParser) -> None:
    graph.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="files or folders whose flows are drawn (default: the current folder)",
    )
    graph.add_argument("--flow", metavar="NAME", help="draw the steps of this flow")
    graph.add_argument(
        "--output-format",
        choices=DRAWINGS,
        default="mermaid",
        metavar="FORMAT",
        help=f"{', '.join(DRAWINGS)} (default: mermaid)",
    )
    graph.add_argument(
        "--output-file", metavar="FILE", type=Path, help="where to write the drawing"
    )
    graph.add_argument(
        "--source-link",
        metavar="URL",
        help="the address that boxes of svg and html link to, with {path} and {row} in it",
    )
    documents = graph.add_mutually_exclusive_group()
    for option, help in (
        ("--check", "report whether the drawings in this Markdown file are up to date"),
        ("--write", "update the drawings in this Markdown file"),
    ):
        documents.add_argument(
            option, metavar="FILE", type=Path, action="append", default=[], help=help
        )
    _add_configuration(graph)


def _add_report(report: argparse.ArgumentParser) -> None:
    report.add_argument(
        "paths",
        metavar="PATH",
        nargs="*",
        type=Path,
        help="files or folders, also of several repositories (default: the current folder)",
    )
    _add_selection(report.add_argument_group("rule selection"))
    _add_files(report.add_argument_group("files and settings"))
    output = report.add_argument_group("output")
    output.add_argument("--output-file", metavar="FILE", type=Path, help="where to write the page")
    report.set_defaults(force_exclude=False, stdin_filename=None)
    report.set_defaults(baseline=None, write_baseline=False, quiet=False)


def _add_rule(rule: argparse.ArgumentParser) -> None:
    rule.add_argument(
        "code",
        metavar="CODE",
        help="a rule's code or name, the code of a family such as MF4, or a group",
    )
    _add_configuration(rule)


def _add_rules(rules: argparse.ArgumentParser) -> None:
    rules.add_argument(
        "--output-format",
        choices=("text", "json"),
        default="text",
        help="the form of the list (default: text)",
    )
    _add_configuration(rules)


def _add_new_rule(new: argparse.ArgumentParser) -> None:
    new.add_argument("code", metavar="CODE", help="its code, such as TEAM001")
    new.add_argument("name", metavar="NAME", help="its name, such as no-weekend-schedules")
    new.add_argument(
        "--folder",
        metavar="FOLDER",
        type=Path,
        default=Path("lint"),
        help="the folder of the rule (default: lint)",
    )


_COMMANDS = {
    "check": ("check files and folders", _add_check),
    "graph": ("draw flows and the links between them", _add_graph),
    "report": ("write a page on the health of repositories", _add_report),
    "rule": ("explain a rule", _add_rule),
    "new-rule": ("start a rule of your own", _add_new_rule),
    "rules": ("list all rules", _add_rules),
}
"""What each command is for, and what adds its options to a parser."""


def _codes(text: str) -> tuple[str, ...]:
    """The codes and groups of an option: `MF1,mf304,correctness`."""
    words = (word.strip() for word in text.split(","))
    codes = tuple(word if word in GROUPS else word.upper() for word in words)
    if not all(codes):
        raise argparse.ArgumentTypeError("give at least one code, and commas only between codes")
    return codes


def _patterns(text: str) -> tuple[str, ...]:
    """The patterns of an option: `old,*.txt`."""
    from lint_rules.workspace.gitignore import Patterns
    from lint_rules.workspace.wildmatch import PatternError

    patterns = tuple(pattern.strip() for pattern in text.split(","))
    if not all(patterns):
        raise argparse.ArgumentTypeError("give at least one pattern, and commas only between them")
    try:
        Patterns(patterns, strict=True)
    except PatternError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return patterns
