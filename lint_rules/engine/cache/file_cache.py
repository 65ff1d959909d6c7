"""What was found in each file and in each project, found again where nothing has changed of what
the finding of it depended on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.cache.codec import decoded, encoded
from lint_rules.engine.cache.entries import (
    UNUSABLE,
    digest_of,
    load,
    rows_from_json,
    rows_to_json,
    save,
)
from lint_rules.engine.cache.folder import Folder
from lint_rules.engine.cache.verifier import Rows, Verifier
from lint_rules.workspace.recording import Consulted, Found, Recorder

if TYPE_CHECKING:
    from lint_rules.engine.results import Subject


@dataclass(frozen=True)
class _Kept:
    """An answer of now or of an earlier run.

    Attributes:
        inputs: a digest of what it was found for.
        rows: what it depends on besides.
        diagnostics: the answer, as JSON has it.
    """

    inputs: str
    rows: Rows
    diagnostics: Any


class FileCache:
    """The answers of the last run, and of this one for the next.

    Args:
        folder: the cache's folder.
        name: the name of the entry.
        run: what the whole run was given that answers may depend on: its files, the rules.
        verifier: compares what was consulted with what is there now.
        recorder: knows what is consulted in this run.
    """

    def __init__(
        self, folder: Folder, name: str, run: object, verifier: Verifier, recorder: Recorder
    ) -> None:
        self._folder = folder
        self._name = name
        self._run = run
        self._verifier = verifier
        self._recorder = recorder
        self._known: dict[str, _Kept] = {}
        self._answers: dict[str, _Kept | tuple[str, list[Hashable], Any]] = {}
        self.environment: Rows = {}

    def load(self) -> None:
        """Takes what the last run left, if it had the same code loaded."""
        try:
            entry = load(self._folder, self._name)
            environment = rows_from_json(entry["environment"])
            if not self._verifier.hold(environment.items()):
                return
            rows = list(rows_from_json(entry["rows"]).items())
            for name, (inputs, numbers, diagnostics) in entry["answers"].items():
                of_answer = dict(rows[number] for number in numbers)
                self._known[name] = _Kept(inputs, of_answer, diagnostics)
            self.environment = environment
        except UNUSABLE:
            self._known = {}

    def answer(self, subject: Subject, find: Callable[[], list[Diagnostic]]) -> list[Diagnostic]:
        """The diagnostics of a subject: those of the last run, or as they are found now."""
        inputs = digest_of([self._run, subject.inputs])
        known = self._known.get(subject.name)
        if known is not None and known.inputs == inputs:
            with contextlib.suppress(*UNUSABLE):
                if self._verifier.hold(known.rows.items()):
                    answer = list(decoded(known.diagnostics))
                    self._answers[subject.name] = known
                    return answer
        node = ("answer", subject.name)
        with self._recorder.working_on(node):
            answer = find()
        with contextlib.suppress(TypeError):
            nodes = [node, *subject.nodes]
            self._answers[subject.name] = inputs, nodes, encoded(answer)
        return answer

    def keep(self, environment: Rows) -> Rows | None:
        """Keeps the answers of this run, if the folder can be written.

        Returns:
            All that the answers of this run depend on; `None` if something was changed meanwhile.
        """
        found = self._recorder.found
        if not self._recorder.is_stable:
            return None
        answers: dict[str, _Kept] = {}
        everything = dict(found)
        for name, answer in self._answers.items():
            if not isinstance(answer, _Kept):
                inputs, nodes, diagnostics = answer
                consulted = self._recorder.dependencies(nodes)
                if not consulted <= found.keys():
                    continue
                answer = _Kept(inputs, {what: found[what] for what in consulted}, diagnostics)
            for what, one in answer.rows.items():
                if everything.setdefault(what, one).value != one.value:
                    return None
            answers[name] = answer
        self._save(answers, environment)
        return everything

    def _save(self, answers: Mapping[str, _Kept], environment: Rows) -> None:
        numbers: dict[Consulted, int] = {}
        rows: dict[Consulted, Found] = {}
        kept = {}
        for name, answer in answers.items():
            of_answer = []
            for what, found in answer.rows.items():
                if what not in numbers:
                    numbers[what] = len(numbers)
                    now = self._recorder.found.get(what) or self._verifier.read.get(what) or found
                    rows[what] = self._verifier.trusted(now)
                of_answer.append(numbers[what])
            kept[name] = [answer.inputs, of_answer, answer.diagnostics]
        entry = {
            "environment": rows_to_json(environment),
            "rows": rows_to_json(rows),
            "answers": kept,
        }
        with contextlib.suppress(OSError):
            save(self._folder, self._name, entry)


def described(given: Mapping[Path, Path], silent: Iterable[Path | None]) -> list[object]:
    """What answers may depend on of a run's files: which there are, how they are called, and which
    say nothing of Metaflow."""
    return [
        sorted((str(real), str(path)) for real, path in given.items()),
        sorted(str(path) for path in silent),
    ]
