"""One run of `check`: its arguments, settings, input files and linter."""

from __future__ import annotations

import argparse
import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lint_rules.cli.check.input_files import InputFiles
from lint_rules.cli.check.messages import warn
from lint_rules.rules import codes
from lint_rules.settings.configuration import Configuration
from lint_rules.settings.options import Settings, SettingsError
from lint_rules.settings.selection import check_selectors, severity_of
from lint_rules.settings.severity import Severity
from lint_rules.workspace.file_system import is_named_folder
from lint_rules.workspace.recording import Recorder, recording
from lint_rules.workspace.workspace import Workspace

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic
    from lint_rules.engine.cache.folder import Folder
    from lint_rules.engine.cache.models import Models
    from lint_rules.engine.cache.run_cache import Outcome
    from lint_rules.engine.linter import Linter
    from lint_rules.engine.rule_set import RuleBook
    from lint_rules.workspace.source import Source


class Run:
    """One run over the paths given.

    Attributes:
        arguments: the command line.
        begun: when it began, in nanoseconds since the epoch.
        recorder: notes what is consulted, `None` if nothing is kept.
        configuration: the settings of all files.
        here: those of the current folder.
        workspace: what the linter works on.
        snapshot: the files as they are in this run.
        inputs: the files.

    Raises:
        SettingsError: the configuration here, or the selection of rules, cannot be used.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.arguments = arguments
        self.begun = time.time_ns()
        self.recorder = None if arguments.no_cache else Recorder()
        self._warnings: list[str] = []
        with recording(self.recorder):
            self._prepare(arguments)

    def _prepare(self, arguments: argparse.Namespace) -> None:
        self.configuration = Configuration(
            _overrides(arguments), isolated=arguments.isolated, file=arguments.config
        )
        self.here = self.configuration.for_folder(Path.cwd())
        self.workspace = Workspace(self.here.max_file_size)
        self.snapshot = self.workspace.snapshot()
        self.inputs = InputFiles(arguments, self.configuration, self.snapshot)
        self._check_selection()
        if arguments.cache_dir:
            # A folder that must not be used is refused even if nothing is to be kept.
            self.cache  # noqa: B018

    def _check_selection(self) -> None:
        """Reports a wrong selection even if there is nothing to check."""
        try:
            check_selectors(self.here, codes())
            known = not self.here.local_rules
        except SettingsError:
            known = False
        if not known:
            # Others may have brought the rules in question.
            self.book()

    @cached_property
    def linter(self) -> Linter:
        """The linter of the files; made when it is asked for, since most commits have none."""
        from lint_rules.engine.linter import Linter
        from lint_rules.engine.registry import all_rules
        from lint_rules.syntax.parse_cache import ParseCache

        self.workspace.kept(ParseCache).use(self._models())
        linter = Linter(all_rules(), self.arguments.paths or [Path()], self.snapshot)
        linter.expect(self.inputs.expected, self.inputs.silent)
        return linter

    @cached_property
    def cache(self) -> Folder | None:
        """The folder of what this run leaves for the next one, `None` if nothing is kept.

        Raises:
            Refused: the folder that somebody named must not be used.
        """
        if self.arguments.no_cache:
            return None
        from lint_rules.engine.cache.location import Refused, location, opened

        where = location(self.arguments.cache_dir)
        if where is None:
            return None
        given = (self.snapshot.real(path) for path in (Path(), *self.arguments.paths))
        around = dict.fromkeys(p if is_named_folder(p) else p.parent for p in given)
        try:
            return opened(where, map(self.snapshot.repository, around))
        except Refused as error:
            if where.named_by:
                raise
            warn(str(error))
            return None

    @property
    def warnings(self) -> list[str]:
        """What the linter warns of, in the order of the files; nothing if it was not needed."""
        if "linter" not in self.__dict__:
            return self._warnings
        found = self.linter.warnings
        listed = [warning for path in sorted(found) for warning in found[path]]
        return [*self.linter.setting_warnings, *listed, *self.linter.incidents.notes]

    @property
    def failures(self) -> list[str]:
        """A sentence for each rule that failed on a file."""
        return self.linter.incidents.failures if "linter" in self.__dict__ else []

    def take(self, outcome: Outcome) -> None:
        """Takes over what an earlier run reported."""
        self.inputs.count, self.inputs.relevant = outcome.files, outcome.relevant
        of_inputs, self._warnings = outcome.warnings
        for warning in of_inputs:
            self.inputs.warn(warning)

    def _models(self) -> Models | None:
        """What earlier runs read of files."""
        if self.cache is None:
            return None
        from lint_rules.engine.cache.models import Models

        return Models(self.cache)

    def settings(self, source: Source) -> Settings:
        """The settings that hold for a source."""
        return self.configuration.for_file(source.path)

    def baselines(self) -> dict[Path, Path | None]:
        """The files of the run, each with the path of its baseline if it has one."""
        # What is kept of a run depends on the configuration files, which are read only once.
        with recording(self.recorder):
            return {file: self.configuration.baseline_for(file) for file in self.inputs.expected}

    def severity_of(self, diagnostic: Diagnostic) -> Severity:
        """How bad a diagnostic is, with the settings of its file."""
        settings = self.configuration.for_file(Path(diagnostic.path))
        if settings.severity:
            settings = self.linter.book(settings).settings
        return severity_of(diagnostic, settings)

    def fails_on(self, diagnostic: Diagnostic) -> bool:
        """Whether the run fails if this is found."""
        limit = Severity(self.arguments.fail_on or self.here.fail_on)
        return self.severity_of(diagnostic).is_at_least(limit)

    def book(self, settings: Settings | None = None) -> RuleBook:
        """The rules that some settings select, or those of the current folder.

        Raises:
            SettingsError: a selector names no rule.
            RuleLoadError: a rule of somebody else's cannot be loaded.
        """
        from lint_rules.engine.registry import all_rules
        from lint_rules.engine.rule_set import RuleBook

        return RuleBook(all_rules(), self.here if settings is None else settings)


def _overrides(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings that the command line gives, which go before those of files."""
    given = {
        name: tuple(item for group in groups for item in group)
        for name in ("select", "extend_select", "ignore", "exclude", "extend_exclude")
        if (groups := getattr(arguments, name)) is not None
    }
    overrides: dict[str, Any] = {
        name: given[name] for name in ("select", "extend_select", "ignore") if name in given
    }
    if arguments.preview is not None:
        overrides["preview"] = arguments.preview
    if "exclude" in given:
        overrides |= {"exclude": (), "extend_exclude": ()}
    here = (*given.get("exclude", ()), *given.get("extend_exclude", ()))
    return {**overrides, "excluded_here": here} if here else overrides
