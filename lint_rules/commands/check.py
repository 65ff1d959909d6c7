"""`metaflow-lint check`."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from lint_rules.cache import opened
from lint_rules.disk import NoFile, Outside, content_of, content_of_found
from lint_rules.exits import EXIT_CLEAN, EXIT_FINDINGS, CannotRun, fail
from lint_rules.files import discover, matters
from lint_rules.progress import watched
from lint_rules.report import FOR_PEOPLE
from lint_rules.report.style import Style, printable
from lint_rules.rules import codes
from lint_rules.selection import check_selectors
from lint_rules.settings import Configuration, Settings, SettingsError, options

if TYPE_CHECKING:
    from lint_rules.baseline import Baseline
    from lint_rules.cache.store import Cache
    from lint_rules.findings import Diagnostic, Safety
    from lint_rules.linter import Linter
    from lint_rules.mending import Mended
    from lint_rules.rules.base import Rule
    from lint_rules.source import Source

STDIN = Path("-")
OBJECTS_BETWEEN_COLLECTIONS = 1_000_000
RULES = "https://github.com/org/template/tree/main/docs/rules"


def check(arguments: argparse.Namespace) -> int:
    """Checks the paths of a command line, or does to them what else it asks for."""
    try:
        run = _Run(arguments)
        status = run.run()
    except CannotRun as error:
        return fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail(f"{error.filename or 'standard output'}: {error.strerror}.")
    # What could be read was reported; a run that left something out was no whole one.
    return fail("\n".join(run.unread)) if run.unread else status


class _Run:
    """One run over the paths given.

    What only runs with flows, findings or certain options need is imported there: most commits
    have none of them.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._begun = time.time_ns()
        if not arguments.no_cache:
            opened.watch()
        overrides = {
            name: tuple(code for group in groups for code in group)
            for name in ("select", "extend_select", "ignore")
            if (groups := getattr(arguments, name)) is not None
        }
        if "select" in overrides:
            # As in Ruff, what the command line selects is not left out by a file.
            overrides = {"ignore": (), "extend_select": (), **overrides}
        self._configuration = Configuration(
            overrides, isolated=arguments.isolated, file=arguments.config
        )
        self._here = self._configuration.for_folder(Path.cwd())
        self._expected: list[Path] = []
        self._check_selection()
        self._sources: dict[str, Source] = {}
        self._files = 0
        self._relevant: list[Path] = []
        self._unread: list[str] = []
        self._undecodable: list[Diagnostic] = []

    def _check_selection(self) -> None:
        """Says what is wrong with the selection even if there is nothing to check."""
        try:
            check_selectors(self._here, codes())
            known = not self._here.local_rules
        except SettingsError:
            known = False
        if not known:
            # Others may have brought the rules in question.
            self._linter.book(self._here)

    @cached_property
    def _linter(self) -> Linter:
        from lint_rules.linter import Linter
        from lint_rules.registry import all_rules

        # Trees and models are many objects and little garbage: Python's own threshold, 700, would
        # spend a quarter of the run looking through them.
        gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
        linter = Linter(all_rules(), self._arguments.paths or [Path()])
        linter.expect(self._expected)
        return linter

    @property
    def unread(self) -> list[str]:
        """A sentence for each file that could not be read."""
        return self._unread

    def run(self) -> int:
        """Does what the command line asks for; returns the exit status."""
        arguments = self._arguments
        if arguments.show_settings:
            return self._show_settings()
        if arguments.show_files:
            return self._show_files()
        if arguments.add_noqa is not None:
            return self._add_noqa(arguments.add_noqa)
        if arguments.diff:
            return self._diff()
        return self._check()

    # What there is to check

    def _inputs(self) -> Iterator[Source]:
        """The sources of the files that can matter; those that have none are noted."""
        if STDIN in self._arguments.paths:
            yield from self._decoded(self._stdin_name, sys.stdin.buffer.read())
        named = {*self._arguments.paths}
        for path in watched(self._paths()):
            try:
                content = content_of(path) if path in named else content_of_found(path)
            except NoFile:
                continue
            except Outside as error:
                _warn(f"{path}: not read: {error.strerror}. Give it by name to check it.")
                continue
            except OSError as error:
                self._unread.append(f"{path}: cannot read it: {error.strerror}.")
                continue
            yield from self._decoded(path, content)

    def _decoded(self, path: Path, content: bytes) -> Iterator[Source]:
        self._files += 1
        if not matters(path, content):
            return
        from lint_rules.linter import decoded
        from lint_rules.source import Source

        given = decoded(path, content)
        if not isinstance(given, Source):
            self._relevant.append(path)
            self._undecodable.append(given)
            self._sources[str(path)] = Source(path, "")
        elif given.text:
            self._relevant.append(path)
            yield given

    def _paths(self) -> Sequence[Path]:
        given = self._arguments.paths or [Path()]
        rest = [path for path in given if path != STDIN]
        force = self._arguments.force_exclude

        def note(error: OSError) -> None:
            self._unread.append(f"{error.filename}: cannot look into it: {error.strerror}.")

        found = discover(rest, self._configuration, force_exclude=force, on_error=note)
        files = list(found)
        self._expected = [*files, *([self._stdin_name] if STDIN in given else [])]
        if "_linter" in self.__dict__:
            self._linter.expect(self._expected)
        return files

    @property
    def _stdin_name(self) -> Path:
        return self._arguments.stdin_filename or STDIN

    def _settings(self, source: Source) -> Settings:
        return self._configuration.for_file(source.path)

    # Modes

    def _check(self) -> int:
        baseline = self._baseline()
        mended = 0
        if self._arguments.fix or self._arguments.unsafe_fixes:
            diagnostics, mended = self._mend_all()
        else:
            diagnostics = self._find()
        diagnostics.sort(key=lambda diagnostic: diagnostic.order)
        if baseline:
            for path in self._relevant:
                settings = self._configuration.for_file(path)
                baseline.saw(path, self._linter.book(settings).checks)
        if baseline and self._arguments.write_baseline:
            count = baseline.write(diagnostics, self._text_of)
            print(printable(f"Wrote {_counted(count, 'finding')} to {baseline.path}."))
            return EXIT_CLEAN
        if baseline:
            diagnostics = baseline.new(diagnostics, self._text_of)
        self._show(diagnostics, mended)
        if baseline:
            _warn_of_stale(baseline)
        return EXIT_FINDINGS if diagnostics and not self._arguments.exit_zero else EXIT_CLEAN

    def _find(self) -> list[Diagnostic]:
        """What the rules say of all files, which an earlier run may have found already."""
        inputs = self._inputs()
        if not any(path.is_dir() for path in self._arguments.paths or [Path()]):
            # Most commits hold no flow, and nothing is looked up for them.
            first = next(inputs, None)
            if first is None:
                return self._undecodable
            inputs = chain([first], inputs)
        cache = self._cache
        kept = cache.outcome() if cache else None
        if kept:
            self._files, self._relevant = kept.files, kept.relevant
            return kept.diagnostics
        found = self._lint(inputs)
        if cache and not self._unread:
            from lint_rules.cache.store import Outcome

            cache.keep(Outcome(self._files, self._relevant, found))
        return found

    def _lint(self, inputs: Iterator[Source]) -> list[Diagnostic]:
        diagnostics: list[Diagnostic] = []
        alone: list[Source] = []
        for source in inputs:
            found = self._linter.check_alone(source, self._settings(source))
            alone.append(source)
            self._remember(source, found)
            diagnostics += found
        for source in alone:
            found = self._linter.check_in_project(source, self._settings(source))
            self._remember(source, found)
            diagnostics += found
        return self._gathered(diagnostics)

    def _gathered(self, diagnostics: list[Diagnostic]) -> list[Diagnostic]:
        told = self._linter.gathered(diagnostics) if diagnostics else []
        return told + self._undecodable

    def _remember(self, source: Source, found: list[Diagnostic]) -> None:
        if found:
            # The report quotes these; the others can go.
            self._sources[str(source.path)] = source

    @property
    def _cache(self) -> Cache | None:
        arguments = self._arguments
        if arguments.no_cache or STDIN in arguments.paths:
            return None
        from lint_rules.cache.store import Cache, folder_for

        options = ("select", "extend_select", "ignore", "config", "isolated", "force_exclude")
        asked = [f"{name}={getattr(arguments, name)}" for name in options]
        folder = arguments.cache_dir or folder_for(Path.cwd())
        return Cache(folder, asked, arguments.paths or [Path()], self._begun)

    def _mend_all(self) -> tuple[list[Diagnostic], int]:
        """Mends all files; returns what is still to be said of them, and how many fixes there
        were."""
        sources = list(self._inputs())
        if not sources:
            return self._undecodable, 0
        done = self._mend(sources)
        self._sources |= {str(source.path): source for source in done.sources}
        return done.remaining + self._undecodable, done.count

    def _mend(self, sources: list[Source]) -> Mended:
        """Mends files where they stand; standard input comes out again on standard output."""
        done = self._mended(sources)
        changed = {str(source.path): source for source in done.sources}
        for paths in done.together:
            self._write({Path(path): changed[path] for path in sorted(paths)}, done.before)
        if STDIN in self._arguments.paths:
            source = changed.get(str(self._stdin_name))
            if source is not None:
                sys.stdout.buffer.write(source.encode(source.text))
                sys.stdout.flush()
        return done

    def _mended(self, sources: list[Source]) -> Mended:
        from lint_rules.mending import mend

        done = mend(self._linter, sources, self._settings, self._safeties())
        for problem in done.problems:
            _warn(f"{problem}.")
        return done

    def _write(self, sources: dict[Path, Source], before: list[Source]) -> None:
        """Writes files that belong together, and notes it where they cannot be written."""
        from lint_rules.write import write_together

        if STDIN in self._arguments.paths:
            sources.pop(self._stdin_name, None)
        try:
            write_together(
                {path: s.encode(s.text) for path, s in sources.items()},
                {s.path: s.encode(s.text) for s in before},
            )
        except OSError as error:
            listed = ", ".join(str(path) for path in sources)
            others = " Nothing was changed in it" if len(sources) == 1 else " None was changed"
            self._unread.append(f"{listed}: cannot write: {error.strerror}.{others}.")

    def _safeties(self) -> set[Safety]:
        from lint_rules.findings import Safety

        return {Safety.SAFE, *([Safety.UNSAFE] if self._arguments.unsafe_fixes else [])}

    def _diff(self) -> int:
        sources = list(self._inputs())
        count = 0
        if sources:
            done = self._mended(sources)
            count = done.count
            for old, new in zip(done.before, done.sources, strict=True):
                for line in _unified(old, new):
                    print(line)
        self._warn_of_undecodable()
        if count:
            print(f"Would fix {_counted(count, 'finding')}.", file=sys.stderr)
        else:
            print("No fixes would be made.", file=sys.stderr)
        return EXIT_FINDINGS if count and not self._arguments.exit_zero else EXIT_CLEAN

    def _add_noqa(self, reason: str) -> int:
        count = 0
        for source in self._inputs():
            changed, added = self._linter.add_noqa(source, self._settings(source), reason)
            if added:
                self._write({source.path: changed}, [source])
            count += added
        self._warn_of_undecodable()
        print(f"Added `# noqa` for {_counted(count, 'finding')}.")
        return EXIT_CLEAN

    def _warn_of_undecodable(self) -> None:
        for diagnostic in self._undecodable:
            _warn(f"{diagnostic.path}: {diagnostic.message}.")

    def _show_files(self) -> int:
        for path in self._paths():
            print(printable(str(path)))
        return EXIT_CLEAN

    def _show_settings(self) -> int:
        settings = self._here
        print(printable(f"# From {settings.origin or 'no configuration file'}"))
        for name, option in options().items():
            print(f"{name} = {getattr(settings, option.name)!r}")
        codes = ", ".join(rule.code for rule in self._linter.book(settings).rules)
        print(f"# Rules: {codes}")
        return EXIT_CLEAN

    # The baseline

    def _baseline(self) -> Baseline | None:
        given = self._arguments.baseline
        if given is None and self._here.baseline:
            given = self._here.path(self._here.baseline)
        if given is None and self._arguments.write_baseline:
            raise SettingsError(
                '--write-baseline: where to? Set `baseline = "metaflow-baseline.json"`, or give '
                "--baseline FILE."
            )
        if not given:
            return None
        from lint_rules.baseline import Baseline

        return Baseline.read(given)

    # The report

    def _show(self, diagnostics: list[Diagnostic], mended: int) -> None:
        """Prints the report, and on standard error what happened where that is not plain."""
        arguments = self._arguments
        fixed_stdin = STDIN in arguments.paths and (arguments.fix or arguments.unsafe_fixes)
        stream: TextIO = sys.stderr if fixed_stdin else sys.stdout
        style = Style() if arguments.output_file else Style.of(stream)
        shown: list[str] = []
        if arguments.statistics:
            shown = list(_statistics(diagnostics, style))
        elif diagnostics or arguments.output_format not in FOR_PEOPLE:
            from lint_rules.report.base import Report, lines

            report = Report(diagnostics, self._source_of, self._rule_of, style)
            shown = list(lines(arguments.output_format, report))
        if arguments.output_format in FOR_PEOPLE and not (arguments.statistics and diagnostics):
            shown.append(self._summary(diagnostics, mended))
        text = "\n".join(shown) + "\n"
        if arguments.output_file:
            from lint_rules.write import write

            write(arguments.output_file, text.encode("utf-8", "backslashreplace"))
        else:
            stream.write(text)
            stream.flush()
        if not self._files and not self._unread:
            _warn("there are no Python files here, or all are excluded.")

    def _summary(self, diagnostics: list[Diagnostic], mended: int) -> str:
        if not self._files:
            return "Nothing was checked."
        if not self._relevant:
            files = _counted(self._files, "file")
            return f"All checks passed! ({files}, none of which uses Metaflow)"
        if not diagnostics:
            fixed = f"Fixed {_counted(mended, 'finding')}. " if mended else ""
            return f"{fixed}All checks passed!"
        found = f"Found {_counted(len(diagnostics), 'finding')}."
        if mended:
            total = _counted(len(diagnostics) + mended, "finding")
            found = f"Found {total} ({mended} fixed, {len(diagnostics)} remaining)."
        safe = sum(diagnostic.fixable for diagnostic in diagnostics)
        unsafe = sum(d.safety is not None and not d.fixable for d in diagnostics)
        if self._arguments.output_format == "full":
            found = f"The reasons: {RULES}\n{found}"
        offers = [f"[*] {safe} fixable with `--fix`"] if safe else []
        if unsafe and not self._arguments.unsafe_fixes:
            offers.append(f"{unsafe} {'more' if safe else 'fixable'} with `--unsafe-fixes`")
        return f"{found}\n{', '.join(offers)}." if offers else found

    def _rule_of(self, code: str) -> type[Rule] | None:
        return self._linter.book(self._here).known.get(code)

    def _source_of(self, diagnostic: Diagnostic) -> Source:
        from lint_rules.notebook import Notebook

        source = self._text_of(diagnostic.path)
        if isinstance(source, Notebook) and diagnostic.cell is not None:
            return source.cell(diagnostic.cell)
        return source

    def _text_of(self, path: str) -> Source:
        from lint_rules.notebook import SUFFIX, Notebook
        from lint_rules.source import CannotDecode, Source

        if path not in self._sources:
            # What was found in it by an earlier run, or by way of another file.
            file = Path(path)
            kind = Notebook if file.suffix == SUFFIX else Source
            try:
                self._sources[path] = kind.decode(file, file.read_bytes())
            except CannotDecode:
                self._sources[path] = Source(file, "")
        return self._sources[path]


