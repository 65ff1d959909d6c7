"""From paths to the map of the flows there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lint_rules.analysis.imports import ImportResolver
from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagrams.build import Given, Survey
from lint_rules.diagrams.diagnostics_overlay import Find
from lint_rules.diagrams.diagram import Link, Map
from lint_rules.engine.discovery import discover
from lint_rules.engine.linter import Linter
from lint_rules.engine.project_index import ProjectIndex
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import decoded, load, too_large
from lint_rules.model.flow import Flow
from lint_rules.model.project import Project
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.options import Settings
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.parse_cache import module_of
from lint_rules.workspace.file_descriptors import NotAFile, TooLarge
from lint_rules.workspace.named_files import read_named
from lint_rules.workspace.source import Source
from lint_rules.workspace.workspace import Workspace


class Finder:
    """Reads the projects of some paths and draws up their map.

    Args:
        paths: files and folders. What stands there is drawn, and what it is linked with.
        configuration: the settings of each file.
        base: the folder that paths are shown from.
    """

    def __init__(self, paths: Sequence[Path], configuration: Configuration, base: Path) -> None:
        self._paths = tuple(paths)
        self._configuration = configuration
        self._base = base
        settings = configuration.for_folder(Path.cwd())
        self.snapshot = Workspace(settings.max_file_size).snapshot()
        """The files as they are drawn."""
        self.unread: list[str] = []
        """A sentence for each file that could not be read, and is not on the map for that, and for
        each rule that failed on a file."""

    def map(self, *, with_findings: bool) -> Map:
        """The map.

        Raises:
            PathError: a path does not exist, or is neither file nor folder.
            SettingsError: a configuration cannot be used.
            RuleLoadError: a rule of the repository's own cannot be loaded.
        """
        projects = ProjectIndex(self.snapshot, self._paths)
        files = dict(self._relevant(projects))
        found = [(projects.of(path, settings), settings) for path, settings in files.items()]
        given = list({id(p): self._given(p, settings, files) for p, settings in found}.values())
        survey = Survey(self.snapshot, self._base, self._linter() if with_findings else None)
        shown = {survey.path(path) for path in files}
        return around(survey.map(given), shown)

    def _relevant(self, projects: ProjectIndex) -> Iterator[tuple[Path, Settings]]:
        """The files that can matter, with their settings; each is noted in its project."""
        for path in discover(self.snapshot, self._paths, self._configuration):
            if path.suffix != ".py":
                continue
            settings = self._configuration.for_file(path)
            try:
                source = self._source(path)
                if isinstance(source, Diagnostic):
                    self.unread.append(f"{path}: {source.message}.")
                    continue
                if source.text:
                    where = ImportResolver(
                        self.snapshot, path, settings.own_packages, settings.project
                    )
                    projects.note(module_of(source.text, where), source.text)
                    yield self.snapshot.real(path), settings
            except NotAFile:
                continue
            except OSError as error:
                self.unread.append(f"{path}: cannot read it: {error.strerror}.")
            except CannotRead as error:
                self.unread.append(f"{path}:{error.row}:{error.column}: cannot read it: {error}.")

    def _source(self, path: Path) -> Source | Diagnostic:
        """As `load`, of a file that was named or found."""
        if path not in self._paths:
            return load(path, self.snapshot)
        try:
            content = read_named(path, self.snapshot.workspace.largest)
        except TooLarge as error:
            return too_large(path, error)
        return decoded(path, content, self.snapshot)

    def _given(self, project: Project, settings: Settings, files: Iterable[Path]) -> Given:
        # `check` reads the flows of tests, too.
        tests = _of_tests(project, files)
        return Given(project, settings, _whole((*project.flows, *tests)))

    def _linter(self) -> Find:
        linter = Linter(all_rules(), self._paths, self.snapshot)

        def find(path: Path) -> list[Diagnostic]:
            source = load(path, self.snapshot)
            settings = self._configuration.for_file(path)
            if not isinstance(source, Source):
                return [source]
            found = linter.check(source, settings)
            failures = linter.incidents.failures
            self.unread += [failure for failure in failures if failure not in self.unread]
            return found

        return find


def _of_tests(project: Project, files: Iterable[Path]) -> tuple[Flow, ...]:
    """The flows of the tests among some files."""
    wanted = set(files)
    modules = [m for m in project.modules if m.resolver.path in wanted and project.is_test(m)]
    return _whole([flow for module in modules for flow in module.runnable])


def _whole(flows: Sequence[Flow]) -> tuple[Flow, ...]:
    """The flows but those that have only a part of the steps, for others to complete."""
    completed = {base.location for flow in flows for base in flow.lineage[1:]}
    return tuple(
        flow for flow in dict.fromkeys(flows) if flow.is_complete or flow.location not in completed
    )


def around(whole: Map, files: set[str]) -> Map:
    """The part of a map that stands in some files, with all that it is linked with."""
    here = {flow.id for flow in whole.flows if flow.range and flow.range.path in files}
    here |= {file.id for file in whole.files if file.path in files}
    events = {event.id for event in whole.events}
    heard = {end for link in whole.links if here & _ends(link) for end in _ends(link) & events}
    links = tuple(link for link in whole.links if (here | heard) & _ends(link))
    kept = here.union(*(_ends(link) for link in links))
    return Map(
        tuple(flow for flow in whole.flows if flow.id in kept),
        tuple(event for event in whole.events if event.id in kept),
        tuple(file for file in whole.files if file.id in kept),
        links,
    )


def _ends(link: Link) -> set[str]:
    return {link.source, link.target}
