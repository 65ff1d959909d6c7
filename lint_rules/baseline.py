"""The baseline: findings that were there when a team began, kept outside the sources."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from lint_rules.findings import Diagnostic
from lint_rules.report.text import as_json
from lint_rules.settings import SettingsError
from lint_rules.source import Source
from lint_rules.write import write

VERSION = 1

Key = tuple[str, str, str]
"""Path from the baseline's folder, code, and the text of the line without its indentation."""


class Baseline:
    """Findings that are known and not to be shown.

    A finding is recognised by its file, its rule and the text of its line, so that the baseline
    holds when lines move.

    Args:
        path: the baseline's file.
        known: how often each finding is known.
    """

    def __init__(self, path: Path, known: Counter[Key]) -> None:
        self.path = path
        self._known = known
        self._left = Counter(known)
        self._seen: dict[str, Callable[[str], bool]] = {}

    @classmethod
    def read(cls, path: Path) -> Baseline:
        """The baseline of a file; one that does not exist is empty.

        Raises:
            SettingsError: the file is no baseline.
        """
        known: Counter[Key] = Counter()
        if not path.exists():
            return cls(path, known)
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["version"] != VERSION:
                raise SettingsError(
                    f"{path}: this baseline has version {content['version']!r}, and {VERSION} is "
                    "understood. Write it anew with `--write-baseline`."
                )
            for file, findings in content["findings"].items():
                for finding in findings:
                    known[file, finding["code"], finding["line"]] += int(finding["count"])
        except (
            AttributeError,
            KeyError,
            OverflowError,
            RecursionError,
            TypeError,
            ValueError,
        ) as error:
            raise SettingsError(
                f"{path}: this is no baseline. Write it anew with `--write-baseline`."
            ) from error
        return cls(path, known)

    def new(
        self, diagnostics: Iterable[Diagnostic], source_of: Callable[[str], Source]
    ) -> list[Diagnostic]:
        """The diagnostics that the baseline does not know."""
        fresh = []
        for diagnostic in diagnostics:
            key = self._key(diagnostic, source_of(diagnostic.path))
            if self._left[key] > 0:
                self._left[key] -= 1
            else:
                fresh.append(diagnostic)
        return fresh

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
        if file in self._seen:
            return self._seen[file](code)
        return not (self.path.parent / file).exists()

    def stale(self) -> list[str]:
        """A line for each entry that was looked for in vain, or whose file is gone."""
        return [
            f"{key[0]}: {key[1]} at `{key[2]}`"
            for key, count in sorted(self._left.items())
            if count > 0 and self._was_checked(key)
        ]

    def write(self, diagnostics: Iterable[Diagnostic], source_of: Callable[[str], Source]) -> int:
        """Writes a baseline that knows these diagnostics, and says how many they are."""
        counts = Counter(self._key(d, source_of(d.path)) for d in diagnostics)
        # What was not checked in this run stays known.
        counts.update({k: n for k, n in self._known.items() if not self._was_checked(k)})
        findings: dict[str, list[dict[str, str | int]]] = {}
        for (file, code, line), count in sorted(counts.items()):
            findings.setdefault(file, []).append({"code": code, "line": line, "count": count})
        content = {"version": VERSION, "findings": findings}
        text = as_json(content, indent=1) + "\n"
        write(self.path, text.encode())
        return sum(counts.values())

    def _key(self, diagnostic: Diagnostic, source: Source) -> Key:
        line = source.line(diagnostic.start.row).strip()
        return self._relative(diagnostic.path), diagnostic.code, line

    def _relative(self, path: str) -> str:
        absolute = Path(path).absolute()
        folder = self.path.absolute().parent
        try:
            return absolute.relative_to(folder).as_posix()
        except ValueError:
            return absolute.as_posix()
