"""`metaflow-lint check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from lint_rules.cli import EXIT_CLEAN, EXIT_FINDINGS, fail
from lint_rules.files import PathError, discover
from lint_rules.findings import Diagnostic
from lint_rules.linter import Linter, RuleError, decoded, load
from lint_rules.registry import all_rules, find_rule
from lint_rules.report import concise, full, json
from lint_rules.report.style import Style
from lint_rules.selection import check_selector
from lint_rules.settings import Configuration, SettingsError
from lint_rules.source import Source

STDIN = Path("-")


def check(arguments: argparse.Namespace) -> int:
    """Checks the paths of a command line and prints what was found."""
    try:
        overrides = _overrides(arguments)
        configuration = Configuration(overrides, isolated=arguments.isolated)
        run = _Run(configuration, arguments)
        diagnostics = sorted(run.diagnostics(), key=lambda diagnostic: diagnostic.order)
    except (PathError, SettingsError, RuleError) as error:
        return fail(str(error))
    except OSError as error:
        return fail(f"{error.filename}: cannot read it: {error.strerror}.")
    run.show(diagnostics)
    return EXIT_FINDINGS if diagnostics else EXIT_CLEAN


def _overrides(arguments: argparse.Namespace) -> dict[str, tuple[str, ...]]:
    """The settings that the command line gives."""
    given: dict[str, tuple[str, ...]] = {}
    for name in ("select", "extend_select", "ignore"):
        groups = getattr(arguments, name)
        if groups is not None:
            given[name] = tuple(code for group in groups for code in group)
            for code in given[name]:
                try:
                    check_selector(code, all_rules())
                except SettingsError as error:
                    raise SettingsError(f"--{name.replace('_', '-')}: {error}") from error
    return given


class _Run:
    """One run over the paths given."""

    def __init__(self, configuration: Configuration, arguments: argparse.Namespace) -> None:
        self._configuration = configuration
        self._arguments = arguments
        self._linter = Linter(all_rules())
        self._sources: dict[str, Source] = {}
        self._files = self._relevant = 0

    def diagnostics(self) -> Iterator[Diagnostic]:
        for given in self._inputs():
            self._files += 1
            self._relevant += isinstance(given, Diagnostic) or bool(given.text)
            if isinstance(given, Diagnostic):
                yield given
                continue
            found = self._linter.check(given, self._configuration.for_file(given.path))
            if found:
                # The report quotes these; the others can go.
                self._sources[str(given.path)] = given
            yield from found

    def _inputs(self) -> Iterator[Source | Diagnostic]:
        paths: Iterable[Path] = self._arguments.paths or [Path()]
        force = self._arguments.force_exclude
        if STDIN in paths:
            yield _standard_input()
        rest = [path for path in paths if path != STDIN]
        for path in discover(rest, self._configuration, force_exclude=force):
            yield load(path)

    def show(self, diagnostics: list[Diagnostic]) -> None:
        """Prints the report, and on standard error what happened where that is not plain."""
        style = Style.of(sys.stdout)
        kind = self._arguments.output_format
        if kind == "json":
            lines = json.report(diagnostics, self._source_of, _url_of)
        elif kind == "concise":
            lines = concise.report(diagnostics, style)
        else:
            lines = full.report(diagnostics, style, self._source_of)
        for line in lines:
            print(line)
        if kind != "json":
            print(self._summary(diagnostics))
        if not self._files:
            print("warning: there are no Python files here.", file=sys.stderr)

    def _summary(self, diagnostics: list[Diagnostic]) -> str:
        if not self._files:
            return "Nothing was checked."
        if not self._relevant:
            files = "1 file" if self._files == 1 else f"{self._files} files"
            return f"All checks passed! ({files}, none of which uses Metaflow)"
        if not diagnostics:
            return "All checks passed!"
        count = len(diagnostics)
        found = f"Found {count} finding{'s' if count > 1 else ''}."
        fixable = sum(diagnostic.fixable for diagnostic in diagnostics)
        return f"{found}\n[*] {fixable} fixable with `--fix`." if fixable else found

    def _source_of(self, path: str) -> Source:
        return self._sources.get(path) or Source(Path(path), "")


def _standard_input() -> Source | Diagnostic:
    return decoded(STDIN, sys.stdin.buffer.read())


def _url_of(code: str) -> str | None:
    rule = find_rule(code)
    return rule.url() if rule else None
