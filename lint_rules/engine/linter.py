"""From a file to diagnostics: read, check, suppress, locate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagnostics.suppression import UNUSED, Suppressions, added
from lint_rules.engine.cross_file import OtherFiles, gathered
from lint_rules.engine.fix_groups import ProjectFixGroups
from lint_rules.engine.incidents import Incidents
from lint_rules.engine.locator import Locator, in_cell
from lint_rules.engine.project_findings import ProjectFindings
from lint_rules.engine.results import Answer, Results, Subject, fingerprint
from lint_rules.engine.rule_set import RuleBook
from lint_rules.engine.run_rules import is_decided_by, run_rules
from lint_rules.engine.sources import SYNTAX_ERROR, unreadable
from lint_rules.errors import CannotRun
from lint_rules.fixes.edits import apply
from lint_rules.settings.options import Settings
from lint_rules.workspace.deadline import Cancelled
from lint_rules.workspace.notebook import Notebook
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Finding
    from lint_rules.engine.project_index import ProjectIndex
    from lint_rules.model.module import Module
    from lint_rules.model.symbol import Symbol
    from lint_rules.rules.base import Rule
    from lint_rules.workspace.snapshot import Snapshot


class Linter:
    """Checks files with the rules that their settings select.

    Args:
        rules: all rules there are, but the repository's own, which the settings name.
        given: the paths that the run was given.
        snapshot: the files of now; `None` for those on the disk.
    """

    def __init__(
        self,
        rules: Iterable[type[Rule]],
        given: Iterable[Path] = (),
        snapshot: Snapshot | None = None,
    ) -> None:
        self._all = tuple(rules)
        self._given = tuple(given)
        self._books: dict[int, tuple[Settings, RuleBook]] = {}
        self._renamed: dict[str, str] = {}
        self._files: dict[Path, Path] = {}
        self.incidents = Incidents()
        """What went wrong so far, and what was left out for that."""
        self.warnings: dict[Path, list[str]] = {}
        """What to warn of in each file: comments that look like a `# noqa` and are none."""
        self.setting_warnings: dict[str, None] = {}
        """What to warn of in settings: selectors that should be changed."""
        self._snapshot = snapshot or Workspace().snapshot()

    @property
    def snapshot(self) -> Snapshot:
        """The files that are checked, as they are at one moment."""
        return self._snapshot

    @snapshot.setter
    def snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._forget("_projects", "_fix_groups", "_project_findings", "_locator")

    @property
    def files(self) -> Mapping[Path, Path]:
        """The files of the run by their paths without links, each as it was given."""
        return self._files

    def expect(self, files: Iterable[Path], silent: Container[Path | None] = ()) -> None:
        """Sets the files of the run, which decide where a finding in several files is reported.

        Args:
            files: the files.
            silent: those of them that do not mention Metaflow; may grow while they are read.
        """
        self._files = given = {self._snapshot.real(file): file for file in files}
        self._snapshot.know_without_metaflow(lambda path: given.get(path) in silent)
        self._forget("_project_findings", "_locator")

    def _forget(self, *cached: str) -> None:
        """Drops cached properties that other files or another snapshot change."""
        for name in cached:
            self.__dict__.pop(name, None)

    def gathered(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics of all files of a run, in order; see `lint_rules.engine.cross_file`."""
        return gathered(diagnostics, self._files, self._snapshot)

    def check(self, source: Source, settings: Settings) -> list[Diagnostic]:
        """The diagnostics of a file, in the order of its lines.

        Raises:
            SettingsError: a selector names no rule.
            RuleLoadError: a rule of the repository's own cannot be loaded.

        A rule that fails is left out; see `incidents`.
        """
        return self._check_file(source, settings, self.book(settings).rules_for(source))

    def check_all(
        self,
        sources: Iterable[Source],
        settings_of: Callable[[Source], Settings],
        results: Results | None = None,
    ) -> list[Diagnostic]:
        """The diagnostics of the files of a run, in order. Raises as `check`.

        Args:
            sources: the files.
            settings_of: the settings that hold for each.
            results: knows what was found before.
        """

        def root(source: Source) -> Path:
            return self._projects.root(source.path, settings_of(source))

        found: list[Diagnostic] = []
        for folder, group in groupby(sources, root):
            files = [(source, settings_of(source)) for source in group]
            found += self._check_group(folder, files, results)
        return self.gathered(found)

    def _check_group(
        self, root: Path, files: list[tuple[Source, Settings]], results: Results | None
    ) -> list[Diagnostic]:
        """The diagnostics of files of one project."""
        # Each is checked alone first, so that none is read again for the others' sake.
        if results is None:
            checks = (self._check_alone, self._check_in_project)
            return [found for check in checks for file in files for found in check(*file)]
        subjects = [self._subject(*file) for file in files]
        found: list[Diagnostic] = []
        known: list[tuple[Source, Settings]] = []
        for subject, (source, settings) in zip(subjects, files, strict=True):
            alone = partial(self._check_alone, source, settings)
            answer = results.answer(subject, partial(self._answer, alone, source))
            found += answer.diagnostics
            if answer.is_known:
                known.append((source, settings))
                if answer.warnings:
                    self.warnings[source.path] = answer.warnings

        def in_project() -> list[Diagnostic]:
            for file in known:
                self._note(*file)
            return [found for file in files for found in self._check_in_project(*file)]

        inputs = [str(root), [subject.inputs for subject in subjects]]
        project = Subject(f"project of {subjects[0].name}", inputs)
        return found + results.answer(project, lambda: self._answer(in_project)).diagnostics

    def _answer(self, find: Callable[[], list[Diagnostic]], source: Source | None = None) -> Answer:
        """What is found, with warnings and with whether everything was checked."""
        before = self.incidents.count
        found = find()
        warnings = self.warnings.get(source.path, []) if source else []
        return Answer(found, warnings, is_whole=self.incidents.count == before)

    def _subject(self, source: Source, settings: Settings) -> Subject:
        """A file with all that is given for checking it."""
        real = self._snapshot.real(source.path)
        book = self.book(settings)
        rules = [rule.code for rule in book.rules_for(source)]
        inputs = [str(real), fingerprint(vars(source)), rules, book.fingerprint]
        return Subject(f"file {source.path}", inputs, (real,))

    def _check_alone(self, source: Source, settings: Settings) -> list[Diagnostic]:
        self._snapshot.deadline.check()
        rules = [rule for rule in self.book(settings).rules_for(source) if not rule.of_project]
        found = self._check_file(source, settings, rules)
        if self._is_of_projects(source, settings):
            self._projects.release(source.path)
        return found

    def _check_in_project(self, source: Source, settings: Settings) -> list[Diagnostic]:
        self._snapshot.deadline.check()
        rules = [rule for rule in self.book(settings).rules_for(source) if rule.of_project]
        try:
            # Most files have no such finding, and are not read for it.
            if not self._project_findings.of_file(source, settings, rules):
                return []
        except (CannotRun, Cancelled):
            raise
        except Exception as error:
            self.incidents.failed(source.path, "looking at its project", error)
            return []
        return self._check_file(source, settings, rules)

    def _note(self, source: Source, settings: Settings) -> None:
        """Lets the projects know of a file that was not checked alone in this run."""
        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import module_of

        if not self._is_of_projects(source, settings):
            return
        path = source.path
        resolver = ImportResolver(self._snapshot, path, settings.own_packages, settings.project)
        with contextlib.suppress(CannotRead):
            self._projects.note(module_of(source.text, resolver), source.text)

    def _is_of_projects(self, source: Source, settings: Settings) -> bool:
        if str(source.path) == "-" or not source.text:
            return False
        book = self.book(settings)
        if isinstance(source, Notebook):
            return any(rule.of_project for rule in book.rules_for(source))
        return book.has_project_rules

    def can_read(self, source: Source) -> bool:
        """Whether a file's text is Python."""
        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import module_of

        try:
            path = None if str(source.path) == "-" else source.path
            module_of(source.text, ImportResolver(self._snapshot, path))
        except CannotRead:
            return False
        return True

    def _check_file(
        self, source: Source, settings: Settings, rules: list[Rule]
    ) -> list[Diagnostic]:
        if not source.text:
            return []
        try:
            return self._check_module(source, settings, rules)
        except (CannotRun, Cancelled):
            raise
        except Exception as error:
            # The other files are still checked.
            self.incidents.failed(source.path, "looking at the file", error)
            return []

    def _check_module(
        self, source: Source, settings: Settings, rules: list[Rule]
    ) -> list[Diagnostic]:
        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.comments import comments_of
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import module_of

        path = None if str(source.path) == "-" else source.path
        resolver = ImportResolver(self._snapshot, path, settings.own_packages, settings.project)
        try:
            module = module_of(source.text, resolver)
        except CannotRead as error:
            return [unreadable(source, str(error), error.row, error.column)]
        if self._is_of_projects(source, settings):
            self._projects.note(module, source.text)
        findings = run_rules(rules, module, source.path, self.incidents)
        findings += [(f, None) for f in self._project_findings.of_file(source, settings, rules)]
        self._note_limits(module, source.path)
        diagnostics: list[Diagnostic] = []
        for finding, flow in findings:
            symbol = _symbol(finding, module)
            if finding.location.file == resolver.path:
                diagnostics.append(self._locator.locate(finding, source, settings, symbol))
            elif flow is not None:
                diagnostics += self._locator.inherited(finding, flow, source, settings, symbol)
        if "noqa" in source.text.lower():
            suppressions = Suppressions(source, *comments_of(source.text), self._renamed)
            self.warnings[source.path] = suppressions.warnings
            diagnostics = [d for d in diagnostics if not suppressions.suppress(d.start.row, d.code)]
            if any(rule.code == UNUSED[0] for rule in rules):
                checked = {rule.code for rule in rules if is_decided_by(module, rule)}
                unused = suppressions.unused(self.book(settings).knows, checked.__contains__)
                diagnostics += [_in_scope(diagnostic, source, module) for diagnostic in unused]
        if isinstance(source, Notebook):
            diagnostics = [in_cell(diagnostic, source) for diagnostic in diagnostics]
        return sorted(diagnostics, key=lambda diagnostic: diagnostic.order)

    def _note_limits(self, module: Module, path: Path) -> None:
        """Takes note of what is not known of a file, for it would take too long."""
        for note in module.notes:
            self.incidents.note(path, note)
        if module.budget.exhausted_by is not None:
            what = f"`{module.budget.exhausted_by}` is too complex to be looked at whole"
            self.incidents.note(path, what)

    def add_noqa(
        self, source: Source, found: Iterable[Diagnostic], reason: str
    ) -> tuple[Source, list[Diagnostic]]:
        """A file in which `# noqa` suppresses what was found in it, and which diagnostics it does.

        Files that cannot be read, notebooks and directives themselves are left as they are.
        """
        wanted = [d for d in found if d.code not in (SYNTAX_ERROR[0], UNUSED[0])]
        if not wanted or isinstance(source, Notebook):
            return source, []

        from lint_rules.syntax.comments import comments_of

        suppressions = Suppressions(source, *comments_of(source.text))
        changes = added(source, suppressions, wanted, reason)
        return source.with_text(apply(source.text, changes)), wanted

    @cached_property
    def _projects(self) -> ProjectIndex:
        from lint_rules.engine.project_index import ProjectIndex

        return ProjectIndex(self._snapshot, self._given)

    @cached_property
    def _project_findings(self) -> ProjectFindings:
        return ProjectFindings(self._projects, self._files, self._snapshot, self.incidents)

    @cached_property
    def _fix_groups(self) -> ProjectFixGroups:
        return ProjectFixGroups(self._projects, self.book)

    @cached_property
    def _locator(self) -> Locator:
        return Locator(OtherFiles(self._files, self._snapshot, self._renamed), self._fix_groups.of)

    def book(self, settings: Settings) -> RuleBook:
        """The rules that settings select. Raises as `check`."""
        known = self._books.get(id(settings))
        # Other settings may stand where some stood that are gone.
        if known is None or known[0] is not settings:
            known = self._books[id(settings)] = settings, RuleBook(self._all, settings)
            self._renamed |= known[1].renamed
            self.setting_warnings |= dict.fromkeys(known[1].warnings)
        return known[1]


def _symbol(finding: Finding, module: Module) -> Symbol:
    """What a finding's own location is called; the file may be another than the checked one."""
    from lint_rules.model.symbol import Symbol, symbol_at
    from lint_rules.syntax.parse_cache import module_at

    location = finding.home.location if finding.home else finding.location
    file, own = location.file, module.resolver.path
    around = module if file == own or file is None else module_at(file, module.resolver)
    return Symbol() if around is None else symbol_at(around.body, location.range)


def _in_scope(diagnostic: Diagnostic, source: Source, module: Module) -> Diagnostic:
    """A diagnostic of a comment, with the scope that the comment is in."""
    from lint_rules.model.code import Range
    from lint_rules.model.symbol import symbol_at

    places = diagnostic.start, diagnostic.end
    start, end = (source.line_starts[place.row - 1] + place.column - 1 for place in places)
    scope = symbol_at(module.body, Range(start, end)).scope
    return replace(diagnostic, scope=scope, symbol=source.text[start:end])
