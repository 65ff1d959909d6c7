"""Runs the linter on the input files, or takes the result of an earlier run from the cache."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.source_cache import SourceCache

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.engine.cache.store import Cache
    from lint_rules.workspace.source import Source


def run_linter(run: Run, source_cache: SourceCache) -> list[Diagnostic]:
    """The diagnostics of a run. `source_cache` gets the files that reports quote."""
    inputs = run.inputs
    sources = inputs.sources()
    if inputs.are_named:
        # Most commits hold no flow, and nothing is looked up for them.
        first = next(sources, None)
        if first is None:
            return inputs.undecodable
        sources = chain([first], sources)
    cache = _cache(run)
    kept = cache.outcome() if cache else None
    if kept:
        inputs.count, inputs.relevant = kept.files, kept.relevant
        return kept.diagnostics
    found = _lint(run, sources, source_cache)
    # Warnings are not kept, and are to come again.
    if cache and not inputs.unread and not run.warnings and not run.failures:
        from lint_rules.engine.cache.store import Outcome

        cache.keep(Outcome(inputs.count, inputs.relevant, found))
    return found


def _lint(run: Run, sources: Iterator[Source], source_cache: SourceCache) -> list[Diagnostic]:
    first = next(sources, None)
    if first is None:
        return run.inputs.undecodable
    read: list[Source] = []

    def noted() -> Iterator[Source]:
        for source in chain([first], sources):
            read.append(source)
            yield source

    found = run.linter.check_all(noted(), run.settings)
    # The report quotes these; the others can go.
    quoted = {diagnostic.path for diagnostic in found}
    source_cache.add([source for source in read if str(source.path) in quoted])
    return found + run.inputs.undecodable


def _cache(run: Run) -> Cache | None:
    arguments = run.arguments
    if arguments.no_cache or run.inputs.has_stdin:
        return None
    from lint_rules.engine.cache.store import Cache

    rules = ("select", "extend_select", "ignore")
    options = (*rules, "config", "isolated", "exclude", "extend_exclude", "force_exclude")
    asked = [f"{name}={getattr(arguments, name)}" for name in options]
    return Cache(run.cache, asked, arguments.paths or [Path()], run.begun)
