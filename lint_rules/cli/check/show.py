"""`--show-files` and `--show-settings`."""

from __future__ import annotations

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.exit_status import EXIT_CLEAN
from lint_rules.reports.style import printable
from lint_rules.settings.options import options


def files(run: Run) -> int:
    """Lists what would be checked."""
    for path in run.inputs.paths:
        print(printable(str(path)))
    return EXIT_CLEAN


def settings(run: Run) -> int:
    """Shows the settings that hold in the current folder."""
    here = run.here
    print(printable(f"# From {here.origin or 'no configuration file'}"))
    for name, option in options().items():
        print(f"{name} = {getattr(here, option.name)!r}")
    print(f"# Rules: {', '.join(rule.code for rule in run.book().rules)}")
    return EXIT_CLEAN
