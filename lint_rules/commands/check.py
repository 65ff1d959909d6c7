"""`metaflow-lint check`."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO

from lint_rules.baseline import Baseline
from lint_rules.exits import EXIT_CLEAN, EXIT_FINDINGS, fail
from lint_rules.files import PathError, discover
from lint_rules.findings import Diagnostic, Safety
from lint_rules.linter import Linter, RuleError, decoded, load
from lint_rules.notebook import Notebook
from lint_rules.progress import watched
from lint_rules.registry import RuleLoadError, all_rules
from lint_rules.report import FOR_PEOPLE, Report, lines
from lint_rules.report.style import Style, printable
from lint_rules.settings import Configuration, Settings, SettingsError, option_fields
from lint_rules.source import Source
from lint_rules.write import write

STDIN = Path("-")
RULES = "https://github.com/org/template/tree/main/docs/rules"


def check(arguments: argparse.Namespace) -> int:
    """Checks the paths of a command line, or does to them what else it asks for."""
    try:
        run = _Run(arguments)
        status = run.run()
    except (PathError, SettingsError, RuleError, RuleLoadError) as error:
        return fail(str(error))
    except BrokenPipeError:
        raise
    except OSError as error:
        return fail(f"{error.filename or 'standard output'}: {error.strerror}.")
    # What could be read was reported; a run that left something out was no whole one.
    return fail("\n".join(run.unread)) if run.unread else status


class _Run:
    """One run over the paths given."""

    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
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
        self._linter = Linter(all_rules(), arguments.paths or [Path()])
        self._here = self._configuration.for_folder(Path.cwd())
        # What is wrong with the selection is said even if there is nothing to check.
        self._linter.book(self._here)
        self._sources: dict[str, Source] = {}
        self._files = self._relevant = 0
        self._unread: list[str] = []

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

    def _inputs(self) -> Iterator[Source | Diagnostic]:
        """The sources of the files that can matter, and diagnostics of those that have none."""
        if STDIN in self._arguments.paths:
            given = decoded(self._stdin_name, sys.stdin.buffer.read())
            if self._counts(given):
                yield given
        for path in watched(self._paths()):
            try:
                given = load(path)
            except OSError as error:
                self._unread.append(f"{path}: cannot read it: {error.strerror}.")
                continue
            if self._counts(given):
                yield given

    def _counts(self, given: Source | Diagnostic) -> bool:
        self._files += 1
        matters = isinstance(given, Diagnostic) or bool(given.text)
        self._relevant += matters
        return matters

    def _paths(self) -> Sequence[Path]:
        given = self._arguments.paths or [Path()]
        rest = [path for path in given if path != STDIN]
        force = self._arguments.force_exclude
        return list(discover(rest, self._configuration, force_exclude=force))

    @property
    def _stdin_name(self) -> Path:
        return self._arguments.stdin_filename or STDIN

    def _settings(self, source: Source) -> Settings:
        return self._configuration.for_file(source.path)

    # Modes

    def _check(self) -> int:
        fixes = self._arguments.fix or self._arguments.unsafe_fixes
        diagnostics: list[Diagnostic] = []
        baseline = self._baseline()
        mended = 0
        alone: list[Source] = []
        for given in self._inputs():
            if isinstance(given, Diagnostic):
                diagnostics.append(given)
                continue
            source, found = given, None
            if fixes:
                source, found, count = self._mend(given)
                mended += count
            else:
                found = self._linter.check_alone(given, self._settings(given))
                alone.append(given)
            if baseline:
                baseline.saw(source.path, self._linter.book(self._settings(source)).checks)
            if found:
                # The report quotes these; the others can go.
                self._sources[str(source.path)] = source
            diagnostics += found
        for source in alone:
            found = self._linter.check_in_project(source, self._settings(source))
            if found:
                self._sources[str(source.path)] = source
            diagnostics += found
        diagnostics.sort(key=lambda diagnostic: diagnostic.order)
        if baseline and self._arguments.write_baseline:
            count = baseline.write(diagnostics, self._text_of)
            print(f"Wrote {_counted(count, 'finding')} to {baseline.path}.")
            return EXIT_CLEAN
        if baseline:
            diagnostics = baseline.new(diagnostics, self._text_of)
        self._show(diagnostics, mended)
        if baseline:
            _warn_of_stale(baseline)
        return EXIT_FINDINGS if diagnostics and not self._arguments.exit_zero else EXIT_CLEAN

    def _mend(self, source: Source) -> tuple[Source, list[Diagnostic], int]:
        """Mends a file where it stands; standard input comes out again on standard output."""
        safeties = {Safety.SAFE, *([Safety.UNSAFE] if self._arguments.unsafe_fixes else [])}
        fixed = self._linter.fix(source, self._settings(source), safeties)
        if fixed.problem:
            _warn(f"{source.path}: {fixed.problem}.")
        if source.path == self._stdin_name and STDIN in self._arguments.paths:
            sys.stdout.buffer.write(fixed.source.encode(fixed.source.text))
            sys.stdout.flush()
        elif fixed.source.text != source.text:
            write(source.path, fixed.source.encode(fixed.source.text))
        return fixed.source, fixed.remaining, fixed.count

    def _diff(self) -> int:
        safeties = {Safety.SAFE, *([Safety.UNSAFE] if self._arguments.unsafe_fixes else [])}
        count = 0
        for given in self._inputs():
            if isinstance(given, Diagnostic):
                _warn(f"{given.path}: {given.message}.")
                continue
            fixed = self._linter.fix(given, self._settings(given), safeties)
            count += fixed.count
            for line in _unified(given, fixed.source):
                print(line)
        if count:
            print(f"Would fix {_counted(count, 'finding')}.", file=sys.stderr)
        else:
            print("No fixes would be made.", file=sys.stderr)
        return EXIT_FINDINGS if count and not self._arguments.exit_zero else EXIT_CLEAN

    def _add_noqa(self, reason: str) -> int:
        count = 0
        for given in self._inputs():
            if isinstance(given, Diagnostic):
                _warn(f"{given.path}: {given.message}.")
                continue
            changed, added = self._linter.add_noqa(given, self._settings(given), reason)
            if added:
                write(given.path, changed.encode(changed.text))
            count += added
        print(f"Added `# noqa` for {_counted(count, 'finding')}.")
        return EXIT_CLEAN

    def _show_files(self) -> int:
        for path in self._paths():
            print(printable(str(path)))
        return EXIT_CLEAN

    def _show_settings(self) -> int:
        settings = self._here
        print(f"# From {settings.origin or 'no configuration file'}")
        for name, known in option_fields().items():
            print(f"{name} = {getattr(settings, known.name)!r}")
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
        return Baseline.read(given) if given else None

    # The report

    def _show(self, diagnostics: list[Diagnostic], mended: int) -> None:
        """Prints the report, and on standard error what happened where that is not plain."""
        arguments = self._arguments
        fixed_stdin = STDIN in arguments.paths and (arguments.fix or arguments.unsafe_fixes)
        stream: TextIO = sys.stderr if fixed_stdin else sys.stdout
        style = Style() if arguments.output_file else Style.of(stream)
        known = self._linter.book(self._here).known
        report = Report(diagnostics, self._source_of, known.get, style)
        if arguments.statistics:
            shown = list(_statistics(diagnostics, report))
        else:
            shown = list(lines(arguments.output_format, report))
        if arguments.output_format in FOR_PEOPLE and not (arguments.statistics and diagnostics):
            shown.append(self._summary(diagnostics, mended))
        text = "\n".join(shown) + "\n"
        if arguments.output_file:
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
        unsafe = sum(diagnostic.safety is Safety.UNSAFE for diagnostic in diagnostics)
        if self._arguments.output_format == "full":
            found = f"The reasons: {RULES}\n{found}"
        offers = [f"[*] {safe} fixable with `--fix`"] if safe else []
        if unsafe and not self._arguments.unsafe_fixes:
            offers.append(f"{unsafe} {'more' if safe else 'fixable'} with `--unsafe-fixes`")
        return f"{found}\n{', '.join(offers)}." if offers else found

    def _source_of(self, diagnostic: Diagnostic) -> Source:
        source = self._text_of(diagnostic.path)
        if isinstance(source, Notebook) and diagnostic.cell is not None:
            return source.cell(diagnostic.cell)
        return source

    def _text_of(self, path: str) -> Source:
        return self._sources.get(path) or Source(Path(path), "")


def _unified(before: Source, after: Source) -> Iterator[str]:
    """The lines of a unified diff."""
    from difflib import unified_diff

    old, new = (source.text.splitlines(keepends=True) for source in (before, after))
    for line in unified_diff(old, new, str(before.path), str(after.path)):
        yield printable(line.rstrip("\r\n"))


def _statistics(diagnostics: list[Diagnostic], report: Report) -> Iterator[str]:
    """How often each rule found something, the most frequent first."""
    counts = Counter((diagnostic.code, diagnostic.name) for diagnostic in diagnostics)
    fixable = {d.code for d in diagnostics if d.fixable}
    width = len(str(max(counts.values(), default=0)))
    for (code, name), count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        mark = "[*]" if code in fixable else "[ ]"
        yield f"{str(count).rjust(width)}  {report.style('red', code)}  {mark} {name}"


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
            f"{label}: {baseline.path} knows {_counted(len(stale), 'finding')} that "
            f"{'is' if len(stale) == 1 else 'are'} there no more; `--write-baseline` renews it:"
            f"{entries}",
            file=sys.stderr,
        )
