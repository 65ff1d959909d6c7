"""Plain `check`, also with `--fix`: what is found, less what is known, and the status for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import counted, warn
from lint_rules.cli.check.report import show
from lint_rules.cli.check.run_linter import find
from lint_rules.cli.check.source_cache import Texts
from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS
from lint_rules.reports.style import printable
from lint_rules.settings.options import SettingsError

if TYPE_CHECKING:
    from lint_rules.diagnostics.baseline import Baseline


def judge(run: Run) -> int:
    """Checks the files, mends them if that is asked for, and reports what there is to say."""
    arguments = run.arguments
    baseline = _baseline(run)
    texts = Texts(run.workspace.largest)
    mended = 0
    if arguments.fix or arguments.unsafe_fixes:
        from lint_rules.cli.check.fix import mend_all

        diagnostics, mended = mend_all(run, texts)
    else:
        diagnostics = find(run, texts)
    texts.remember_without(run.inputs.undecodable)
    diagnostics.sort(key=lambda diagnostic: diagnostic.order)
    if baseline:
        for path in run.inputs.relevant:
            baseline.saw(path, run.linter.book(run.configuration.for_file(path)).checks)
        if arguments.write_baseline:
            count = baseline.write(diagnostics, texts.of)
            print(printable(f"Wrote {counted(count, 'finding')} to {baseline.path}."))
            return EXIT_CLEAN
        diagnostics = baseline.new(diagnostics, texts.of)
    show(run, diagnostics, texts, mended)
    if baseline:
        _warn_of_stale(baseline)
    return EXIT_FINDINGS if diagnostics and not arguments.exit_zero else EXIT_CLEAN


def _baseline(run: Run) -> Baseline | None:
    """The baseline that the command line or the settings name.

    Raises:
        SettingsError: it cannot be read, or is to be written and nothing says where.
    """
    given, here = run.arguments.baseline, run.here
    if given is None and here.baseline:
        given = here.path(here.baseline)
    if given is None and run.arguments.write_baseline:
        raise SettingsError(
            '--write-baseline: where to? Set `baseline = "metaflow-baseline.json"`, or give '
            "--baseline FILE."
        )
    if not given:
        return None
    from lint_rules.diagnostics.baseline import Baseline

    return Baseline.read(given)


def _warn_of_stale(baseline: Baseline) -> None:
    stale = baseline.stale()
    if stale:
        warn(
            f"{baseline.path} knows {counted(len(stale), 'finding')} that "
            f"{'is' if len(stale) == 1 else 'are'} there no more; `--write-baseline` renews it:",
            stale,
        )
