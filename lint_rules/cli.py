"""The command line: `metaflow-lint check`, `rule`, `rules`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from lint_rules import __version__

EXIT_CLEAN, EXIT_FINDINGS, EXIT_ERROR = 0, 1, 2

DESCRIPTION = "Reads Metaflow flows without running them, and says where they break the guide."


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line.

    Args:
        argv: the words after the command's name; `None` takes those of the process.

    Returns:
        0 if nothing was found, 1 if something was, 2 if the command could not run.
    """
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except BrokenPipeError:
        # Whoever read the report has seen enough (`| head`).
        sys.stderr.close()
        return EXIT_ERROR
    except KeyboardInterrupt:
        return 130


def fail(message: str) -> int:
    """Says on standard error why the command could not run."""
    from lint_rules.report.style import Style, printable

    text = "\n".join(printable(line) for line in message.splitlines())
    print(f"{Style.of(sys.stderr)('red', 'error')}: {text}", file=sys.stderr)
    return EXIT_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="metaflow-lint", description=DESCRIPTION)
    parser.add_argument("--version", action="version", version=f"metaflow-lint {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    _add_check(commands)
    rule = commands.add_parser("rule", help="explain a rule")
    rule.add_argument("code", metavar="CODE", help="a rule's code or name, such as MF101")
    rule.set_defaults(run=_rule)
    rules = commands.add_parser("rules", help="list all rules")
    rules.add_argument(
        "--output-format",
        choices=("text", "json"),
        default="text",
        help="(default: text)",
    )
    rules.set_defaults(run=_rules)
    return parser


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="check files and folders")
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
    files.add_argument("--isolated", action="store_true", help="read no configuration files")
    files.add_argument(
        "--force-exclude",
        action="store_true",
        help="let `exclude` hold for files given by name too",
    )
    output = check.add_argument_group("output")
    output.add_argument(
        "--output-format",
        choices=("full", "concise", "json"),
        default="full",
        help="how findings are shown (default: full)",
    )
    check.set_defaults(run=_check)


def _codes(text: str) -> tuple[str, ...]:
    return tuple(code.strip() for code in text.split(",") if code.strip())


def _check(arguments: argparse.Namespace) -> int:
    from lint_rules.commands.check import check

    return check(arguments)


def _rule(arguments: argparse.Namespace) -> int:
    from lint_rules.commands.rules import explain

    return explain(arguments.code)


def _rules(arguments: argparse.Namespace) -> int:
    from lint_rules.commands.rules import list_rules

    return list_rules(arguments.output_format)
