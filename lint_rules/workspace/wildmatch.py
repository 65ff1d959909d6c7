"""The patterns of one name, as git's `wildmatch.c` reads and matches them, in linear time.

A name is matched from one piece without `*` to the next, each searched for once and never again.
As in git, names are bytes and a `?` is one byte.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

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


@dataclass(frozen=True)
class Segment:
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


_SLASH, _STAR, STARS = b"/", b"*", b"**"
"""The tokens that are no byte of a name; the others are regular expressions for one byte."""


def tokens_of(text: bytes) -> list[bytes]:
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
            tokens.append(STARS if at > stars else _STAR)
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


def split(tokens: Sequence[bytes]) -> list[list[bytes]]:
    """The tokens of each segment. Stars beside something else in a segment are one star."""
    segments: list[list[bytes]] = [[]]
    for token in tokens:
        if token == _SLASH:
            segments.append([])
        else:
            segments[-1].append(token)
    return segments


def segment_of(tokens: Sequence[bytes]) -> Segment:
    """The pattern for one segment that some tokens make up."""
    pieces: list[list[bytes]] = [[]]
    for token in tokens:
        if token in (_STAR, STARS):
            pieces.append([])
        else:
            pieces[-1].append(token)
    return Segment(tuple(map(tuple, pieces)), _literals(pieces))


def _literals(pieces: Sequence[Sequence[bytes]]) -> tuple[bytes, ...] | None:
    """The pieces as bytes, `None` if one has a wildcard."""
    found = []
    for piece in pieces:
        literal = b""
        for token in piece:
            if token == b"." or (token.startswith(b"[")):
                return None
            literal += token[-1:]
        found.append(literal)
    return tuple(found)
