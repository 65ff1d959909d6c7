"""The baselines of a run: which there are, writing them, and entries that are out of date."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import by_rule, counted, warn
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.reports.style import printable
from lint_rules.rules import codes
from lint_rules.settings.options import SettingsError
from lint_rules.settings.renewal import is_now

if TYPE_CHECKING:
    from lint_rules.diagnostics.baseline import Changes
    from lint_rules.diagnostics.baselines import Baselines
    from lint_rules.diagnostics.diagnostic import Diagnostic


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
    # Most baselines name rules of this package alone, by the codes that they have.
    if not baselines.codes <= set(codes()):
        for path, changed in baselines.rename(run.linter.book(run.here).current).items():
            if not (writes or run.arguments.quiet):
                listed = "; ".join(is_now(old, now) for old, now in sorted(changed.items()))
                warn(f"{path}: {listed}. Update it with `--write-baseline`.")
    return baselines


def write_baselines(
    run: Run, baselines: Baselines, diagnostics: list[Diagnostic], source_cache: SourceCache
) -> None:
    """Writes baselines that know these diagnostics, and tells how they differ from before."""
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
    """How many findings are new or gone, by rule."""
    listed = f" ({by_rule(codes)})" if codes else ""
    return f"{codes.total()} {what}{listed}"


def warn_of_stale(baselines: Baselines) -> None:
    """Warns of entries that no longer exist."""
    from lint_rules.diagnostics.baseline import describe

    for path, stale in baselines.stale().items():
        warn(
            f"{path} has {counted(len(stale), 'finding')} that no longer "
            f"{'exists' if len(stale) == 1 else 'exist'}; update it with `--write-baseline`:",
            map(describe, stale),
        )
