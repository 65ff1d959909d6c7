"""The cache on disk: a file for each command line."""

from __future__ import annotations

import contextlib
import hashlib
import json
import marshal
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lint_rules import __version__, rules
from lint_rules.engine.cache import file_access_log
from lint_rules.engine.cache.fingerprints import (
    State,
    TooMany,
    is_passed_over,
    marks_above,
    newest,
    repository,
    states,
    states_below,
)
from lint_rules.engine.cache.folder import Folder

if TYPE_CHECKING:
    from lint_rules.diagnostics.diagnostic import Diagnostic

_TICK = 50_000_000
"""Nanoseconds within which a file system may give two changes the same time."""


@dataclass(frozen=True)
class Outcome:
    """What a run found.

    Attributes:
        files: how many files it looked at.
        relevant: those of them that could matter.
        diagnostics: what it says of them.
    """

    files: int
    relevant: list[Path]
    diagnostics: list[Diagnostic]


class Cache:
    """The runs that are kept in a folder.

    Whatever is wrong with the folder or what lies in it, the run goes on without.

    Args:
        folder: the cache's folder.
        asked: all that the command line says about what is to be found.
        paths: the paths of the command line.
        begun: when the run began, in nanoseconds since the epoch.
    """

    def __init__(
        self, folder: Folder, asked: Sequence[str], paths: Sequence[Path], begun: int
    ) -> None:
        python = (sys.implementation.name, *map(str, sys.version_info), sys.executable)
        # A commit is another list of files each time: the last one alone is kept.
        kind = "folders" if any(path.is_dir() for path in paths) else "files"
        known_by = [__version__, *python, str(Path.cwd()), *asked, kind]
        self._folder = folder
        self._name = f"{_digest(json.dumps(known_by).encode())}.json"
        self._paths = [str(path) for path in paths]
        self._trusted = begun - _TICK
        self._around = _around(paths)

    def outcome(self) -> Outcome | None:
        """What the run found last time, `None` if it must be done anew."""
        try:
            if self._around is not None:
                kept = self._parsed(self._folder.read(self._name))
                if self._is_of_now(kept):
                    from lint_rules.engine.cache.codec import decoded

                    relevant = [Path(path) for path in kept["relevant"]]
                    return Outcome(kept["files"], relevant, decoded(kept["diagnostics"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            pass
        return None

    def _is_of_now(self, kept: dict[str, Any]) -> bool:
        beyond: dict[str, State] = kept["beyond"]
        if kept["paths"] != self._paths or kept["around"] != self._summed_up:
            return False
        return states(beyond) == beyond

    def keep(self, outcome: Outcome) -> None:
        """Keeps what was found, if nothing has changed meanwhile and the folder can be written."""
        from lint_rules.engine.cache.codec import encoded

        around = self._around
        if around is None:
            return
        # What is compiled is renewed with its source, which is among the modules.
        others = {
            path
            for path in file_access_log.opened() - around.keys()
            if not (path.endswith(".pyc") or self._folder.holds(path))
        }
        beyond = states(_modules() | _import_path() | others)
        if newest([*around.values(), *beyond.values()]) > self._trusted:
            return
        try:
            diagnostics = encoded(outcome.diagnostics)
        except TypeError:
            return
        with contextlib.suppress(OSError):
            kept = {
                "paths": self._paths,
                "around": self._summed_up,
                "beyond": beyond,
                "files": outcome.files,
                "relevant": [str(path) for path in outcome.relevant],
                "diagnostics": diagnostics,
            }
            body = json.dumps(kept, separators=(",", ":")).encode()
            self._folder.write(self._name, self._signature(body).encode() + b"\n" + body)

    def _parsed(self, content: bytes) -> dict[str, Any]:
        signature, _, body = content.partition(b"\n")
        if self._signature(body).encode() != signature:
            raise ValueError("half of a file, or none of ours")
        kept = json.loads(body)
        if not isinstance(kept, dict):
            raise TypeError("none of ours")
        return kept

    def _signature(self, body: bytes) -> str:
        return hashlib.blake2b(body, key=self._folder.key(), digest_size=16).hexdigest()

    @cached_property
    def _summed_up(self) -> str:
        # Thousands of states; JSON would take as long to write as they to find. Version 2 says
        # the same of the same, whoever else holds it.
        return _digest(marshal.dumps(sorted((self._around or {}).items()), 2))


def _around(paths: Sequence[Path]) -> dict[str, State] | None:
    """The states of the repositories that paths stand in, and of what would say, above them, where
    they begin; `None` where that is too much to look at."""
    found: dict[str, State] = {}
    try:
        for path in paths:
            real = path.resolve()
            root = repository(real if real.is_dir() else real.parent)
            if is_passed_over(real, root):
                return None
            if str(root) not in found:
                found |= states_below(str(root))
                found |= states(marks_above(root))
    except (OSError, TooMany):
        return None
    return found


def _modules() -> set[str]:
    """The files of all that Python has imported: rules, whoever brought them, and libraries."""
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    return {os.path.abspath(file) for file in files if file}


def _import_path() -> set[str]:
    """The folders that packages, and this one's rules, are in: new ones change them."""
    folders = {path for path in sys.path if path and path != os.getcwd()}
    families = {os.path.join(rules.__path__[0], name) for name in os.listdir(rules.__path__[0])}
    return {os.path.abspath(path) for path in (*folders, *families, rules.__path__[0])}


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()
