"""What a whole run reported, found again as long as all that it consulted is as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lint_rules.engine.cache.entries import (
    UNUSABLE,
    load,
    name_of,
    rows_from_json,
    rows_to_json,
    save,
)
from lint_rules.engine.cache.environment import loaded, versions
from lint_rules.engine.cache.folder import Folder
from lint_rules.engine.cache.verifier import Rows, Verifier
from lint_rules.workspace.recording import Consulted

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic


@dataclass(frozen=True)
class Outcome:
    """What a run reported.

    Attributes:
        files: how many files it looked at.
        relevant: those of them that could matter.
        diagnostics: the diagnostics.
        warnings: what it warned of: files that are left out, and directives.
    """

    files: int
    relevant: list[Path]
    diagnostics: list[Diagnostic]
    warnings: list[list[str]]


class RunCache:
    """The outcome of the last run with the same command line in the same folder.

    If anything is wrong with the cache's folder or its files, the linter runs again.

    Args:
        folder: the cache's folder.
        asked: all that the command line says about what is to be found.
        paths: the paths of the command line.
        verifier: compares what was consulted with what is there now.
    """

    def __init__(
        self, folder: Folder, asked: Sequence[str], paths: Sequence[Path], verifier: Verifier
    ) -> None:
        # A commit is another list of files each time: the last one alone is kept.
        kind = "folders" if any(path.is_dir() for path in paths) else "files"
        known_by = [*versions(), str(Path.cwd()), *asked, kind]
        self.folder = folder
        self.verifier = verifier
        self._name = name_of("run", known_by)
        self.files_name = name_of("files", known_by)
        self._paths = [str(path) for path in paths]
        self._environment: Rows = {}

    def outcome(self) -> Outcome | None:
        """What the run reported last time, `None` if the linter must run again."""
        try:
            kept = load(self.folder, self._name)
            environment = rows_from_json(kept["environment"])
            if not self.verifier.hold(environment.items()):
                return None
            self._environment = environment
            consulted = rows_from_json(kept["consulted"])
            if kept["paths"] != self._paths or not self.verifier.hold(consulted.items()):
                return None
            from lint_rules.engine.cache.codec import decoded

            relevant = [Path(path) for path in kept["relevant"]]
            diagnostics = list(decoded(kept["diagnostics"]))
            outcome = Outcome(kept["files"], relevant, diagnostics, kept["warnings"])
        except UNUSABLE:
            return None
        self._renew(kept, environment, consulted)
        return outcome

    def environment(self, known: Rows) -> Rows | None:
        """The code that is loaded, `None` if that was changed since the run began.

        Args:
            known: what earlier runs had loaded, as it still is.
        """
        return loaded(self.verifier, known | self._environment)

    def keep(self, outcome: Outcome, environment: Rows, consulted: Rows) -> None:
        """Keeps what was reported, if the folder can be written.

        Args:
            outcome: what was reported.
            environment: the code that is loaded.
            consulted: what it depends on.
        """
        from lint_rules.engine.cache.codec import encoded

        with contextlib.suppress(OSError, TypeError):
            trusted = self.verifier.trusted
            entry = {
                "paths": self._paths,
                "environment": rows_to_json(environment),
                "consulted": rows_to_json({w: trusted(consulted[w]) for w in _needed(consulted)}),
                "files": outcome.files,
                "relevant": [str(path) for path in outcome.relevant],
                "diagnostics": encoded(outcome.diagnostics),
                "warnings": outcome.warnings,
            }
            save(self.folder, self._name, entry)

    def _renew(self, kept: dict[str, Any], environment: Rows, consulted: Rows) -> None:
        """Keeps the states that files have now, so that they need not be read the next time."""
        trusted = self.verifier.trusted
        now = {what: trusted(found) for what, found in self.verifier.read.items()}
        if any(found.state is not None for found in now.values()):
            for name, rows in (("environment", environment), ("consulted", consulted)):
                kept[name] = rows_to_json({what: now.get(what, rows[what]) for what in rows})
            with contextlib.suppress(OSError):
                save(self.folder, self._name, kept)


def _needed(consulted: Rows) -> Iterator[Consulted]:
    """What a whole run depends on: a file that holds the same has the same words in it."""
    for what in consulted:
        if what.kind != "words" or Consulted("content", what.path) not in consulted:
            yield what
