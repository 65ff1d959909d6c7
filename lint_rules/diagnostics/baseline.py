"""The baseline: findings that were there when a team began, kept outside the sources."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.diagnostics.json_text import as_json
from lint_rules.settings.options import SettingsError
from lint_rules.workspace.file_system import absolute_of, is_there, real
from lint_rules.workspace.named_files import read_named

VERSION = 2
_UNDERSTOOD = (1, VERSION)
_MOST = 1_000_000_000


class Entry(NamedTuple):
    """What a baseline knows a finding by.

    Attributes:
        file: the path of its file from the baseline's folder.
        code: its rule.
        scope: the classes and functions that it is in.
        symbol: what it is about there.
        line: the text of its line, if a version of the linter wrote it that knew no symbols.
    """

    file: str
    code: str
    scope: str = ""
    symbol: str = ""
    line: str = ""


class Thing(NamedTuple):
    """A finding, with its diagnostics: several if subclasses inherit it from a file that was not
    given.

    Attributes:
        path: the file in which it stands.
        line: the text of its line.
        diagnostics: at least one.
    """

    path: str
    line: Callable[[], str]
    diagnostics: list[Diagnostic]

    @property
    def identity(self) -> tuple[str, str, str]:
        """Its rule, scope and symbol."""
        return self.diagnostics[0].identity

    @property
    def inherited_by(self) -> set[str]:
        """The files of the flows that inherit it."""
        return {path for diagnostic in self.diagnostics for path in diagnostic.inherited_by}


class Changes(NamedTuple):
    """What a new baseline knows, by rule.

    Attributes:
        total: how many findings it knows.
        new: those of them that it did not know before.
        gone: those that it knew before, and no longer knows.
        is_converted: whether it replaces entries that were bound to the texts of lines.
    """

    total: int
    new: Counter[str]
    gone: Counter[str]
    is_converted: bool


class Baseline:
    """Findings that are known and not to be shown.

    A finding is recognised by its file, its rule, its scope and its symbol. So the baseline holds
    when lines move, and when a formatter, an annotation or a base class changes their texts. The
    file is that in which the thing stands, whichever flow inherits it and wherever the finding is
    reported. If a file is gone, what is known of it holds for the file that has its flows and
    functions now: somebody renamed it.

    Args:
        path: the baseline's file.
        known: how often each finding is known.
        inherited_by: the files of the flows that inherit a finding, and report it if given.
        size: how many bytes the file has.
    """

    def __init__(
        self,
        path: Path,
        known: Counter[Entry],
        inherited_by: dict[Entry, set[str]] | None = None,
        size: int = 0,
    ) -> None:
        self.path = path
        self.size = size
        self._known = known
        self._inherited_by = inherited_by or {}
        self._left = Counter(known)
        self._has_lines = any(entry.line for entry in known)
        self._seen: dict[str, Callable[[str], bool]] = {}
        self._renamed: dict[str, dict[str, None]] = {}

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file; one that does not exist is empty.

        Raises:
            SettingsError: the file is no baseline.
        """
        known: Counter[Entry] = Counter()
        inherited_by: dict[Entry, set[str]] = {}
        try:
            given = read_named(path)
            text = given.decode("utf-8", "replace")
        except FileNotFoundError:
            return cls(path, known)
        except OSError as error:
            raise SettingsError(f"{path}: cannot read the baseline: {error.strerror}.") from error
        try:
            content = json.loads(text)
            if content["version"] not in _UNDERSTOOD:
                raise SettingsError(
                    f"{path}: this baseline has version {content['version']!r}, and "
                    f"{' and '.join(map(str, _UNDERSTOOD))} are understood. Delete it, and write a "
                    "new one with `--write-baseline`."
                )
            for file, findings in content["findings"].items():
                for finding in findings:
                    entry = _entry(file, finding)
                    known[entry] += _count(finding["count"])
                    if "heirs" in finding:
                        inherited_by[entry] = set(map(_text, finding["heirs"]))
        except (AttributeError, KeyError, RecursionError, TypeError, ValueError) as error:
            raise SettingsError(
                f"{path}: this is no baseline. Delete it, and write a new one with "
                "`--write-baseline`."
            ) from error
        return cls(path, known, inherited_by, len(given))

    @property
    def codes(self) -> set[str]:
        """The codes that it names."""
        return {entry.code for entry in self._known}

    def rename(self, current: Callable[[str], str]) -> dict[str, str]:
        """Takes codes that rules had before for those that they have now.

        Args:
            current: the code that a rule has now.

        Returns:
            The codes that changed, with those of now.
        """
        changed = {code: now for code in self.codes if (now := current(code)) != code}
        for entry in [entry for entry in self._known if entry.code in changed]:
            renewed = entry._replace(code=changed[entry.code])
            self._known[renewed] += self._known.pop(entry)
            if entry in self._inherited_by:
                subclasses = self._inherited_by.pop(entry)
                self._inherited_by.setdefault(renewed, set()).update(subclasses)
        self._left = Counter(self._known)
        return changed

    def takes(self, thing: Thing) -> bool:
        """Whether a finding is known; if so, one less like it is known from now on."""
        entry = self._of(thing)
        files = [entry.file, *self._renamed.get(entry.file, ())]
        found = [entry._replace(file=file) for file in files]
        if self._has_lines:
            found += [Entry(file, entry.code, line=thing.line()) for file in files]
        known = next((entry for entry in found if self._left[entry] > 0), None)
        if known is not None:
            self._left[known] -= 1
        return known is not None

    def follow(self, things: Iterable[Thing]) -> None:
        """Notes which files were renamed: a file that is gone had a known finding in the flow or
        function of which another file has it now.

        Args:
            things: the findings of the run.
        """
        files = {entry.file for entry in self._known}
        gone = {file for file in files if not self._exists(file)}
        if not gone:
            return
        before: dict[tuple[str, str, str], list[str]] = {}
        for entry in sorted(self._known):
            if entry.file in gone and entry.scope:
                before.setdefault((entry.code, entry.scope, entry.symbol), []).append(entry.file)
        for thing in things:
            now = self._of(thing)
            if now not in self._known:
                for file in before.get(thing.identity, ()):
                    self._renamed.setdefault(now.file, {})[file] = None

    def saw(self, path: str, checked: Callable[[str], bool]) -> None:
        """Notes that a file was checked, so that its entries can be called out of date.

        Args:
            path: the file.
            checked: whether a code would have been found, had there been reason to.
        """
        self._seen[self._relative(path)] = checked

    def _was_checked(self, entry: Entry) -> bool:
        """Whether an entry that matches nothing is out of date."""
        there = {file for file in self._inherited_by.get(entry, ()) if self._exists(file)}
        if entry.file in self._seen:
            return self._seen[entry.file](entry.code) and there <= self._seen.keys()
        return not self._exists(entry.file)

    def _exists(self, file: str) -> bool:
        return is_there(self.path.parent / file)

    def stale(self) -> dict[Entry, int]:
        """How often each entry was looked for in vain, or knows of a file that is gone."""
        return {
            entry: count
            for entry, count in sorted(self._left.items())
            if count > 0 and self._was_checked(entry)
        }

    def renewed(self, things: Iterable[Thing]) -> tuple[bytes, Changes]:
        """The file of a baseline that knows these findings, and how it differs from this one."""
        counts: Counter[Entry] = Counter()
        inherited_by: defaultdict[Entry, set[str]] = defaultdict(set)
        new: Counter[str] = Counter()
        for thing in things:
            entry = self._of(thing)
            counts[entry] += 1
            inherited_by[entry].update(map(self._relative, thing.inherited_by))
            if not self.takes(thing):
                new[entry.code] += 1
        gone: Counter[str] = Counter()
        for entry, count in self.stale().items():
            gone[entry.code] += count
        is_converted = False
        for entry, count in self._known.items():
            if self._was_checked(entry):
                is_converted |= bool(entry.line)
            else:
                # What was not checked in this run stays known.
                counts[entry] = max(count, counts[entry])
                inherited_by[entry].update(self._inherited_by.get(entry, ()))
        findings: dict[str, list[dict[str, str | int | list[str]]]] = {}
        for entry, count in sorted(counts.items()):
            shown = _shown(entry, count, sorted(inherited_by[entry]))
            findings.setdefault(entry.file, []).append(shown)
        text = as_json({"version": VERSION, "findings": findings}, indent=1) + "\n"
        return text.encode(), Changes(sum(counts.values()), new, gone, is_converted)

    def _of(self, thing: Thing) -> Entry:
        return Entry(self._relative(thing.path), *thing.identity)

    @cached_property
    def _folders(self) -> tuple[str, ...]:
        """The folder of the baseline, as it was named and without links."""
        folder = self.path.absolute().parent
        return os.path.normpath(folder), str(real(folder))

    def _relative(self, path: str) -> str:
        absolute = os.path.normpath(absolute_of(Path(path)))
        for folder in self._folders:
            if absolute.startswith(folder.rstrip(os.sep) + os.sep):
                return Path(os.path.relpath(absolute, folder)).as_posix()
        return Path(os.path.relpath(absolute, self._folders[0])).as_posix()


