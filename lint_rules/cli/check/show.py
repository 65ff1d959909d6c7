"""`--show-files` and `--show-settings`."""

from __future__ import annotations

from pathlib import Path

from lint_rules.cli.check.input_files import STDIN
from lint_rules.cli.check.invocation import Run
from lint_rules.cli.exit_status import EXIT_CLEAN
from lint_rules.engine.discovery import checked_path
from lint_rules.reports.style import printable
from lint_rules.settings.options import Settings, options
from lint_rules.workspace.file_system import is_named_folder


def files(run: Run) -> int:
    """Lists the files that would be checked."""
    for path in run.inputs.paths:
        print(printable(str(path)))
    return EXIT_CLEAN


def settings(run: Run) -> int:
    """Shows the settings of each path that is given, or of the current folder."""
    shown: list[Settings] = []
    for path in run.arguments.paths or [Path()]:
        found = _settings_of(run, path)
        if found in shown:
            continue
        if shown:
            print()
        shown.append(found)
        _show(run, found)
    return EXIT_CLEAN


def _settings_of(run: Run, path: Path) -> Settings:
    if path == STDIN:
        return run.configuration.for_file(run.inputs.stdin_name)
    if is_named_folder(checked_path(run.snapshot, path)):
        return run.configuration.for_folder(path.absolute())
    return run.configuration.for_file(path)


def _show(run: Run, found: Settings) -> None:
    print(printable(f"# From {found.origin or 'no configuration file'}"))
    for name, option in options().items():
        print(f"{name} = {getattr(found, option.name)!r}")
    if found.excluded_here:
        print(printable(f"# Also excluded, from the current folder: {found.excluded_here!r}"))
    print(f"# Rules: {', '.join(rule.code for rule in run.book(found).rules)}")
