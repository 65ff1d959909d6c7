"""`metaflow-lint check`: one module for each thing that it can do with files."""

from __future__ import annotations

import argparse
import gc

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import warn
from lint_rules.cli.exit_status import fail_each

OBJECTS_BETWEEN_COLLECTIONS = 5_000_000


def run_check(arguments: argparse.Namespace) -> int:
    """Checks the paths of a command line, or does what else it asks for."""
    # Trees and models are many objects and little garbage: Python's own threshold, 700, would
    # spend a quarter of the run looking through them.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    run = Run(arguments)
    status = _done(run)
    for warning in () if arguments.quiet else run.warnings:
        warn(warning)
    # What could be read was reported; a run that left something out is not a whole one.
    missed = [*run.inputs.unread, *run.failures]
    return fail_each(missed) if missed else status


def _done(run: Run) -> int:
    """Does what the command line asks for; returns the exit status.

    What only runs with certain options is imported for them: most commits have none.
    """
    arguments = run.arguments
    if arguments.show_settings or arguments.show_files:
        from lint_rules.cli.check import show

        return show.settings(run) if arguments.show_settings else show.files(run)
    if arguments.add_noqa is not None:
        from lint_rules.cli.check.fix import add_noqa

        return add_noqa(run, arguments.add_noqa)
    if arguments.diff:
        from lint_rules.cli.check.fix import diff

        return diff(run)
    from lint_rules.cli.check.report_new import report_new

    return report_new(run)
