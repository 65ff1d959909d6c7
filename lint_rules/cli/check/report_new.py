"""Plain `check`, also with `--fix`: reports what the baselines do not know."""

from __future__ import annotations

from lint_rules.cli.check.baselines import baselines_of, warn_of_stale, write_baselines
from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.report import show
from lint_rules.cli.check.run_linter import run_linter
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS


def report_new(run: Run) -> int:
    """Checks the files, fixes them if `--fix` is given, and reports what is left."""
    arguments = run.arguments
    baselines = baselines_of(run)
    source_cache = SourceCache(run.inputs.read)
    fixed = 0
    if arguments.fix:
        from lint_rules.cli.check.fix import fix_all

        diagnostics, fixed = fix_all(run, source_cache)
    else:
        diagnostics = run_linter(run, source_cache)
    source_cache.add_undecodable(run.inputs.undecodable)
    diagnostics.sort(key=lambda diagnostic: diagnostic.order)
    if baselines:
        for path in run.inputs.relevant:
            baselines.saw(path, run.linter.book(run.configuration.for_file(path)).checks)
        if arguments.write_baseline:
            write_baselines(run, baselines, diagnostics, source_cache)
            return EXIT_CLEAN
        diagnostics = baselines.new(diagnostics, source_cache.of)
    show(run, diagnostics, source_cache, fixed)
    if baselines and not arguments.quiet:
        warn_of_stale(baselines)
    fails = not arguments.exit_zero and any(map(run.fails_on, diagnostics))
    return EXIT_FINDINGS if fails else EXIT_CLEAN
