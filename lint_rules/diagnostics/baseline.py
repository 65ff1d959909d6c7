"""The baseline: findings that were there when a team began, kept outside the sources."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagnostics.json_text import as_json
from lint_rules.settings.options import SettingsError
from lint_rules.workspace.atomic_write import write
from lint_rules.workspace.file_system import is_there
from lint_rules.workspace.named_files import read_named
from lint_rules.workspace.source import Position, Source

VERSION = 1
_MOST = 1_000_000_000

Key = tuple[str, str, str]
"""Path from the baseline's folder, code, and the text of the line without its indentation."""


class Baseline:
    """Findings that are known and not to be shown.

    A finding is recognised by its file, its rule and the text of its line, so that the baseline
    holds when lines move. The file is that in which the thing stands, whichever flow inherits it
    and wherever the finding is reported.

    Args:
        path: the baseline's file.
        known: how often each finding is known.
        inherited_by: the files of the flows that inherit a finding, and report it if given.
    """

    def __init__(
        self, path: Path, known: Counter[Key], inherited_by: dict[Key, set[str]] | None = None
    ) -> None:
        self.path = path
        self._known = known
        self._inherited_by = inherited_by or {}
        self._left = Counter(known)
        self._seen: dict[str, Callable[[str], bool]] = {}

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file; one that does not exist is empty.

        Raises:
            SettingsError: the file is no baseline.
        """
        known: Counter[Key] = Counter()
        inherited_by: dict[Key, set[str]] = {}
        try:
            text = read_named(path).decode("utf-8", "replace")
        except FileNotFoundError:
            return cls(path, known)
        except OSError as error:
            raise SettingsError(f"{path}: cannot read the baseline: {error.strerror}.") from error
        try:
            content = json.loads(text)
            if content["version"] != VERSION:
                raise SettingsError(
                    f"{path}: this baseline has version {content['version']!r}, and {VERSION} is "
                    "understood. Delete it, and write a new one with `--write-baseline`."
                )
            for file, findings in content["findings"].items():
                for finding in findings:
                    key = file, _text(finding["code"]), _text(finding["line"])
                    known[key] += _count(finding["count"])
                    if "heirs" in finding:
                        inherited_by[key] = set(map(_text, finding["heirs"]))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise SettingsError(
                f"{path}: this is no baseline. Delete it, and write a new one with "
                "`--write-baseline`."
            ) from error
        return cls(path, known, inherited_by)

    @property
    def codes(self) -> set[str]:
        """The codes that it names."""
        return {code for _, code, _ in self._known}

    def rename(self, current: Callable[[str], str]) -> dict[str, str]:
        """Takes codes that rules had before for those that they have now.

        Args:
            current: the code that a rule has now.

        Returns:
            The codes that changed, with those of now.
        """
        changed = {code: now for code in self.codes if (now := current(code)) != code}
        for key in [key for key in self._known if key[1] in changed]:
            renewed = key[0], changed[key[1]], key[2]
            self._known[renewed] += self._known.pop(key)
            if key in self._inherited_by:
                subclasses = self._inherited_by.pop(key)
                self._inherited_by.setdefault(renewed, set()).update(subclasses)
        self._left = Counter(self._known)
        return changed

    def new(
        self, diagnostics: Iterable[Diagnostic], source_of: Callable[[str], Source]
    ) -> list[Diagnostic]:
        """The diagnostics that the baseline does not know."""
        fresh = []
        for key, same in self._things(diagnostics, source_of):
            if self._left[key] > 0:
                self._left[key] -= 1
            else:
                fresh += same
        return sorted(fresh, key=lambda diagnostic: diagnostic.order)

    def saw(self, path: Path, checked: Callable[[str], bool]) -> None:
        """Notes that a file was checked, so that its entries can be called out of date.

        Args:
            path: the file.
            checked: whether a code would have been found, had there been reason to.
        """
        self._seen[self._relative(str(path))] = checked

    def _was_checked(self, key: Key) -> bool:
        """Whether an entry that matches nothing is out of date."""
        file, code, _ = key
        there = {subclass for subclass in self._inherited_by.get(key, ()) if self._exists(subclass)}
        if file in self._seen:
            return self._seen[file](code) and there <= self._seen.keys()
        return not self._exists(file)

    def _exists(self, file: str) -> bool:
        return is_there(self.path.parent / file)

    def stale(self) -> list[str]:
        """A line for each entry that was looked for in vain, or whose file is gone."""
        return [
            f"{key[0]}: {key[1]} at `{key[2]}`"
            for key, count in sorted(self._left.items())
            if count > 0 and self._was_checked(key)
        ]

    def write(self, diagnostics: Iterable[Diagnostic], source_of: Callable[[str], Source]) -> int:
        """Writes a baseline that knows these diagnostics, and says how many they are."""
        counts: Counter[Key] = Counter()
        inherited_by: defaultdict[Key, set[str]] = defaultdict(set)
        for key, same in self._things(diagnostics, source_of):
            counts[key] += 1
            inherited_by[key].update(
                self._relative(subclass) for each in same for subclass in each.inherited_by
            )
        for key, count in self._known.items():
            if not self._was_checked(key):
                # What was not checked in this run stays known.
                counts[key] = max(count, counts[key])
                inherited_by[key].update(self._inherited_by.get(key, ()))
        findings: dict[str, list[dict[str, str | int | list[str]]]] = {}
        for key, count in sorted(counts.items()):
            file, code, line = key
            entry: dict[str, str | int | list[str]] = {"code": code, "line": line, "count": count}
            if inherited_by[key]:
                entry["heirs"] = sorted(inherited_by[key])
            findings.setdefault(file, []).append(entry)
        content = {"version": VERSION, "findings": findings}
        text = as_json(content, indent=1) + "\n"
        write(self.path, text.encode())
        return sum(counts.values())

    def _things(
        self, diagnostics: Iterable[Diagnostic], source_of: Callable[[str], Source]
    ) -> Iterator[tuple[Key, list[Diagnostic]]]:
        """The findings, each with its diagnostics: several if subclasses inherit it from a file
        that was not given."""
        things: dict[tuple[str, str, Position, int | None], list[Diagnostic]] = {}
        for number, diagnostic in enumerate(diagnostics):
            at = diagnostic.defined_at or diagnostic
            one = None if diagnostic.defined_at else number
            things.setdefault((diagnostic.code, at.path, at.start, one), []).append(diagnostic)
        for (code, path, start, _), diagnostics in things.items():
            yield (self._relative(path), code, source_of(path).line(start.row).strip()), diagnostics

    def _relative(self, path: str) -> str:
        absolute, folder = Path(path).absolute(), self.path.absolute().parent
        for above in (folder, folder.resolve()):
            if absolute.is_relative_to(above):
                return absolute.relative_to(above).as_posix()
        return absolute.as_posix()


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError("no text")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("no count")
    return value
