"""From a file to diagnostics: read, check, suppress, locate."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lint_rules.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    FileEdits,
    Finding,
    Fix,
    Related,
    RelatedLocation,
    TextEdit,
)
from lint_rules.diagnostics.suppression import UNUSED, Suppressions, added
from lint_rules.engine.cross_file import OtherFiles, gathered
from lint_rules.engine.fix_groups import FixGroup, FixGroups
from lint_rules.engine.incidents import Incidents, described
from lint_rules.engine.relevance import matters
from lint_rules.engine.results import Answer, Results, Subject, fingerprint
from lint_rules.engine.rule_set import RuleBook
from lint_rules.errors import CannotRun
from lint_rules.fixes.edits import CannotEdit, apply, resolve
from lint_rules.settings.groups import Group
from lint_rules.settings.options import Settings
from lint_rules.settings.selection import ignored_in, matches
from lint_rules.workspace.deadline import Cancelled
from lint_rules.workspace.file_system import TooLarge
from lint_rules.workspace.notebook import SUFFIX, Notebook
from lint_rules.workspace.source import CannotDecode, Position, Source
from lint_rules.workspace.workspace import Workspace

if TYPE_CHECKING:
    from lint_rules.engine.project_index import ProjectIndex
    from lint_rules.model.code import Location
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module
    from lint_rules.model.project import Project
    from lint_rules.rules.base import Rule
    from lint_rules.workspace.snapshot import Snapshot

Placed: TypeAlias = tuple[
    dict["Path | None", list[Finding]], dict["Path | None", list[tuple[Finding, Related]]]
]
"""Findings of a project by the files that they are in, and by those of their other locations."""

SYNTAX_ERROR = ("MF900", "syntax-error")


@dataclass(frozen=True)
class Examined:
    """What the rules say of a file, and its directives where it has any."""

    diagnostics: list[Diagnostic]
    suppressions: Suppressions | None


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
        self._files: dict[Path, Path] = {}
        self._groups: dict[tuple[Project, RuleBook], FixGroups] = {}
        self._by_file: dict[tuple[Project, Rule], Placed] = {}
        """What rules say of projects, by the files that it is shown in."""
        self.incidents = Incidents()
        """What went wrong so far, and what was left out for that."""
        self.warnings: dict[Path, list[str]] = {}
        """What to warn of in each file: comments that look like a `# noqa` and are none."""
        self._snapshot = snapshot or Workspace().snapshot()

    @property
    def snapshot(self) -> Snapshot:
        """The files that are checked, as they are at one moment."""
        return self._snapshot

    @snapshot.setter
    def snapshot(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._groups.clear()
        self._by_file.clear()
        for known in ("_projects", "_others"):
            self.__dict__.pop(known, None)

    @property
    def files(self) -> Mapping[Path, Path]:
        """The files of the run by their paths without links, each as it was given."""
        return self._files

    def expect(self, files: Iterable[Path], silent: Container[Path | None] = ()) -> None:
        """Says which files the run is about: what concerns several is told where they are.

        Args:
            files: the files.
            silent: those of them that say nothing of Metaflow; may grow while they are read.
        """
        self._files = given = {self._snapshot.real(file): file for file in files}
        self._by_file.clear()
        self._snapshot.know_without_metaflow(lambda path: given.get(path) in silent)
        self.__dict__.pop("_others", None)

    def gathered(self, diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The diagnostics of all files of a run, in order; see `lint_rules.engine.cross_file`."""
        return gathered(diagnostics, self._files, self._snapshot)

    @cached_property
    def _others(self) -> OtherFiles:
        return OtherFiles(self._files, self._snapshot)

    def check(self, source: Source, settings: Settings) -> list[Diagnostic]:
        """What the rules say of a file, in the order of its lines.

        Raises:
            SettingsError: a selector names no rule.
            RuleLoadError: a rule of the repository's own cannot be loaded.

        A rule that fails is left out; see `incidents`.
        """
        return self.examine(source, settings).diagnostics

    def check_all(
        self,
        sources: Iterable[Source],
        settings_of: Callable[[Source], Settings],
        results: Results | None = None,
    ) -> list[Diagnostic]:
        """What the rules say of the files of a run, in order. Raises as `check`.

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
        """What the rules say of files of one project."""
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
        """What is found, with what else there is to say of it."""
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
        rules = self.book(settings).rules_for(source)
        return self._judge(source, settings, [r for r in rules if not r.of_project]).diagnostics

    def _check_in_project(self, source: Source, settings: Settings) -> list[Diagnostic]:
        self._snapshot.deadline.check()
        rules = [rule for rule in self.book(settings).rules_for(source) if rule.of_project]
        try:
            # Most files have no such finding, and are not read for it.
            if not self._project_findings(source, settings, rules):
                return []
        except (CannotRun, Cancelled):
            raise
        except Exception as error:
            self.incidents.failed(source.path, "looking at its project", error)
            return []
        return self._judge(source, settings, rules).diagnostics

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
        return (
            str(source.path) != "-"
            and bool(source.text)
            and self.book(settings).has_project_rules
            and not isinstance(source, Notebook)
        )

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

    def examine(self, source: Source, settings: Settings) -> Examined:
        """As `check`, with the file's directives."""
        return self._judge(source, settings, self.book(settings).rules_for(source))

    def _judge(self, source: Source, settings: Settings, rules: list[Rule]) -> Examined:
        if not source.text:
            return Examined([], None)
        try:
            return self._judged(source, settings, rules)
        except (CannotRun, Cancelled):
            raise
        except Exception as error:
            # The other files are none the worse for it.
            self.incidents.failed(source.path, "looking at the file", error)
            return Examined([], None)

    def _judged(self, source: Source, settings: Settings, rules: list[Rule]) -> Examined:
        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.comments import comments_of
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import module_of

        path = None if str(source.path) == "-" else source.path
        resolver = ImportResolver(self._snapshot, path, settings.own_packages, settings.project)
        try:
            module = module_of(source.text, resolver)
        except CannotRead as error:
            return Examined([unreadable(source, str(error), error.row, error.column)], None)
        if self._is_of_projects(source, settings):
            self._projects.note(module, source.text)
        findings = _run(rules, module, source.path, self.incidents)
        findings += [(f, None) for f in self._project_findings(source, settings, rules)]
        self._note_limits(module, source.path)
        diagnostics: list[Diagnostic] = []
        for finding, flow in findings:
            if finding.location.file == resolver.path:
                diagnostics.append(self._locate(finding, source, settings))
            elif flow is not None:
                diagnostics += self._inherited(finding, flow, source, settings)
        said = None
        if "noqa" in source.text.lower():
            said = Suppressions(source, *comments_of(source.text))
            self.warnings[source.path] = said.warnings
            diagnostics = [d for d in diagnostics if not said.suppress(d.start.row, d.code)]
            if any(rule.code == UNUSED[0] for rule in rules):
                checked = {rule.code for rule in rules if _is_decided_by(module, rule)}
                diagnostics += said.unused(self.book(settings).knows, checked.__contains__)
        if isinstance(source, Notebook):
            diagnostics = [_in_cell(diagnostic, source) for diagnostic in diagnostics]
        return Examined(sorted(diagnostics, key=lambda diagnostic: diagnostic.order), said)

    def _note_limits(self, module: Module, path: Path) -> None:
        """Takes note of what is not known of a file, for it would take too long."""
        for note in module.notes:
            self.incidents.note(path, note)
        if module.budget.exhausted_by is not None:
            what = f"`{module.budget.exhausted_by}` is too complex to be looked at whole"
            self.incidents.note(path, what)

    def add_noqa(self, source: Source, settings: Settings, reason: str) -> tuple[Source, int]:
        """A file in which `# noqa` suppresses all that is found, and how many findings that were.

        Raises as `check`.
        """
        examined = self.examine(source, settings)
        wanted = [d for d in examined.diagnostics if d.code not in (SYNTAX_ERROR[0], UNUSED[0])]
        if not wanted or isinstance(source, Notebook):
            return source, 0

        from lint_rules.syntax.comments import comments_of

        said = examined.suppressions or Suppressions(source, *comments_of(source.text))
        changes = added(source, said, wanted, reason)
        return source.with_text(apply(source.text, changes)), len(wanted)

    @cached_property
    def _projects(self) -> ProjectIndex:
        from lint_rules.engine.project_index import ProjectIndex

        return ProjectIndex(self._snapshot, self._given)

    def _project_findings(
        self, source: Source, settings: Settings, rules: list[Rule]
    ) -> list[Finding]:
        """What rules on projects say of a file."""
        rules = [rule for rule in rules if rule.of_project]
        if not rules or not source.text or not self._projects.concern(source.path):
            return []
        project = self._projects.of(source.path, settings)
        here = self._snapshot.real(source.path)
        placed = [self._placed(project, rule) for rule in rules]
        shown = [finding for own, _ in placed for finding in own.get(here, ())]
        told = {(finding.code, finding.location) for finding in shown}
        for _, others in placed:
            for finding, first in others.get(here, ()):
                if (finding.code, first.location) not in told:
                    shown.append(finding.seen_from(first))
        return shown

    def _placed(self, project: Project, rule: Rule) -> Placed:
        """What a rule says of a project, by the files in which it is shown: where it stands, and
        else at the first of its other locations that is in a file of the run."""
        known = self._by_file.get((project, rule))
        if known is not None:
            return known
        own: dict[Path | None, list[Finding]] = {}
        others: dict[Path | None, list[tuple[Finding, Related]]] = {}
        for finding in self._projects.findings(project, rule, self.incidents):
            own.setdefault(finding.location.file, []).append(finding)
            if finding.location.file in self._files:
                continue
            # One of the locations is enough: the first that can be shown.
            first = next((r for r in finding.related if r.location.file in self._files), None)
            if first is not None:
                others.setdefault(first.location.file, []).append((finding, first))
        self._by_file[project, rule] = own, others
        return own, others

    def _locate(self, finding: Finding, source: Source, settings: Settings) -> Diagnostic:
        start, end = finding.location.range
        fix = finding.fix
        group = self._group(finding, source, settings)
        if group is None:
            edits, elsewhere = self._edits(fix, source, finding.location)
        else:
            edits, elsewhere = self._group_edits(group, finding.location.file)
        fix = fix if edits or elsewhere else None
        return Diagnostic(
            str(source.path),
            finding.code,
            finding.name,
            finding.message,
            finding.help,
            source.position(start),
            source.position(end),
            edits,
            fix.message if fix else None,
            fix.safety if fix else None,
            related=tuple(r for related in finding.related for r in self._related(related)),
            elsewhere=elsewhere,
            stands=next(self._related(finding.home), None) if finding.home else None,
            group=finding.group,
        )

    def _inherited(
        self, finding: Finding, flow: Flow, source: Source, settings: Settings
    ) -> list[Diagnostic]:
        """A finding in the file of a base flow, as it is told where the heir names the base."""
        try:
            other = self._others.of(finding.location)
            stands = other.related(finding.location, "inherited from here")
        except LookupError:
            return []
        ignored = ignored_in(other.source.path, settings)
        if other.suppresses(stands.start.row, finding.code) or matches(finding, ignored):
            return []
        owners = (o.module for o in flow.lineage if o.location.file == finding.location.file)
        way = flow.way_to(next(owners, flow.module))
        told = self._locate(replace(finding, location=way), source, settings)
        heirs = (told.path,)
        return [replace(told, related=(stands, *told.related), stands=stands, heirs=heirs)]

    def _group(self, finding: Finding, source: Source, settings: Settings) -> FixGroup | None:
        """The findings of the project that one is fixed together with, `None` where it is fixed
        alone."""
        if finding.fix is None or finding.joint is None or str(source.path) == "-":
            return None
        project = self._projects.of(source.path, settings)
        book = self.book(settings)
        groups = self._groups.get((project, book))
        if groups is None:
            groups = self._groups[project, book] = FixGroups(
                end
                for rule in book.joint_rules
                for module in project.modules
                for end in rule.ends(module)
            )
        return groups.of(finding)

    def _group_edits(
        self, group: FixGroup, file: Path | None
    ) -> tuple[tuple[TextEdit, ...], tuple[FileEdits, ...]]:
        """What the fixes of a group change in a file, and in others; nothing if they cannot
        change all."""
        if not group.is_resolved:
            group.is_resolved = True
            try:
                group.resolved = {
                    path: self._elsewhere(edits) for path, edits in group.by_file().items()
                }
            except (CannotEdit, LookupError):
                group.resolved = None
        return group.within(file), group.beside(file)

    def _elsewhere(self, edits: list[Edit]) -> FileEdits:
        """What edits change in their file. Raises `CannotEdit` or `LookupError` where they cannot
        be made."""
        other = self._others.of(edits[0].location)
        return FileEdits(other.source, resolve(edits, other.source))

    def _edits(
        self, fix: Fix | None, source: Source, at: Location
    ) -> tuple[tuple[TextEdit, ...], tuple[FileEdits, ...]]:
        """What a fix changes in the file of its finding, and in others; nothing if it cannot
        change all."""
        if fix is None:
            return (), ()
        beside: dict[Path | None, list[Edit]] = {}
        for edit in fix.edits:
            if edit.location.file != at.file:
                beside.setdefault(edit.location.file, []).append(edit)
        try:
            here = [edit for edit in fix.edits if edit.location.file == at.file]
            elsewhere = tuple(self._elsewhere(edits) for edits in beside.values())
            return resolve(here, source), elsewhere
        except (CannotEdit, LookupError):
            return (), ()

    def _related(self, related: Related) -> Iterator[RelatedLocation]:
        """Where a related place is: nothing where its file changed since it was read."""
        try:
            yield self._others.of(related.location).related(related.location, related.message)
        except LookupError:
            return

    def book(self, settings: Settings) -> RuleBook:
        """The rules that settings select. Raises as `check`."""
        known = self._books.get(id(settings))
        # Other settings may stand where some stood that are gone.
        if known is None or known[0] is not settings:
            known = self._books[id(settings)] = settings, RuleBook(self._all, settings)
        return known[1]


