"""Plain `check`, also with `--fix`: reports what the baseline does not know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import counted, warn
from lint_rules.cli.check.report import show
from lint_rules.cli.check.run_linter import run_linter
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS
from lint_rules.reports.style import printable
from lint_rules.rules import codes
from lint_rules.settings.options import SettingsError
from lint_rules.settings.renewal import is_now

if TYPE_CHECKING:
    from lint_rules.diagnostics.baseline import Baseline


def report_new(run: Run) -> int:
    """Checks the files, fixes them if `--fix` is given, and reports what is left."""
    arguments = run.arguments
    baseline = _baseline(run)
    source_cache = SourceCache(run.inputs.read)
    fixed = 0
    if arguments.fix:
        from lint_rules.cli.check.fix import fix_all

        diagnostics, fixed = fix_all(run, source_cache)
    else:
        diagnostics = run_linter(run, source_cache)
    source_cache.add_undecodable(run.inputs.undecodable)
    diagnostics.sort(key=lambda diagnostic: diagnostic.order)
    if baseline:
        for path in run.inputs.relevant:
            baseline.saw(path, run.linter.book(run.configuration.for_file(path)).checks)
        if arguments.write_baseline:
            count = baseline.write(diagnostics, source_cache.of)
            if not arguments.quiet:
                print(printable(f"Wrote {counted(count, 'finding')} to {baseline.path}."))
            return EXIT_CLEAN
        diagnostics = baseline.new(diagnostics, source_cache.of)
    show(run, diagnostics, source_cache, fixed)
    if baseline and not arguments.quiet:
        _warn_of_stale(baseline)
    fails = not arguments.exit_zero and any(map(run.fails_on, diagnostics))
    return EXIT_FINDINGS if fails else EXIT_CLEAN


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

    baseline = Baseline.read(given)
    # Most baselines name rules of this package alone, by the codes that they have.
    if not baseline.codes <= set(codes()):
        changed = baseline.rename(run.linter.book(here).current)
        if changed and not (run.arguments.write_baseline or run.arguments.quiet):
            listed = "; ".join(is_now(old, now) for old, now in sorted(changed.items()))
            warn(f"{given}: {listed}. Update it with `--write-baseline`.")
    return baseline


def _warn_of_stale(baseline: Baseline) -> None:
    stale = baseline.stale()
    if stale:
        warn(
            f"{baseline.path} has {counted(len(stale), 'finding')} that no longer "
            f"{'exists' if len(stale) == 1 else 'exist'}; update it with `--write-baseline`:",
            stale,
        )
