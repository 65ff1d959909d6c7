"""`metaflow-lint report`: a page that shows how healthy repositories are."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from lint_rules.budget import Budget
from lint_rules.cli.check.baselines import baselines_of
from lint_rules.cli.check.input_files import STDIN
from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import warn
from lint_rules.cli.check.run_linter import run_linter
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, fail_each
from lint_rules.errors import CannotRun
from lint_rules.health.history import size_of, sizes
from lint_rules.health.measured import BaselineSize, Counted, Health, Repository
from lint_rules.health.page import page
from lint_rules.health.places import Places
from lint_rules.workspace.atomic_write import write
from lint_rules.workspace.git_objects import MOST_WORK
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
    baselines = baselines_of(run)
    sources = SourceCache(run.inputs.read)
    diagnostics = sorted(run_linter(run, sources), key=lambda diagnostic: diagnostic.order)
    sources.add_undecodable(run.inputs.undecodable)
    new = diagnostics
    stale: dict[Path, int] = {}
    if baselines:
        for path in run.inputs.relevant:
            baselines.saw(path, run.linter.book(run.configuration.for_file(path)).checks)
        new = baselines.new(diagnostics, sources.of)
        stale = {path: len(entries) for path, entries in baselines.stale().items()}
    fresh = {id(diagnostic) for diagnostic in new}
    places = Places(run.snapshot, sources.of, run.configuration.for_file)
    findings = tuple(
        Counted(d, places.of(d), run.severity_of(d), id(d) not in fresh) for d in diagnostics
    )
    flows = tuple(flow for path in run.inputs.relevant for flow in places.flows(str(path)))
    roots = sorted({places.repository(path) for path in run.inputs.relevant})
    work = Budget(MOST_WORK)
    repositories = tuple(_repository(run, root, places, stale, work) for root in roots)
    return Health(repositories, flows, findings)


def _repository(
    run: Run, root: Path, places: Places, stale: dict[Path, int], work: Budget
) -> Repository:
    paths = dict.fromkeys(path for path in run.baselines().values() if path is not None)
    real = {path: run.snapshot.real(path) for path in paths}
    # Repositories may be inside each other.
    own = {real[path]: path for path in paths if places.repository(real[path]) == root}
    if not own:
        return Repository(places.name(root))
    history = sizes(run.snapshot, root, own, work)
    now = sum(size_of(read_named(path)) or 0 for path in own.values())
    points = (*history, BaselineSize("now", None, now))
    return Repository(places.name(root), points, sum(stale.get(path, 0) for path in own))