def _unified(before: Source, after: Source) -> Iterator[str]:
    """The lines of a unified diff."""
    from difflib import unified_diff

    old, new = (source.text.splitlines(keepends=True) for source in (before, after))
    for line in unified_diff(old, new, str(before.path), str(after.path)):
        yield printable(line.rstrip("\r\n"))


def _statistics(diagnostics: list[Diagnostic], style: Style) -> Iterator[str]:
    """How often each rule found something, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = {d.code for d in diagnostics if d.fixable}
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        mark = "[*]" if code in fixable else "[ ]"
        yield f"{str(count).rjust(width)}  {style('red', code)}  {mark} {name}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _warn(message: str) -> None:
    label = Style.of(sys.stderr)("yellow", "warning")
    print(f"{label}: {printable(message)}", file=sys.stderr)


def _warn_of_stale(baseline: Baseline) -> None:
    stale = baseline.stale()
    if stale:
        entries = "".join(f"\n  {printable(line)}" for line in stale)
        label = Style.of(sys.stderr)("yellow", "warning")
        print(
            f"{label}: {printable(str(baseline.path))} knows "
            f"{_counted(len(stale), 'finding')} that "
            f"{'is' if len(stale) == 1 else 'are'} there no more; `--write-baseline` renews it:"
            f"{entries}",
            file=sys.stderr,
        )
