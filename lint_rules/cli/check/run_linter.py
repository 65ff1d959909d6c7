"""What the rules say of all files, which an earlier run may have found already."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.source_cache import Texts

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.engine.cache.store import Cache
    from lint_rules.workspace.source import Source


def find(run: Run, texts: Texts) -> list[Diagnostic]:
    """What there is to say of the files of a run, whose texts are remembered where it is."""
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
    found = _lint(run, sources, texts)
    run.leave_models()
    if cache and not inputs.unread:
        from lint_rules.engine.cache.store import Outcome

        cache.keep(Outcome(inputs.count, inputs.relevant, found))
    return found


def _lint(run: Run, sources: Iterator[Source], texts: Texts) -> list[Diagnostic]:
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
    texts.remember([source for source in read if str(source.path) in quoted])
    return found + run.inputs.undecodable


def _cache(run: Run) -> Cache | None:
    arguments = run.arguments
    if run.cache is None or run.inputs.has_stdin:
        return None
    from lint_rules.engine.cache.store import Cache

    options = ("select", "extend_select", "ignore", "config", "isolated", "force_exclude")
    asked = [f"{name}={getattr(arguments, name)}" for name in options]
    return Cache(run.cache, asked, arguments.paths or [Path()], run.begun)
