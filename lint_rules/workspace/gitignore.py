"""Patterns of `.gitignore`, matched as git matches them, in time that grows linearly.

Anybody may bring patterns along, so none may take long. A segment of a path is matched from one
piece without `*` to the next, each searched for once and never again; segments between `**` are
matched in the same way. As in git, paths are bytes and a `?` is one byte.

Sources: gitignore(5); git's `dir.c` (how a line is read) and `wildmatch.c` (what matches).
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

_CLASSES = {
    b"alnum": rb"0-9A-Za-z",
    b"alpha": rb"A-Za-z",
    b"blank": rb" \t",
    b"cntrl": rb"\x00-\x1f\x7f",
    b"digit": rb"0-9",
    b"graph": rb"!-~",
    b"lower": rb"a-z",
    b"print": rb" -~",
    b"punct": rb"!-/:-@\[-`{-~",
    b"space": rb" \t-\r",
    b"upper": rb"A-Z",
    b"xdigit": rb"0-9A-Fa-f",
}
_NEVER = rb"[^\x00-\xff]"


class PatternError(ValueError):
    """A pattern that matches nothing because of how it is written; the message says why."""


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
    runs: tuple[tuple[_Segment, ...], ...] = ()
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


def _fits(run: Sequence[_Segment], segments: Sequence[bytes], start: int) -> bool:
    if start + len(run) > len(segments):
        return False
    return all(segment.matches(segments[start + n]) for n, segment in enumerate(run))


@dataclass(frozen=True)
class _Segment:
    """A pattern for one segment: pieces with `*` between them.

    Attributes:
        pieces: a list of regular expressions, each of one byte, for each piece.
        literals: the pieces as bytes, where they are all literal.
    """

    pieces: tuple[tuple[bytes, ...], ...]
    literals: tuple[bytes, ...] | None

    @cached_property
    def _length(self) -> int:
        return sum(map(len, self.pieces))

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[bytes], ...]:
        return tuple(re.compile(b"".join(piece), re.DOTALL) for piece in self.pieces)

    def matches(self, name: bytes) -> bool:
        """Whether a name is matched."""
        if len(name) < self._length:
            return False
        return self._matches_literally(name) if self.literals else self._matches(name)

    def _matches_literally(self, name: bytes) -> bool:
        first, *rest = self.literals or ()
        if not rest:
            return name == first
        start, end = len(first), len(name) - len(rest[-1])
        if start > end or not (name.startswith(first) and name.endswith(rest[-1])):
            return False
        for piece in rest[:-1]:
            at = name.find(piece, start, end)
            if at < 0:
                return False
            start = at + len(piece)
        return True

    def _matches(self, name: bytes) -> bool:
        first, *rest = self._compiled
        if not rest:
            return first.fullmatch(name) is not None
        start, end = len(self.pieces[0]), len(name) - len(self.pieces[-1])
        if start > end or not first.match(name) or not rest[-1].match(name, end):
            return False
        for piece in rest[:-1]:
            # A piece is of one length, so that a search neither backtracks nor has a choice.
            found = piece.search(name, start, end)
            if found is None:
                return False
            start = found.end()
        return True


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
        segment = _segment(_tokens(text))
        name = segment.literals[0] if segment.literals and len(segment.literals) == 1 else None
        return _Pattern(number, is_negated, folders_only, name, anywhere=True, runs=((segment,),))
    segments = _split(_tokens(text.removeprefix(b"/")))
    begins, ends = segments[0] != [_STARS], segments[-1] != [_STARS]
    all_runs: list[tuple[_Segment, ...]] = []
    run: list[_Segment] = []
    for tokens in segments:
        if tokens == [_STARS]:
            all_runs.append(tuple(run))
            run = []
        elif tokens:
            run.append(_segment(tokens))
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


_SLASH, _STAR, _STARS = b"/", b"*", b"**"
"""The tokens that are no byte of a name; the others are regular expressions for one byte."""


def _tokens(text: bytes) -> list[bytes]:
    """What a pattern is made of.

    Raises:
        PatternError: a bracket or a backslash is not completed.
    """
    tokens: list[bytes] = []
    at = 0
    while at < len(text):
        byte = text[at : at + 1]
        at += 1
        if byte == b"*":
            stars = at
            while text[at : at + 1] == b"*":
                at += 1
            tokens.append(_STARS if at > stars else _STAR)
        elif byte == b"?":
            tokens.append(rb".")
        elif byte == b"[":
            token, at = _set(text, at)
            tokens.append(token)
        elif byte == b"/":
            tokens.append(_SLASH)
        elif byte == b"\\":
            if at == len(text):
                raise PatternError("this matches nothing: nothing follows the backslash")
            literal = text[at : at + 1]
            tokens.append(_SLASH if literal == b"/" else re.escape(literal))
            at += 1
        else:
            tokens.append(re.escape(byte))
    return tokens


def _set(text: bytes, at: int) -> tuple[bytes, int]:
    """A regular expression for the set whose bracket ends at an offset, and the offset behind it.

    Raises:
        PatternError: the set is not closed, or names a class that does not exist.
    """
    unclosed = PatternError("this matches nothing: a `[` is not closed")
    is_negated = text[at : at + 1] in (b"!", b"^")
    at += is_negated
    members: list[bytes] = []
    before: int | None = None  # the byte that a range may begin with
    first = True
    while True:
        if at >= len(text):
            raise unclosed
        byte = text[at]
        if byte == ord("]") and not first:
            break
        first = False
        if byte == ord("\\"):
            at += 1
            if at >= len(text):
                raise unclosed
            before = text[at]
            members.append(_byte(before))
        elif byte == ord("-") and before is not None and text[at + 1 : at + 2] not in (b"", b"]"):
            at += 1
            if text[at] == ord("\\"):
                at += 1
                if at >= len(text):
                    raise unclosed
            if before <= text[at]:
                members.append(_byte(before) + b"-" + _byte(text[at]))
            before = None
        elif text.startswith(b"[:", at):
            end = text.find(b"]", at + 2)
            if end < 0:
                raise unclosed
            if end > at + 2 and text[end - 1] == ord(":"):
                name = text[at + 2 : end - 1]
                if name not in _CLASSES:
                    listed = name.decode(errors="replace")
                    raise PatternError(f"this matches nothing: there is no class `[:{listed}:]`")
                members.append(_CLASSES[name])
                before, at = None, end
            else:
                before = byte
                members.append(_byte(byte))
        else:
            before = byte
            members.append(_byte(byte))
        at += 1
    if not members:
        return (rb"[^/]" if is_negated else _NEVER), at + 1
    listed_members = b"".join(members)
    # As in git, a set never matches a slash; no name has one.
    return (b"[^" if is_negated else b"[") + listed_members + b"]", at + 1


def _byte(byte: int) -> bytes:
    return b"\\x%02x" % byte


def _split(tokens: Sequence[bytes]) -> list[list[bytes]]:
    """The tokens of each segment. Stars beside something else in a segment are one star."""
    segments: list[list[bytes]] = [[]]
    for token in tokens:
        if token == _SLASH:
            segments.append([])
        else:
            segments[-1].append(token)
    return segments


def _segment(tokens: Sequence[bytes]) -> _Segment:
    pieces: list[list[bytes]] = [[]]
    for token in tokens:
        if token in (_STAR, _STARS):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return _Segment(tuple(map(tuple, pieces)), _literals(pieces))


def _literals(pieces: Sequence[Sequence[bytes]]) -> tuple[bytes, ...] | None:
    """The pieces as bytes, `None` where one has a wildcard."""
    found = []
    for piece in pieces:
        literal = b""
        for token in piece:
            if token == b"." or (token.startswith(b"[")):
                return None
            literal += token[-1:]
        found.append(literal)
    return tuple(found)
