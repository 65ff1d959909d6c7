"""`metaflow-lint report`: a page that shows how healthy repositories are."""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

from lint_rules.cli.check.input_files import STDIN
from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import warn
from lint_rules.cli.check.run_linter import run_linter
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, fail_each
from lint_rules.diagnostics.baseline import Baseline
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.errors import CannotRun
from lint_rules.health.history import size_of, sizes
from lint_rules.health.measured import BaselineSize, Counted, Health, Repository
from lint_rules.health.page import page
from lint_rules.health.places import Places
from lint_rules.workspace.atomic_write import write
from lint_rules.workspace.named_files import read_named


class CannotReport(CannotRun):
    """There is nothing to report on."""


def report(arguments: argparse.Namespace) -> int:
    """Writes the page for some paths."""
    if STDIN in arguments.paths:
        raise CannotReport("report: it reads files and folders, not standard input.")
    run = Run(arguments)
    health = _measured(run)
    if not run.inputs.relevant:
        paths = ", ".join(str(path) for path in arguments.paths or [Path()])
        raise CannotReport(f"no file in {paths} uses Metaflow, so there is nothing to report on.")
    text = page(health, run.linter.book(run.here).known.get, time.time()).encode()
    if arguments.output_file:
        write(arguments.output_file, text)
    else:
        # As in a file: browsers take UTF-8, whatever the terminal does.
        sys.stdout.buffer.write(text)
        sys.stdout.flush()
    for warning in run.warnings:
        warn(warning)
    missed = [*run.inputs.unread, *run.failures]
    return fail_each(missed) if missed else EXIT_CLEAN


def _measured(run: Run) -> Health:
    sources = SourceCache(run.inputs.read)
    diagnostics = sorted(run_linter(run, sources), key=lambda diagnostic: diagnostic.order)
    sources.add_undecodable(run.inputs.undecodable)
    places = Places(run.snapshot, sources.of, run.configuration.for_file)
    baselines = _baselines(run, places)
    fresh = {id(d) for d in _new(run, diagnostics, baselines, sources)}
    findings = tuple(
        Counted(d, places.of(d), run.severity_of(d), id(d) not in fresh) for d in diagnostics
    )
    flows = tuple(flow for path in run.inputs.relevant for flow in places.flows(str(path)))
    roots = sorted({places.repository(path) for path in run.inputs.relevant})
    repositories = tuple(_repository(run, root, places, baselines) for root in roots)
    return Health(repositories, flows, findings)


def _baselines(run: Run, places: Places) -> dict[Path, Baseline]:
    """The baselines that the settings of the files name, by their paths."""
    found: dict[Path, Baseline] = {}
    for file in run.inputs.relevant:
        path = _baseline_of(run, file)
        if path is not None:
            baseline = found.setdefault(path, Baseline.read(path))
            book = run.linter.book(run.configuration.for_file(file))
            baseline.rename(book.current)
            baseline.saw(file, book.checks)
    return found


def _baseline_of(run: Run, file: Path) -> Path | None:
    settings = run.configuration.for_file(file)
    return settings.path(settings.baseline) if settings.baseline else None


def _new(
    run: Run, diagnostics: list[Diagnostic], baselines: dict[Path, Baseline], sources: SourceCache
) -> list[Diagnostic]:
    """The diagnostics that the baselines of their files do not know."""
    grouped: defaultdict[Path | None, list[Diagnostic]] = defaultdict(list)
    for diagnostic in diagnostics:
        grouped[_baseline_of(run, Path(diagnostic.path))].append(diagnostic)
    return [
        new
        for path, found in grouped.items()
        for new in (found if path is None else baselines[path].new(found, sources.of))
    ]


def _repository(
    run: Run, root: Path, places: Places, baselines: dict[Path, Baseline]
) -> Repository:
    real = {path: run.snapshot.real(path) for path in baselines}
    # Repositories may be inside each other.
    own = {path: baselines[path] for path in baselines if places.repository(real[path]) == root}
    if not own:
        return Repository(places.name(root))
    history = sizes(run.snapshot, root, [real[path] for path in own])
    now = sum(_size(path) for path in own)
    stale = sum(len(baseline.stale()) for baseline in own.values())
    points = (*history, BaselineSize("now", None, now))
    return Repository(places.name(root), points, stale)


def _size(path: Path) -> int:
    try:
        return size_of(read_named(path)) or 0
    except FileNotFoundError:
        return 0
