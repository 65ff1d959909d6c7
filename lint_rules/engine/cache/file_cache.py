"""What was found in each file and in each project, found again where nothing has changed of what
the finding of it depended on."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
from lint_rules.engine.results import Answer, Subject
from lint_rules.workspace.recording import Consulted, Recorder

Group = frozenset[Consulted]
"""Things that were consulted together; many answers depend on the same groups."""


@dataclass(frozen=True)
class _Kept:
    """An answer of now or of an earlier run.

    Attributes:
        inputs: a digest of what it was found for.
        groups: what it depends on besides.
        answer: the answer, as JSON has it.
        found: what was found of that.
    """

    inputs: str
    groups: list[Group]
    answer: Any
    found: Rows


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
        self._run = digest_of(run)
        self._verifier = verifier
        self._recorder = recorder
        self._known: dict[str, _Kept] = {}
        self._answers: dict[str, _Kept | tuple[str, list[Hashable], Any]] = {}
        self._held: dict[Group, bool] = {}
        self.environment: Rows = {}

    def load(self) -> None:
        """Takes what the last run left, if it had the same code loaded."""
        try:
            entry = load(self._folder, self._name)
            environment = rows_from_json(entry["environment"])
            if not self._verifier.hold(environment.items()):
                return
            found = rows_from_json(entry["rows"])
            rows = list(found)
            groups = [frozenset(rows[number] for number in group) for group in entry["groups"]]
            for name, (inputs, numbers, answer) in entry["answers"].items():
                of_answer = [groups[number] for number in numbers]
                self._known[name] = _Kept(inputs, of_answer, answer, found)
            self.environment = environment
        except UNUSABLE:
            self._known = {}

    def answer(self, subject: Subject, find: Callable[[], Answer]) -> Answer:
        """What is found in a subject: what the last run found, or what is found now."""
        inputs = digest_of([self._run, subject.inputs])
        known = self._known.get(subject.name)
        if known is not None and known.inputs == inputs:
            with contextlib.suppress(*UNUSABLE):
                if all(self._holds(group, known.found) for group in known.groups):
                    diagnostics, warnings = known.answer
                    answer = Answer(list(decoded(diagnostics)), warnings, is_known=True)
                    self._answers[subject.name] = known
                    return answer
        node = ("answer", subject.name)
        with self._recorder.working_on(node):
            answer = find()
        if not answer.is_whole:
            self._answers.pop(subject.name, None)
            return answer
        with contextlib.suppress(TypeError):
            nodes = [node, *subject.nodes]
            kept = [encoded(answer.diagnostics), answer.warnings]
            self._answers[subject.name] = inputs, nodes, kept
        return answer

    def keep(self, environment: Rows, *, with_answers: bool) -> Rows | None:
        """Keeps the answers of this run, if the folder can be written.

        Args:
            environment: the code that is loaded.
            with_answers: whether to keep them; else those of earlier runs stay.

        Returns:
            All that the answers of this run depend on; `None` if something was changed meanwhile.
        """
        now = self._recorder.found
        if not self._recorder.is_stable:
            return None
        answers = {name: self._completed(answer) for name, answer in self._answers.items()}
        everything = dict(now)
        for group, found in {
            g: kept.found for kept in answers.values() for g in kept.groups
        }.items():
            for what in group:
                if (
                    what not in found
                    or everything.setdefault(what, found[what]).value != found[what].value
                ):
                    return None
        if with_answers:
            self._save(answers, everything, environment)
        return everything

    def _completed(self, answer: _Kept | tuple[str, list[Hashable], Any]) -> _Kept:
        if isinstance(answer, _Kept):
            return answer
        inputs, nodes, kept = answer
        recorder = self._recorder
        return _Kept(inputs, recorder.dependencies(nodes), kept, recorder.found)

    def _holds(self, group: Group, found: Rows) -> bool:
        known = self._held.get(group)
        if known is None:
            rows = ((what, found[what]) for what in group)
            known = self._held[group] = self._verifier.hold(rows)
        return known

    def _save(self, answers: Mapping[str, _Kept], found: Rows, environment: Rows) -> None:
        groups: dict[Group, int] = {}
        kept = {
            name: [
                answer.inputs,
                [groups.setdefault(group, len(groups)) for group in answer.groups],
                answer.answer,
            ]
            for name, answer in answers.items()
        }
        numbers: dict[Consulted, int] = {}
        numbered = [[numbers.setdefault(what, len(numbers)) for what in one] for one in groups]
        read, trusted = self._verifier.read, self._verifier.trusted
        entry = {
            "environment": rows_to_json(environment),
            "rows": rows_to_json({what: trusted(read.get(what, found[what])) for what in numbers}),
            "groups": numbered,
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
