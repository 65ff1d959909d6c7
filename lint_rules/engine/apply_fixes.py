"""Fixes the files of a run together: a fix that changes several files changes all or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import Diagnostic, Safety, TextEdit
from lint_rules.fixes.edits import apply, compatible
from lint_rules.workspace.source import Source

if TYPE_CHECKING:
    from lint_rules.engine.linter import Linter
    from lint_rules.settings.options import Settings

MOST_PASSES = 20

Group = dict[str, Sequence[TextEdit]]
"""What one fix changes, by the paths of files."""


@dataclass(frozen=True)
class FixResult:
    """Some files after their fixes.

    Attributes:
        before: the files as they were, also those that only a fix brought in.
        sources: the files as they are to be, in the same order.
        together: the paths of those that changed, in sets that are written as one.
        remaining: the diagnostics that remain.
        count: how many fixes were made.
        problems: a sentence for each file in which fixing stopped early.
    """

    before: list[Source]
    sources: list[Source]
    together: list[set[str]]
    remaining: list[Diagnostic]
    count: int
    problems: list[str]


def apply_fixes(
    linter: Linter,
    sources: Iterable[Source],
    settings_of: Callable[[Source], Settings],
    safeties: set[Safety],
) -> FixResult:
    """Applies fixes to files and reads them again until nothing changes.

    Files see each other as they are to be. A change after which a file cannot be read is thrown
    away with all that belongs to it. Nothing is written. Raises as `Linter.check`.
    """
    files = {str(source.path): source for source in sources}
    before = dict(files)
    stuck: set[str] = set()
    together: list[set[str]] = []
    problems: list[str] = []
    count = 0
    given = linter.snapshot
    try:
        diagnostics = linter.check_all(files.values(), settings_of)
        for _ in range(MOST_PASSES):
            wanted = (_group(d) for d in diagnostics if d.safety in safeties)
            groups = [group for group in wanted if group and stuck.isdisjoint(group)]
            changes, made = compatible(groups)
            if not changes:
                break
            for path in changes.keys() - files.keys():
                # Nothing in it could matter so far.
                at = linter.snapshot.real(Path(path))
                content = linter.snapshot.files(at.parent).read(at)
                found = Source.decode(Path(path), content)
                files[path] = before[path] = found
            fixed = {
                path: files[path].with_text(apply(files[path].text, edits))
                for path, edits in changes.items()
            }
            broken = [path for path, source in fixed.items() if not linter.can_read(source)]
            if broken:
                stuck.update(broken)
                why = "a fix would have broken the syntax, and was not made"
                problems += [f"{path}: {why}" for path in broken]
                continue
            files |= fixed
            linter.snapshot = linter.snapshot.with_texts(
                {
                    linter.snapshot.real(source.path): source.encode(source.text)
                    for path, source in fixed.items()
                    if path != "-"
                }
            )
            for group in made:
                _join(together, set(group))
            count += len(made)
            diagnostics = linter.check_all(files.values(), settings_of)
        else:
            why = f"the fixes did not come to an end after {MOST_PASSES} passes"
            left = {path for d in diagnostics if d.safety in safeties for path in _group(d)}
            problems += [f"{path}: {why}" for path in sorted(left)]
    finally:
        linter.snapshot = given
    return FixResult(
        list(before.values()), list(files.values()), together, diagnostics, count, problems
    )


def _group(diagnostic: Diagnostic) -> Group:
    """What the fix of a diagnostic changes in each file."""
    here: Group = {diagnostic.path: diagnostic.edits} if diagnostic.edits else {}
    return {**here, **{beside.path: beside.edits for beside in diagnostic.edits_in_other_files}}


def _join(sets: list[set[str]], more: set[str]) -> None:
    """Adds a set to disjoint ones; those that share something with it become one with it."""
    touched = [known for known in sets if not known.isdisjoint(more)]
    sets[:] = [known for known in sets if known.isdisjoint(more)]
    sets.append(more.union(*touched))
