"""Runs the linter on the input files, or takes the result of an earlier run from the cache."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.workspace.recording import recording

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.engine.cache.run_cache import RunCache
    from lint_rules.engine.results import Results
    from lint_rules.workspace.source import Source


def run_linter(run: Run, source_cache: SourceCache) -> list[Diagnostic]:
    """The diagnostics of a run. `source_cache` gets the files that reports quote."""
    with recording(run.recorder):
        return _run_linter(run, source_cache)


def _run_linter(run: Run, source_cache: SourceCache) -> list[Diagnostic]:
    inputs = run.inputs
    sources = inputs.sources()
    if inputs.are_named:
        # Most commits hold no flow, and nothing is looked up for them.
        first = next(sources, None)
        if first is None:
            return inputs.undecodable
        sources = chain([first], sources)
    cache = _cache(run)
    known = cache.outcome() if cache else None
    if known:
        run.take(known)
        return known.diagnostics
    # All are read before one is checked: whether others mention Metaflow matters to some rules.
    read = list(sources)
    if not read:
        return inputs.undecodable
    if cache is None or run.recorder is None:
        return _lint(run, source_cache, read, None)
    from lint_rules.engine.cache.file_cache import FileCache, described
    from lint_rules.engine.cache.run_cache import Outcome

    given = described(run.linter.files, inputs.silent)
    files = FileCache(cache.folder, cache.files_name, given, cache.verifier, run.recorder)
    files.load()
    found = _lint(run, source_cache, read, files)
    environment = cache.environment(files.environment)
    if environment is not None and not inputs.unread and not run.failures:
        # What a used-up budget leaves out of one file may be missing in others that look at it.
        consulted = files.keep(environment, with_answers=not run.linter.incidents.notes)
        if consulted is not None:
            warnings = [inputs.warnings, run.warnings]
            outcome = Outcome(inputs.count, inputs.relevant, found, warnings)
            cache.keep(outcome, environment, consulted)
    return found


def _lint(
    run: Run, source_cache: SourceCache, sources: list[Source], results: Results | None
) -> list[Diagnostic]:
    found = run.linter.check_all(sources, run.settings, results)
    # The report quotes these; the others can go.
    quoted = {diagnostic.path for diagnostic in found}
    source_cache.add([source for source in sources if str(source.path) in quoted])
    return found + run.inputs.undecodable


def _cache(run: Run) -> RunCache | None:
    arguments = run.arguments
    if run.cache is None or run.inputs.has_stdin:
        return None
    from lint_rules.engine.cache.run_cache import RunCache
    from lint_rules.engine.cache.verifier import Verifier

    rules = ("select", "extend_select", "ignore", "preview")
    options = (*rules, "config", "isolated", "exclude", "extend_exclude", "force_exclude")
    asked = [f"{name}={getattr(arguments, name)}" for name in options]
    return RunCache(run.cache, asked, arguments.paths or [Path()], Verifier(run.begun))
