"""From a file to its project: where it begins, and which other files are read for it."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.analysis.imports import ImportResolver
from lint_rules.diagnostics.diagnostic import Finding
from lint_rules.engine.discovery import below
from lint_rules.engine.incidents import Incidents, described
from lint_rules.engine.relevance import can_matter, concerns_projects, derives_from_flows
from lint_rules.model.project import Project
from lint_rules.settings.options import PYPROJECT, Settings
from lint_rules.workspace.deadline import Cancelled
from lint_rules.workspace.file_system import is_named_folder
from lint_rules.workspace.notebook import SUFFIX
from lint_rules.workspace.recording import consult, use, working_on
from lint_rules.workspace.repository import GIT, OUTERBOUNDS_MARK
from lint_rules.workspace.snapshot import Snapshot
from lint_rules.workspace.source import CannotDecode, Source

if TYPE_CHECKING:
    from lint_rules.model.module import Module
    from lint_rules.rules.base import Rule

_WORDS = (
    *("namespace", "publish", "raise_event"),
    *("latest_run", "latest_successful_run", "Flow(", "Run(", "Step(", "Task("),
)
"""A file without flows matters to its project if it contains one of these."""

_OF_REPOSITORIES = ("README*", "LICENSE*", "requirements*.txt", "setup.py", "setup.cfg")


class ProjectIndex:
    """The projects of a run. Each is read once, and only when a rule asks about it.

    Args:
        snapshot: the files of now.
        given: the paths that the run was given.
    """

    def __init__(self, snapshot: Snapshot, given: Iterable[Path] = ()) -> None:
        self._snapshot = snapshot
        self._given = tuple(snapshot.real(path) for path in given if is_named_folder(path))
        self._read: dict[Path, tuple[str, Module] | None] = {}
        self._files: dict[Path, list[Path]] = {}
        self._roots: dict[tuple[Path, str | None], Path] = {}
        self._projects: dict[Path, Project] = {}
        self._with_notebooks: dict[Path, tuple[Project, Module, Project]] = {}
        self._findings: dict[tuple[Project, Rule], list[Finding]] = {}

    def note(self, module: Module, text: str) -> None:
        """Takes the model of a file that is checked, so that the file is not read again. A changed
        file replaces its earlier state."""
        path = module.resolver.path
        if path is None:
            return
        known = self._read.get(path)
        if known is None or known[0] != text:
            self._read[path] = text, module
            for folder in path.parents:
                self._projects.pop(folder, None)

    def release(self, path: Path) -> None:
        """Takes note that a file is checked: a project needs only its model, so that memory does
        not grow with all that rules found out of each file."""
        known = self._read.get(self._snapshot.real(path))
        if known is not None:
            known[1].forget_analyses()

    def concern(self, path: Path) -> bool:
        """Whether a file, which was noted, can be of interest to a project."""
        known = self._read.get(self._snapshot.real(path))
        return known is not None and (
            bool(known[1].flows) or any(word in known[0] for word in _WORDS)
        )

    def root(self, path: Path, settings: Settings) -> Path:
        """The folder of the project of a file."""
        return self._root(self._snapshot.real(path).parent, settings)

    def of(self, path: Path, settings: Settings) -> Project:
        """The project of a file. A notebook belongs only to the project that it is asked for."""
        path = self._snapshot.real(path)
        root = self.root(path, settings)
        with working_on(("project", root)):
            if path.suffix == SUFFIX:
                return self._with_notebook(path, self._of(root, root, settings))
            return self._of(path, root, settings)

    def _with_notebook(self, path: Path, project: Project) -> Project:
        known = self._read.get(path)
        if known is None:
            return project
        made = self._with_notebooks.get(path)
        if made is None or made[:2] != (project, known[1]):
            modules = (*project.modules, known[1])
            made = project, known[1], Project(project.root, modules, project.is_distribution)
            self._with_notebooks[path] = made
        return made[2]

    def _of(self, path: Path, root: Path, settings: Settings) -> Project:
        if root not in self._projects:
            if root not in self._files:
                self._files[root] = self._below(root, settings)
            files = dict.fromkeys([*self._files[root], *([path] if path in self._read else [])])
            found = (self._module(file, settings) for file in sorted(files))
            modules = tuple(module for module in found if module is not None)
            marks = (PYPROJECT, OUTERBOUNDS_MARK)
            is_distribution = any(self._snapshot.files(root).has(root / mark) for mark in marks)
            self._projects[root] = Project(root, modules, is_distribution)
            for module in modules:
                self._use(module)
        return self._projects[root]

    def _use(self, module: Module) -> None:
        """Notes that a project depends on a module, also if it was read because it is checked."""
        path = module.resolver.path
        if path is not None:
            use(path)
            consult("content", path)

    def findings(self, project: Project, rule: Rule, incidents: Incidents) -> list[Finding]:
        """The findings of a rule in a project: none if the rule fails. It runs only once."""
        with working_on(("findings", project.root, rule.code)):
            if (project, rule) not in self._findings:
                found: list[Finding] = []
                try:
                    found += rule.check(project)
                except Cancelled:
                    raise
                except Exception as error:
                    incidents.failed(project.root, described(rule), error)
                self._findings[project, rule] = found
        return self._findings[project, rule]

    def _below(self, root: Path, settings: Settings) -> list[Path]:
        """The Python files of a project: not those of another one inside it, nor those that a link
        leads to out of the repository, which may be a project of somebody else's."""
        files = self._snapshot.files(root)
        found = (
            self._snapshot.real(file)
            for file in below(self._snapshot, root, settings)
            if file.suffix == ".py"
            and self._root(file.parent, settings) == root
            and files.contains(file)
        )
        # A link to another of the files is none of its own.
        return list(dict.fromkeys(found))

    def _module(self, path: Path, settings: Settings) -> Module | None:
        if path not in self._read:
            self._read[path] = self._text_and_model(path, settings)
        known = self._read[path]
        return known[1] if known else None

    def _root(self, folder: Path, settings: Settings) -> Path:
        key = folder, settings.project_root
        with working_on(("root", key)):
            if key not in self._roots:
                self._roots[key] = self._find_root(folder, settings)
        return self._roots[key]

    def _find_root(self, folder: Path, settings: Settings) -> Path:
        if settings.project_root is not None:
            wanted = self._snapshot.real(settings.path(settings.project_root))
            if folder.is_relative_to(wanted):
                return wanted
        files = self._snapshot.files(folder)
        above = [one for one in (folder, *folder.parents) if one.is_relative_to(files.root)]
        for candidate in reversed(above):
            if files.has(candidate / OUTERBOUNDS_MARK):
                return candidate
        for mark in (PYPROJECT, GIT):
            for candidate in above:
                if files.has(candidate / mark):
                    return candidate
        for given in self._given:
            if folder.is_relative_to(given):
                return self._repository(given, folder)
        return folder

    def _repository(self, given: Path, folder: Path) -> Path:
        """The outermost folder, from the one that was given to that of a file, that looks like a
        repository's: one may be given a folder full of them."""
        files = self._snapshot.files(folder)
        between = [candidate for candidate in folder.parents if candidate.is_relative_to(given)]
        for candidate in (*reversed(between), folder):
            names = files.names_in(candidate)
            if any(fnmatchcase(name, mark) for mark in _OF_REPOSITORIES for name in names):
                return candidate
        return given

    def _text_and_model(self, path: Path, settings: Settings) -> tuple[str, Module] | None:
        """A file's text and model, `None` if it cannot matter or cannot be read."""
        from lint_rules.syntax.parse_cache import look_up_module

        if self._snapshot.is_without_metaflow(path):
            return None
        try:
            content = self._snapshot.files(path.parent).read(path)
            known = can_matter(content) or concerns_projects(content)
            if not known and not derives_from_flows(self._snapshot, path, content):
                return None
            text = Source.decode(path, content).text
        except (OSError, CannotDecode):
            return None
        resolver = ImportResolver(self._snapshot, path, settings.own_packages, settings.project)
        module = look_up_module(text, resolver)
        return None if module is None else (text, module)
