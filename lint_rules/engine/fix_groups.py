"""The findings of a project that are fixed together or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import Edit, FileEdits, Finding, TextEdit
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.engine.project_index import ProjectIndex
    from lint_rules.engine.rule_set import RuleBook
    from lint_rules.model.project import Project


@dataclass(eq=False)
class FixGroup:
    """Findings that share names, directly or through others.

    Attributes:
        edits: those of all their fixes; `None` if one of them has no fix, or one of another
            form, so that none can be made.
        resolved: what the edits come to in each file, by file, once it was found
            out; `None` if that failed.
    """

    edits: tuple[Edit, ...] | None
    resolved: dict[Path | None, FileEdits] | None = None
    is_resolved: bool = False

    def by_file(self) -> dict[Path | None, list[Edit]]:
        """The edits by their files."""
        found: dict[Path | None, list[Edit]] = {}
        for edit in self.edits or ():
            found.setdefault(edit.location.file, []).append(edit)
        return found

    def beside(self, file: Path | None) -> tuple[FileEdits, ...]:
        """What the edits come to in other files than one."""
        return tuple(e for path, e in (self.resolved or {}).items() if path != file)

    def within(self, file: Path | None) -> tuple[TextEdit, ...]:
        """What the edits come to in a file."""
        edits = (self.resolved or {}).get(file)
        return edits.edits if edits else ()


class FixGroups:
    """The groups of a project's findings, put together once.

    Args:
        findings: those that rules with joint fixes make of all files of the project.
    """

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._leader: dict[str, str] = {}
        self._findings: dict[str, list[Finding]] = {}
        self._groups: dict[str, FixGroup] = {}
        given = [(f, f.joint.names) for f in dict.fromkeys(findings) if f.joint and f.joint.names]
        for _, names in given:
            first = self._lead(next(iter(names)))
            for name in names:
                self._leader[self._lead(name)] = first
        self._known = {finding for finding, _ in given}
        for finding, names in given:
            self._findings.setdefault(self._lead(next(iter(names))), []).append(finding)

    def of(self, finding: Finding) -> FixGroup:
        """The group of a finding."""
        names = finding.joint.names if finding.joint else frozenset()
        leaders = sorted({self._lead(name) for name in names})
        known = [other for leader in leaders for other in self._findings.get(leader, ())]
        if len(leaders) != 1 or finding not in self._known:
            # It is in none of the project's files: in a notebook, perhaps.
            return _together([finding, *known])
        if leaders[0] not in self._groups:
            self._groups[leaders[0]] = _together(known)
        return self._groups[leaders[0]]

    def _lead(self, name: str) -> str:
        """The name that stands for all that belong together with one."""
        way = [name]
        while (leader := self._leader.setdefault(way[-1], way[-1])) != way[-1]:
            way.append(leader)
        for passed in way:
            self._leader[passed] = way[-1]
        return way[-1]


class ProjectFixGroups:
    """The groups of all projects of a run, each project's put together when it is first needed.

    Args:
        projects: the projects.
        book: the rules that settings select.
    """

    def __init__(self, projects: ProjectIndex, book: Callable[[Settings], RuleBook]) -> None:
        self._projects = projects
        self._book = book
        self._groups: dict[tuple[Project, RuleBook], FixGroups] = {}

    def of(self, finding: Finding, source: Source, settings: Settings) -> FixGroup | None:
        """The group of a finding in a file; `None` if the finding is fixed alone."""
        if finding.fix is None or finding.joint is None or str(source.path) == "-":
            return None
        project = self._projects.of(source.path, settings)
        book = self._book(settings)
        groups = self._groups.get((project, book))
        if groups is None:
            groups = self._groups[project, book] = FixGroups(
                end
                for rule in book.joint_rules
                for module in project.modules
                for end in rule.ends(module)
            )
        return groups.of(finding)


def _together(findings: list[Finding]) -> FixGroup:
    forms = {finding.joint.form for finding in findings if finding.joint}
    if len(forms) > 1 or any(finding.fix is None for finding in findings):
        return FixGroup(None)
    edits = (edit for finding in findings for edit in (finding.fix.edits if finding.fix else ()))
    return FixGroup(tuple(dict.fromkeys(edits)))
