"""Plain `check`, also with `--fix`: reports what the baselines do not know."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import by_rule, counted, warn
from lint_rules.cli.check.report import show
from lint_rules.cli.check.run_linter import run_linter
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS
from lint_rules.reports.style import printable
from lint_rules.settings.options import SettingsError

if TYPE_CHECKING:
    from lint_rules.diagnostics.baseline import Baseline, Changes
    from lint_rules.diagnostics.baselines import Baselines
    from lint_rules.diagnostics.diagnostic import Diagnostic


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
            _write(run, baselines, diagnostics, source_cache)
            return EXIT_CLEAN
        diagnostics = baselines.new(diagnostics, source_cache.of)
    show(run, diagnostics, source_cache, fixed)
    if baselines and not arguments.quiet:
        for baseline in baselines.stale():
            _warn_of_stale(baseline)
    fails = not arguments.exit_zero and any(map(run.fails_on, diagnostics))
    return EXIT_FINDINGS if fails else EXIT_CLEAN


def baselines_of(run: Run) -> Baselines | None:
    """The baselines that the command line or the settings name.

    Raises:
        SettingsError: one cannot be read or is missing, or is to be written and nothing says where.
    """
    given: Path | None = run.arguments.baseline
    files = run.baselines()
    writes = bool(run.arguments.write_baseline)
    if given is None and not any(files.values()):
        if writes:
            raise SettingsError(
                '--write-baseline: where to? Set `baseline = "metaflow-baseline.json"`, or give '
                "--baseline FILE."
            )
        return None
    from lint_rules.diagnostics.baselines import Baselines

    baselines = Baselines(run.configuration.baseline_for if given is None else lambda _: given)
    baselines.load(files, may_be_missing=writes)
    return baselines


def _write(
    run: Run, baselines: Baselines, diagnostics: list[Diagnostic], source_cache: SourceCache
) -> None:
    written, homeless = baselines.write(diagnostics, source_cache.of)
    for path, changes in written.items() if not run.arguments.quiet else ():
        print(printable(_told(path, changes)))
    if homeless:
        files = sorted({diagnostic.path for diagnostic in homeless})
        warn(
            f"{counted(len(homeless), 'finding')} of files without a baseline "
            f"{'was' if len(homeless) == 1 else 'were'} not written. Set `baseline` for them:",
            files,
        )


def _told(path: Path, changes: Changes) -> str:
    """What has become of a baseline: `Wrote 9 findings to FILE: 2 new (MF301: 2), 0 gone.`"""
    parts = [_counts(changes.new, "new"), _counts(changes.gone, "gone")]
    told = f"Wrote {counted(changes.total, 'finding')} to {path}: {', '.join(parts)}."
    if changes.is_converted:
        told += (
            " Its entries now name the flow, the step and the symbol instead of the text of the "
            "line."
        )
    return told


def _counts(codes: Counter[str], what: str) -> str:
    listed = f" ({by_rule(codes)})" if codes else ""
    return f"{codes.total()} {what}{listed}"


def _warn_of_stale(baseline: Baseline) -> None:
    from lint_rules.diagnostics.baseline import describe

    stale = baseline.stale()
    warn(
        f"{baseline.path} has {counted(len(stale), 'finding')} that no longer "
        f"{'exists' if len(stale) == 1 else 'exist'}; update it with `--write-baseline`:",
        map(describe, stale),
    )
