"""Patterns of `.gitignore`, matched as git matches them, in time that grows linearly.

Patterns may come from anybody, so none may take long: `wildmatch.py` matches one segment of a path,
and segments between `**` are matched in the same way.

Sources: gitignore(5); git's `dir.c`, which reads the lines.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lint_rules.workspace.wildmatch import (
    STARS,
    PatternError,
    Segment,
    segment_of,
    split,
    tokens_of,
)


class Patterns:
    """The patterns of some lines: of those that match a path, the last one decides.

    Args:
        lines: the lines, with or without their ends.
        strict: whether a line that can never match is an error; in a `.gitignore` it is none.

    Raises:
        PatternError: a line can never match, and `strict` is set.
    """

    def __init__(self, lines: Iterable[str], *, strict: bool = False) -> None:
        self._names: dict[bytes, list[_Pattern]] = {}
        self._others: list[_Pattern] = []
        for number, line in enumerate(lines):
            try:
                pattern = _pattern(line.encode("utf-8", "surrogateescape"), number)
            except PatternError as error:
                if strict:
                    raise PatternError(f"`{line}`: {error}") from None
                continue
            if pattern is None:
                continue
            if pattern.name is not None:
                self._names.setdefault(pattern.name, []).append(pattern)
            else:
                self._others.append(pattern)
        self._others.reverse()

    def verdict(self, path: str, *, is_folder: bool) -> bool | None:
        """Whether the patterns leave a path out, `None` if none of them matches it.

        Args:
            path: the path from the folder of the patterns, with slashes.
            is_folder: whether it is a folder's.
        """
        return self._verdict(tuple(os.fsencode(path).split(b"/")), is_folder=is_folder)

    def excludes(self, path: str, *, is_folder: bool) -> bool:
        """Whether the patterns leave a path out, or a folder that it is in."""
        segments = tuple(os.fsencode(path).split(b"/"))
        return any(
            self._verdict(segments[:end], is_folder=is_folder or end < len(segments))
            for end in range(1, len(segments) + 1)
        )

    def _verdict(self, segments: tuple[bytes, ...], *, is_folder: bool) -> bool | None:
        last: _Pattern | None = None
        for pattern in reversed(self._names.get(segments[-1], ())):
            if is_folder or not pattern.folders_only:
                last = pattern
                break
        for pattern in self._others:
            if last is not None and pattern.number < last.number:
                break
            if (is_folder or not pattern.folders_only) and pattern.matches(segments):
                last = pattern
                break
        return None if last is None else not last.is_negated


@lru_cache(maxsize=256)
def patterns(lines: tuple[str, ...], *, strict: bool = False) -> Patterns:
    """The patterns of some lines, which many files are asked about. Raises as `Patterns`."""
    return Patterns(lines, strict=strict)


@dataclass(frozen=True)
class _Pattern:
    """One pattern.

    Attributes:
        number: its place among the lines.
        is_negated: whether it takes back what others leave out.
        folders_only: whether it matches folders alone.
        name: the one name that it matches, in any folder, if it has no wildcard.
        anywhere: whether it matches the last segment in any folder.
        runs: its segments, in runs that `**` separates.
        begins, ends: whether the first run starts the path, and the last one ends it.
    """

    number: int
    is_negated: bool
    folders_only: bool
    name: bytes | None = None
    anywhere: bool = False
    runs: tuple[tuple[Segment, ...], ...] = ()
    begins: bool = True
    ends: bool = True

    def matches(self, segments: Sequence[bytes]) -> bool:
        """Whether a path, in its segments, is matched."""
        if self.anywhere:
            return self.runs[0][0].matches(segments[-1])
        runs = list(self.runs)
        start, end = 0, len(segments)
        if sum(map(len, runs)) > end:
            return False
        if self.begins:
            first = runs.pop(0)
            if not _fits(first, segments, 0):
                return False
            start = len(first)
            if not runs:
                return start == end if self.ends else start < end
        if self.ends:
            last = runs.pop()
            end -= len(last)
            if end < start or not _fits(last, segments, end):
                return False
        else:
            end -= 1  # `a/**` matches what is in `a`, not `a`
        for run in runs:
            while start + len(run) <= end and not _fits(run, segments, start):
                start += 1
            if start + len(run) > end:
                return False
            start += len(run)
        return start <= end


def _fits(run: Sequence[Segment], segments: Sequence[bytes], start: int) -> bool:
    if start + len(run) > len(segments):
        return False
    return all(segment.matches(segments[start + n]) for n, segment in enumerate(run))


def _pattern(line: bytes, number: int) -> _Pattern | None:
    """The pattern of a line, `None` for a comment or an empty one.

    Raises:
        PatternError: it can never match.
    """
    text = _without_trailing_blanks(line.removesuffix(b"\n").removesuffix(b"\r"))
    if not text or text.startswith(b"#"):
        return None
    is_negated = text.startswith(b"!")
    text = text[is_negated:]
    folders_only = text.endswith(b"/")
    text = text[: len(text) - folders_only]
    if not text.strip(b"/"):
        raise PatternError("this matches nothing: there is no name in it")
    if b"/" not in text:
        segment = segment_of(tokens_of(text))
        name = segment.literals[0] if segment.literals and len(segment.literals) == 1 else None
        return _Pattern(number, is_negated, folders_only, name, anywhere=True, runs=((segment,),))
    segments = split(tokens_of(text.removeprefix(b"/")))
    begins, ends = segments[0] != [STARS], segments[-1] != [STARS]
    all_runs: list[tuple[Segment, ...]] = []
    run: list[Segment] = []
    for tokens in segments:
        if tokens == [STARS]:
            all_runs.append(tuple(run))
            run = []
        elif tokens:
            run.append(segment_of(tokens))
        else:
            raise PatternError("this matches nothing: there is no name between two slashes")
    all_runs.append(tuple(run))
    found = tuple(run for run in all_runs if run)
    return _Pattern(number, is_negated, folders_only, None, False, found, begins, ends)


def _without_trailing_blanks(line: bytes) -> bytes:
    """A line without the spaces at its end, but for one behind a backslash."""
    kept = line.rstrip(b" ")
    slashes = len(kept) - len(kept.rstrip(b"\\"))
    return kept + b" " if slashes % 2 and len(kept) < len(line) else kept
