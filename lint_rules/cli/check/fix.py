"""`--fix`, `--diff` and `--add-noqa`: files as they are to be."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

from lint_rules.cli.check.baselines import baselines_of
from lint_rules.cli.check.invocation import Run
from lint_rules.cli.check.messages import by_rule, counted, warn
from lint_rules.cli.check.source_cache import SourceCache
from lint_rules.cli.exit_status import EXIT_CLEAN, EXIT_FINDINGS
from lint_rules.diagnostics.diagnostic import Diagnostic, Safety
from lint_rules.engine.apply_fixes import FixResult, apply_fixes
from lint_rules.reports.style import printable
from lint_rules.workspace.atomic_write import PartialWriteError, hard_links, write_together
from lint_rules.workspace.source import Source, lines_of


def fix_all(run: Run, source_cache: SourceCache) -> tuple[list[Diagnostic], int]:
    """Fixes all files in place; standard input is written to standard output.

    Returns:
        The diagnostics that are left, and how many fixes were made.
    """
    sources = list(run.inputs.sources())
    if not sources:
        return run.inputs.undecodable, 0
    done = _fixed(run, sources)
    changed = {str(source.path): source for source in done.sources}
    for paths in done.together:
        _write(run, {Path(path): changed[path] for path in sorted(paths)}, done.before)
    if run.inputs.has_stdin:
        source = changed.get(str(run.inputs.stdin_name))
        if source is not None:
            sys.stdout.buffer.write(source.encode(source.text))
            sys.stdout.flush()
    source_cache.add(done.sources)
    return done.remaining + run.inputs.undecodable, done.count


def diff(run: Run) -> int:
    """Shows what `--fix` would change, and changes nothing."""
    sources = list(run.inputs.sources())
    count = 0
    if sources:
        done = _fixed(run, sources)
        count = done.count
        for old, new in zip(done.before, done.sources, strict=True):
            for line in _unified(old, new):
                print(line)
    _warn_of_undecodable(run)
    if run.arguments.quiet:
        pass
    elif count:
        print(f"Would fix {counted(count, 'finding')}.", file=sys.stderr)
    else:
        print("No fixes would be made.", file=sys.stderr)
    return EXIT_FINDINGS if count and not run.arguments.exit_zero else EXIT_CLEAN


def add_noqa(run: Run, reason: str) -> int:
    """Suppresses what a check would report with comments on the lines, with a reason."""
    baselines = baselines_of(run)
    sources = list(run.inputs.sources())
    found = run.linter.check_all(sources, run.settings) if sources else []
    if baselines:
        source_cache = SourceCache(run.inputs.read)
        source_cache.add(sources)
        found = baselines.new(found, source_cache.of)
    of_file: defaultdict[str, list[Diagnostic]] = defaultdict(list)
    for diagnostic in found:
        of_file[diagnostic.path].append(diagnostic)
    codes: Counter[str] = Counter()
    for source in sources:
        changed, added = run.linter.add_noqa(source, of_file[str(source.path)], reason)
        if added:
            _write(run, {source.path: changed}, [source])
        codes.update(diagnostic.code for diagnostic in added)
    _warn_of_undecodable(run)
    if not run.arguments.quiet:
        listed = f" ({by_rule(codes)})" if codes else ""
        print(f"Added `# noqa` for {counted(codes.total(), 'finding')}{listed}.")
    return EXIT_CLEAN


def _fixed(run: Run, sources: list[Source]) -> FixResult:
    safeties = {Safety.SAFE, *([Safety.UNSAFE] if run.arguments.unsafe_fixes else [])}
    done = apply_fixes(run.linter, sources, run.settings, safeties)
    for problem in done.problems:
        warn(f"{problem}.")
    return done


def _write(run: Run, sources: dict[Path, Source], before: list[Source]) -> None:
    """Writes files that belong together; what cannot be written is noted in `unread`."""
    if run.inputs.has_stdin:
        sources.pop(run.inputs.stdin_name, None)
    linked = [path for path in sources if hard_links(path) > 1]
    try:
        write_together(
            {path: s.encode(s.text) for path, s in sources.items()},
            {s.path: s.encode(s.text) for s in before},
        )
    except OSError as error:
        listed = ", ".join(str(path) for path in sources)
        others = " Nothing was changed in it." if len(sources) == 1 else " None was changed."
        if isinstance(error, PartialWriteError):
            others = ""  # its message says which were
        run.inputs.unread.append(f"{listed}: cannot write: {error.strerror}.{others}")
    else:
        for path in linked:
            warn(f"{path}: this file had other names (hard links), which keep the old text.")


def _warn_of_undecodable(run: Run) -> None:
    for diagnostic in run.inputs.undecodable:
        warn(f"{diagnostic.path}: {diagnostic.message}.")


def _unified(before: Source, after: Source) -> Iterator[str]:
    """The lines of a unified diff."""
    old, new = (lines_of(source.text) for source in (before, after))
    for line in unified_diff(old, new, str(before.path), str(after.path), lineterm=""):
        yield printable(line)