def _is_decided_by(module: Module, rule: Rule) -> bool:
    """Whether a file alone shows all that a rule finds in it: heirs elsewhere may show more."""
    from lint_rules.model.module import Module as WholeModule

    if rule.of_project:
        return False
    hands_on = not module.runnable or not all(flow.is_complete for flow in module.flows)
    return rule.subject() is WholeModule or not hands_on


def _run(
    rules: list[Rule], module: Module, path: Path, incidents: Incidents
) -> list[tuple[Finding, Flow | None]]:
    """What the rules on single files find, each with the flow that it was looking at."""
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module as WholeModule
    from lint_rules.model.step import Step

    flows = module.runnable
    found: list[tuple[Finding, Flow | None]] = []
    for rule in rules:
        subject = rule.subject()
        try:
            if subject is WholeModule:
                found += [(finding, None) for finding in rule.check(module)]
            elif subject is Flow:
                given = module.flows if rule.base_flows else flows
                found += [(finding, flow) for flow in given for finding in rule.check(flow)]
            elif subject is Step:
                steps = ((flow, step) for flow in flows for step in flow.steps)
                found += [(f, flow) for flow, step in steps for f in rule.check(step)]
        except Cancelled:
            raise
        except Exception as error:
            incidents.failed(path, described(rule), error)
    return found


