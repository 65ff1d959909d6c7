"""What rules on projects find, by the files in which it is reported."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lint_rules.diagnostics.diagnostic import Finding, Related
from lint_rules.engine.incidents import Incidents
from lint_rules.settings.options import Settings
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.engine.project_index import ProjectIndex
    from lint_rules.model.project import Project
    from lint_rules.rules.base import Rule
    from lint_rules.workspace.snapshot import Snapshot

Placed: TypeAlias = tuple[
    dict["Path | None", list[Finding]], dict["Path | None", list[tuple[Finding, Related]]]
]
"""Findings of a project by the files that they are in, and by those of their other locations."""


class ProjectFindings:
    """The findings of rules on projects.

    Args:
        projects: the projects of the run.
        files: the files of the run by their resolved paths.
        snapshot: the files of now.
        incidents: learns of rules that fail.
    """

    def __init__(
        self,
        projects: ProjectIndex,
        files: Mapping[Path, Path],
        snapshot: Snapshot,
        incidents: Incidents,
    ) -> None:
        self._projects = projects
        self._files = files
        self._snapshot = snapshot
        self._incidents = incidents
        self._by_file: dict[tuple[Project, Rule], Placed] = {}

    def of_file(self, source: Source, settings: Settings, rules: list[Rule]) -> list[Finding]:
        """What rules on projects find that is reported in a file."""
        rules = [rule for rule in rules if rule.of_project]
        if not rules or not source.text or not self._projects.concern(source.path):
            return []
        project = self._projects.of(source.path, settings)
        here = self._snapshot.real(source.path)
        placed = [self._placed(project, rule) for rule in rules]
        shown = [finding for own, _ in placed for finding in own.get(here, ())]
        reported = {(finding.code, finding.location) for finding in shown}
        for _, others in placed:
            for finding, first in others.get(here, ()):
                if (finding.code, first.location) not in reported:
                    shown.append(finding.reported_at(first))
        return shown

    def _placed(self, project: Project, rule: Rule) -> Placed:
        """What a rule finds in a project, by the file that reports it: the finding's own file, or
        else that of its first related location in a file of the run."""
        known = self._by_file.get((project, rule))
        if known is not None:
            return known
        own: dict[Path | None, list[Finding]] = {}
        others: dict[Path | None, list[tuple[Finding, Related]]] = {}
        for finding in self._projects.findings(project, rule, self._incidents):
            own.setdefault(finding.location.file, []).append(finding)
            if finding.location.file in self._files:
                continue
            # One of the locations is enough: the first that can be shown.
            first = next((r for r in finding.related if r.location.file in self._files), None)
            if first is not None:
                others.setdefault(first.location.file, []).append((finding, first))
        self._by_file[project, rule] = own, others
        return own, others
