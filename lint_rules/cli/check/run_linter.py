"""What the rules say of all files, which an earlier run may have found already."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.source_cache import Texts
from lint_rules.workspace.recording import recording

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.engine.cache.run_cache import RunCache
    from lint_rules.engine.results import Results
    from lint_rules.workspace.source import Source


def find(run: Run, texts: Texts) -> list[Diagnostic]:
    """The diagnostics of the files of a run, whose texts are remembered where it is."""
    with recording(run.recorder):
        return _find(run, texts)


def _find(run: Run, texts: Texts) -> list[Diagnostic]:
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
        inputs.count, inputs.relevant = known.files, known.relevant
        for warning in known.warnings:
            inputs.warn(warning)
        return known.diagnostics
    # All are read before one is checked: whether others mention Metaflow matters to some rules.
    read = list(sources)
    if not read:
        return inputs.undecodable
    if cache is None or run.recorder is None:
        return _reported(run, texts, read, None)
    from lint_rules.engine.cache.file_cache import FileCache, described

    given = described(run.linter.files, inputs.silent)
    files = FileCache(cache.folder, cache.files_name, given, cache.verifier, run.recorder)
    files.load()
    found = _reported(run, texts, read, files)
    environment = cache.environment(files.environment)
    if environment is not None and not inputs.unread:
        consulted = files.keep(environment)
        if consulted is not None:
            from lint_rules.engine.cache.run_cache import Outcome

            outcome = Outcome(inputs.count, inputs.relevant, found, inputs.warnings)
            cache.keep(outcome, environment, consulted)
    return found


def _reported(
    run: Run, texts: Texts, sources: list[Source], results: Results | None
) -> list[Diagnostic]:
    found = run.linter.check_all(sources, run.settings, results)
    # The report quotes these; the others can go.
    quoted = {diagnostic.path for diagnostic in found}
    texts.remember([source for source in sources if str(source.path) in quoted])
    run.leave_models()
    return found + run.inputs.undecodable


def _cache(run: Run) -> RunCache | None:
    arguments = run.arguments
    if run.cache is None or run.inputs.has_stdin:
        return None
    from lint_rules.engine.cache.run_cache import RunCache
    from lint_rules.engine.cache.verifier import Verifier

    options = ("select", "extend_select", "ignore", "config", "isolated", "force_exclude")
    asked = [f"{name}={getattr(arguments, name)}" for name in options]
    return RunCache(run.cache, asked, arguments.paths or [Path()], Verifier(run.begun))
