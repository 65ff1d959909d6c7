"""Drawings in Markdown documents, between two comments, and whether they are current.

    <!-- metaflow-lint graph -->
    …
    <!-- /metaflow-lint graph -->

The first comment may say what is drawn: `--flow NAME`, and paths from the document's folder.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

BEGIN = "<!-- metaflow-lint graph -->"
END = "<!-- /metaflow-lint graph -->"
EMPTY = "There are no flows yet."

_BEGINS = re.compile(r"<!--\s*metaflow-lint graph(?:(?=\s)([^\n]*))?-->")
_ENDS = re.compile(r"<!--\s*/metaflow-lint graph\s*-->")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


class DocumentError(Exception):
    """A document has no place for a drawing, or one that cannot be understood."""


@dataclass(frozen=True)
class Words:
    """What the first comment asks for.

    Attributes:
        row: the line on which it stands, from 1.
        paths: files and folders, from the document's folder; none for all of it.
        flow: the flow whose steps are drawn.
    """

    row: int
    paths: tuple[str, ...] = ()
    flow: str | None = None


@dataclass
class Renewed:
    """A document with its drawings as they should be.

    Attributes:
        text: its text.
        stale: what is drawn where it was not current.
    """

    text: str
    stale: list[Words] = field(default_factory=list)


def renewed(text: str, draw: Callable[[Words], str | None]) -> Renewed:
    """A document's text with its drawings made anew.

    Args:
        text: the text; its newlines are kept.
        draw: makes a drawing in Mermaid, `None` if there are no flows.

    Raises:
        DocumentError: there are no comments to draw between, one has no other, or what the first
            says is not understood.
    """
    lines = text.splitlines(keepends=True)
    newline = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    result = Renewed("")
    made: list[str] = []
    position = 0
    for words, start, end in _places(lines):
        drawn = draw(words)
        fenced = EMPTY if drawn is None else f"```mermaid\n{drawn.rstrip()}\n```"
        wanted = [f"{line}{newline}" for line in fenced.splitlines()]
        if lines[start:end] != wanted:
            result.stale.append(words)
        made += [*lines[position:start], *wanted]
        position = end
    if not position:
        raise DocumentError(
            f"there is no place for a drawing: put the lines `{BEGIN}` and `{END}` "
            "where it should stand"
        )
    result.text = "".join([*made, *lines[position:]])
    return result


def _places(lines: list[str]) -> Iterator[tuple[Words, int, int]]:
    """What is to be drawn, and the first line and the end of each place for it."""
    words: Words | None = None
    start = 0
    fence = ""
    for index, line in enumerate(lines):
        if words is not None:
            if _ENDS.fullmatch(line.strip()):
                yield words, start, index
                words = None
            elif _BEGINS.fullmatch(line.strip()):
                break
            continue
        mark = _FENCE.match(line)
        if mark and (not fence or (line.strip() == mark[1] and mark[1].startswith(fence))):
            fence = "" if fence else mark[1]
        begin = _BEGINS.fullmatch(line.strip())
        if begin and not fence:
            words, start = _understood(begin[1] or "", index + 1), index + 1
    if words is not None:
        raise DocumentError(f"line {words.row}: the drawing has no end: put a line `{END}`")


def _understood(text: str, row: int) -> Words:
    try:
        given = shlex.split(text)
    except ValueError as error:
        raise DocumentError(f"line {row}: {text.strip()}: {error}") from error
    paths: list[str] = []
    flow: str | None = None
    rest = iter(given)
    for word in rest:
        if word == "--flow":
            flow = next(rest, None)
            if flow is None:
                raise DocumentError(f"line {row}: `--flow` needs the name of a flow")
        elif word.startswith("--flow="):
            flow = word.removeprefix("--flow=")
        elif word.startswith("-"):
            raise DocumentError(
                f"line {row}: only `--flow NAME` and paths are allowed, not `{word}`"
            )
        else:
            paths.append(word)
    return Words(row, tuple(paths), flow)