def describe(entry: Entry) -> str:
    """An entry, for people."""
    if entry.line:
        return f"{entry.file}: {entry.code} at `{entry.line}`"
    symbol = f" for `{entry.symbol}`" if entry.symbol else ""
    scope = f" in `{entry.scope}`" if entry.scope else ""
    return f"{entry.file}: {entry.code}{symbol}{scope}"


def _shown(entry: Entry, count: int, inherited_by: list[str]) -> dict[str, str | int | list[str]]:
    """An entry as JSON has it."""
    place: dict[str, str | int | list[str]] = {"scope": entry.scope, "symbol": entry.symbol}
    if entry.line:
        place = {"line": entry.line}
    known = {"code": entry.code, **place, "count": count}
    return {**known, "heirs": inherited_by} if inherited_by else known


def _entry(file: str, finding: Any) -> Entry:
    """An entry of a file. Raises what `json` and subscripts raise where there is none."""
    code = _text(finding["code"])
    if "line" in finding:
        return Entry(file, code, line=_text(finding["line"]))
    return Entry(file, code, _text(finding["scope"]), _text(finding["symbol"]))


def _text(value: object) -> str:
    if not isinstance(value, str) or "\0" in value:
        raise TypeError("no text")
    return value


def _count(value: object) -> int:
    if type(value) is not int or not 0 <= value <= _MOST:
        raise ValueError("no count")
    return value