def _in_cell(diagnostic: Diagnostic, notebook: Notebook) -> Diagnostic:
    """A diagnostic of a notebook's text as one of a cell, without its fix: cells are not edited."""
    cell, before = notebook.in_cell(diagnostic.start.row)
    return replace(
        diagnostic,
        cell=cell,
        start=Position(diagnostic.start.row - before, diagnostic.start.column),
        end=Position(diagnostic.end.row - before, diagnostic.end.column),
        edits=(),
        elsewhere=(),
        fix_message=None,
        safety=None,
    )


def unreadable(source: Source, reason: str, row: int = 1, column: int = 1) -> Diagnostic:
    """The diagnostic of a file that cannot be parsed."""
    row = min(row, len(source.line_starts))
    where = Position(row, min(column, len(source.line(row)) + 1))
    return Diagnostic(
        str(source.path),
        *SYNTAX_ERROR,
        f"The file cannot be read: {reason}",
        "mend this first; nothing else in the file was checked",
        where,
        where,
        group=Group.CORRECTNESS,
    )


def load(path: Path, snapshot: Snapshot) -> Source | Diagnostic:
    """A file's source, or the diagnostic that says why it has none.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        # A link to a file is in the folder in which it was found.
        content = snapshot.files(snapshot.real(path.parent)).read(path)
        return decoded(path, content, snapshot)
    except TooLarge as error:
        return too_large(path, error)


def too_large(path: Path, error: TooLarge) -> Diagnostic:
    """The diagnostic of a file that is too large to be read."""
    reason = f"{error.strerror}; the setting `max-file-size` says how many"
    return unreadable(Source(path, ""), reason)


def decoded(path: Path, content: bytes, snapshot: Snapshot) -> Source | Diagnostic:
    """The source of a file's bytes: without text where they cannot hold anything that matters."""
    if not matters(snapshot, path, content):
        return Source(path, "")
    return source_of(path, content)


def source_of(path: Path, content: bytes) -> Source | Diagnostic:
    """The source of the bytes of a file that can hold what matters."""
    try:
        return (Notebook if path.suffix == SUFFIX else Source).decode(path, content)
    except CannotDecode as error:
        return unreadable(Source(path, ""), str(error))
