"""From a file to diagnostics: read, check, suppress, locate; and mend."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import (
    Diagnostic,
    Edit,
    FileEdits,
    Finding,
    Fix,
    Joint,
    Related,
    RelatedLocation,
    Safety,
    TextEdit,
)
from lint_rules.diagnostics.suppression import UNUSED, Suppressions, added
from lint_rules.engine.cross_file import OtherFiles, gathered, same_file
from lint_rules.engine.results import Answer, Results, Subject, fingerprint
from lint_rules.engine.rule_set import RuleBook
from lint_rules.errors import CannotRun
from lint_rules.fixes.edits import CannotEdit, apply, compatible, resolve
from lint_rules.model.code import FILE
from lint_rules.settings.options import Settings
from lint_rules.settings.selection import ignored_in, matches
from lint_rules.workspace.discovery import matters
from lint_rules.workspace.file_system import TooLarge
from lint_rules.workspace.notebook import SUFFIX, Notebook
from lint_rules.workspace.source import CannotDecode, Location, Source
from lint_rules.workspace.workspace import Workspace

if TYPE_CHECKING:
    from lint_rules.engine.project_index import ProjectIndex
    from lint_rules.model.flow import Flow
    from lint_rules.model.module import Module
    from lint_rules.model.project import Project
    from lint_rules.rules.base import Rule
    from lint_rules.syntax.parse_cache import LaterPositions
    from lint_rules.workspace.snapshot import Snapshot

SYNTAX_ERROR = ("MF900", "syntax-error")
MOST_PASSES = 20


class RuleError(CannotRun):
    """A rule failed on a file; the message names both."""


@dataclass(frozen=True)
class Examined:
    """What the rules say of a file, and its directives where it has any."""

    diagnostics: list[Diagnostic]
    suppressions: Suppressions | None


@dataclass(frozen=True)
class Fixed:
    """What mending made of a file.

    Attributes:
        source: the mended file.
        remaining: what is still to be said of it.
        count: how many fixes were made.
        problem: why mending stopped early, if it did.
    """

    source: Source
    remaining: list[Diagnostic]
    count: int
    problem: str | None = None


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
            RuleError: a rule failed.
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
        in_project = partial(self._check_in_project, files)
        # Each is checked alone first, so that none is read again for the others' sake.
        if results is None:
            alone = (self._check_alone(*file) for file in files)
            return [*chain.from_iterable(alone), *in_project()]
        subjects = [self._subject(*file) for file in files]
        found: list[Diagnostic] = []
        for subject, (source, settings) in zip(subjects, files, strict=True):
            answer = results.answer(subject, partial(self._answer, source, settings))
            found += answer.diagnostics
            if answer.warnings:
                self.warnings[source.path] = answer.warnings
        inputs = [str(root), [subject.inputs for subject in subjects]]
        project = Subject(f"project of {subjects[0].name}", inputs)
        return found + results.answer(project, lambda: Answer(in_project(), [])).diagnostics

    def _answer(self, source: Source, settings: Settings) -> Answer:
        found = self._check_alone(source, settings)
        return Answer(found, self.warnings.get(source.path, []))

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

    def _check_in_project(self, files: list[tuple[Source, Settings]]) -> list[Diagnostic]:
        found: list[Diagnostic] = []
        for source, settings in files:
            self._note(source, settings)
        for source, settings in files:
            self._snapshot.deadline.check()
            rules = [rule for rule in self.book(settings).rules_for(source) if rule.of_project]
            # Most files have no such finding, and are not read for it.
            if self._project_findings(source, settings, rules):
                found += self._judge(source, settings, rules).diagnostics
        return found

    def _note(self, source: Source, settings: Settings) -> None:
        """Lets the projects know of a file that was not checked alone in this run."""
        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import is_unreadable, module_of

        if not self._is_of_projects(source, settings):
            return
        around = ImportResolver(
            self._snapshot, source.path, settings.own_packages, settings.project
        )
        if not is_unreadable(source.text, around):
            with contextlib.suppress(CannotRead):
                self._projects.note(module_of(source.text, around), source.text)

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

        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.errors import CannotRead
        from lint_rules.syntax.parse_cache import LaterPositions, module_of

        path = None if str(source.path) == "-" else source.path
        resolver = ImportResolver(self._snapshot, path, settings.own_packages, settings.project)
        try:
            module = module_of(source.text, resolver)
        except CannotRead as error:
            return Examined([unreadable(source, str(error), error.row, error.column)], None)
        if self._is_of_projects(source, settings):
            self._projects.note(module, source.text)
        positions = LaterPositions(source.text, resolver)
        findings = _run(rules, module, source.path)
        findings += [(f, None) for f in self._project_findings(source, settings, rules)]
        diagnostics: list[Diagnostic] = []
        for finding, flow in findings:
            if positions.hold(finding.place):
                diagnostics.append(self._locate(finding, source, positions, settings))
            elif flow is not None:
                diagnostics += self._inherited(finding, flow, source, positions, settings)
        said = None
        if "noqa" in source.text.lower():
            said = Suppressions(source, positions.comments(), positions.multiline_strings())
            self.warnings[source.path] = said.warnings
            diagnostics = [d for d in diagnostics if not said.suppress(d.start.row, d.code)]
            if any(rule.code == UNUSED[0] for rule in rules):
                checked = {rule.code for rule in rules if _is_decided_by(module, rule)}
                diagnostics += said.unused(self.book(settings).knows, checked.__contains__)
        if isinstance(source, Notebook):
            diagnostics = [source.locate(diagnostic) for diagnostic in diagnostics]
        return Examined(sorted(diagnostics, key=lambda diagnostic: diagnostic.order), said)

    def fix(self, source: Source, settings: Settings, safeties: set[Safety]) -> Fixed:
        """Mends a file: applies fixes and reads again until nothing changes.

        A change that leaves a file that cannot be read is thrown away. Raises as `check`.
        """
        count = 0
        diagnostics = self.check(source, settings)
        for _ in range(MOST_PASSES):
            own = (d for d in diagnostics if d.edits and not d.elsewhere)
            groups = [d.edits for d in own if d.safety in safeties]
            changes, applied = compatible(groups)
            if not changes:
                return Fixed(source, diagnostics, count)
            mended = source.with_text(apply(source.text, changes))
            after = self.check(mended, settings)
            if any(d.code == SYNTAX_ERROR[0] for d in after):
                problem = "a fix would have broken the syntax, and was not made"
                return Fixed(source, diagnostics, count, problem)
            source, diagnostics, count = mended, after, count + applied
        problem = f"the fixes did not come to an end after {MOST_PASSES} passes"
        return Fixed(source, diagnostics, count, problem)

    def add_noqa(self, source: Source, settings: Settings, reason: str) -> tuple[Source, int]:
        """A file in which `# noqa` suppresses all that is found, and how many findings that were.

        Raises as `check`.
        """
        examined = self.examine(source, settings)
        wanted = [d for d in examined.diagnostics if d.code not in (SYNTAX_ERROR[0], UNUSED[0])]
        if not wanted or isinstance(source, Notebook):
            return source, 0

        from lint_rules.analysis.imports import ImportResolver
        from lint_rules.syntax.read import read

        said = examined.suppressions
        if said is None:
            _, positions = read(source.text, ImportResolver(self._snapshot))
            said = Suppressions(source, positions.comments(), positions.multiline_strings())
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
        from lint_rules.analysis.imports import ImportResolver, numbers_of

        project = self._projects.of(source.path, settings)
        here = ImportResolver(self._snapshot, source.path).first_place
        file_of = numbers_of(self._snapshot).file_of
        found = [f for rule in rules for f in _run_on_project(rule, project, self._projects)]
        shown = [finding for finding in found if same_file(finding.place, here)]
        told = {(finding.code, finding.place) for finding in shown}
        for finding in found:
            if file_of(finding.place) in self._files:
                continue
            # One of the places is enough: the first that can be shown.
            given = (r for r in finding.related if file_of(r.place) in self._files)
            first = next(given, None)
            is_here = first is not None and same_file(first.place, here)
            if first and is_here and (finding.code, first.place) not in told:
                shown.append(finding.seen_from(first))
        return shown

    def _locate(
        self, finding: Finding, source: Source, positions: LaterPositions, settings: Settings
    ) -> Diagnostic:
        start, end = positions.span(finding.place)
        fix = finding.fix
        if fix is not None and finding.joint is not None:
            fix = self._joint_fix(finding, source, settings)
        edits, elsewhere = self._edits(fix, source, positions)
        fix = fix if edits or elsewhere else None
        return Diagnostic(
            str(source.path),
            finding.code,
            finding.name,
            finding.message,
            finding.help,
            source.location(start),
            source.location(end),
            edits,
            fix.message if fix else None,
            fix.safety if fix else None,
            related=tuple(r for related in finding.related for r in self._related(related)),
            elsewhere=elsewhere,
            stands=next(self._related(finding.home), None) if finding.home else None,
        )

    def _inherited(
        self,
        finding: Finding,
        flow: Flow,
        source: Source,
        positions: LaterPositions,
        settings: Settings,
    ) -> list[Diagnostic]:
        """A finding in the file of a base flow, as it is told where the heir names the base."""
        try:
            other = self._others.of(finding.place)
            stands = other.location(finding.place, "inherited from here")
        except LookupError:
            return []
        ignored = ignored_in(other.source.path, settings)
        if other.suppresses(stands.start.row, finding.code) or matches(finding.code, ignored):
            return []
        owners = (o.module for o in flow.lineage if same_file(o.place, finding.place))
        way = flow.way_to(next(owners, flow.module))
        told = self._locate(replace(finding, place=way), source, positions, settings)
        heirs = (told.path,)
        return [replace(told, related=(stands, *told.related), stands=stands, heirs=heirs)]

    def _joint_fix(self, finding: Finding, source: Source, settings: Settings) -> Fix | None:
        """The fix of a finding with those of all others in the project that belong to it, `None`
        where one of them has none, or one that does not fit."""
        fix, joint = finding.fix, finding.joint
        if fix is None or joint is None or str(source.path) == "-":
            return fix
        project = self._projects.of(source.path, settings)
        book = self.book(settings)
        others = [
            other
            for rule in book.joint_rules
            for module in project.modules
            for other in rule.ends(module)
        ]
        together: dict[Finding, Joint] = {finding: joint}
        names = set(joint.names)
        while True:
            more = {o: o.joint for o in others if o.joint and not names.isdisjoint(o.joint.names)}
            if more.keys() <= together.keys():
                break
            together |= more
            names.update(*(other.names for other in more.values()))
        if any(o.fix is None or j.form != joint.form for o, j in together.items()):
            return None
        edits = dict.fromkeys(edit for o in together for edit in (o.fix.edits if o.fix else ()))
        return replace(fix, edits=tuple(edits))

    def _edits(
        self, fix: Fix | None, source: Source, positions: LaterPositions
    ) -> tuple[tuple[TextEdit, ...], tuple[FileEdits, ...]]:
        """What a fix changes in a file, and in others; nothing if it cannot change all."""
        if fix is None:
            return (), ()
        beside: dict[int, list[Edit]] = {}
        for edit in fix.edits:
            if not positions.hold(edit.place):
                beside.setdefault(edit.place // FILE, []).append(edit)
        try:
            here = [edit for edit in fix.edits if positions.hold(edit.place)]
            elsewhere: list[FileEdits] = []
            for edits in beside.values():
                other = self._others.of(edits[0].place)
                changes = resolve(edits, other.source, other.positions)
                elsewhere.append(FileEdits(other.source, changes))
            return resolve(here, source, positions), tuple(elsewhere)
        except (CannotEdit, LookupError):
            return (), ()

    def _related(self, related: Related) -> Iterator[RelatedLocation]:
        """Where a related place is: nothing where its file changed since it was read."""
        try:
            yield self._others.of(related.place).location(related.place, related.message)
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


def _run(rules: list[Rule], module: Module, path: Path) -> list[tuple[Finding, Flow | None]]:
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
        except Exception as error:
            raise _failed(rule, path, error) from error
    return found


def _run_on_project(rule: Rule, project: Project, projects: ProjectIndex) -> list[Finding]:
    try:
        return projects.findings(project, rule)
    except Exception as error:
        raise _failed(rule, project.root, error) from error


def _failed(rule: Rule, path: Path, error: Exception) -> RuleError:
    told = f"{type(error).__name__}: {error}"
    return RuleError(f"{path}: the rule {rule.code} ({rule.name}) failed: {told}")


def unreadable(source: Source, reason: str, row: int = 1, column: int = 1) -> Diagnostic:
    """The diagnostic of a file that cannot be parsed."""
    row = min(row, len(source.line_starts))
    where = Location(row, min(column, len(source.line(row)) + 1))
    return Diagnostic(
        str(source.path),
        *SYNTAX_ERROR,
        f"The file cannot be read: {reason}",
        "mend this first; nothing else in the file was checked",
        where,
        where,
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
