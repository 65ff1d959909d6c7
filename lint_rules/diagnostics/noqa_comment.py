"""Reading `# noqa` comments, as Ruff reads them, and telling which only look like one.

Source: Ruff 0.17 (`ruff check --select F401` on each form; the tests hold them).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NOQA = re.compile(r"#\s*(?:(?P<tool>[\w-]+)\s*:\s*)?(?P<noqa>noqa)", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]+[0-9]+")
_BETWEEN = re.compile(r"[\s,]*")
_BLANKS = re.compile(r"\s*")
_LIKE_CODE = re.compile(r"[A-Za-z]+[0-9]+|\b[A-Z]+\b")
"""What tools mean by a rule, or by a family of rules: `DAR` are those of darglint."""
_OWN = "MF"

OWN_TOOL = "metaflow-lint"
TOOLS = (OWN_TOOL, "ruff", "flake8")


@dataclass(frozen=True)
class NoqaComment:
    """A comment that suppresses findings.

    Attributes:
        start: the offset of its `#`, in the text that was looked at.
        end: the offset behind its last code, or behind `noqa`.
        codes: the codes that it names, with their offsets; all rules are meant if there are none.
        tool: the tool of one that holds for its file.
    """

    start: int
    end: int
    codes: tuple[tuple[int, str], ...]
    tool: str | None


@dataclass(frozen=True)
class Misspelled:
    """A comment that looks like one that suppresses findings, and is none or another one.

    Attributes:
        start: the offset of its `#`.
        text: the comment, as far as it matters.
        problem: what is the matter with it, and what to write instead.
    """

    start: int
    text: str
    problem: str


class _Unreadable(Exception):
    """The codes of a comment cannot be read; the message says why."""


def read_comment(text: str, *, is_alone: bool) -> tuple[NoqaComment | None, Misspelled | None]:
    """What a comment suppresses, and what to warn of.

    Args:
        text: the comment, from its first `#`.
        is_alone: whether nothing else is on its line.
    """
    for found in _NOQA.finditer(text):
        tool = found["tool"]
        if tool is None or tool.lower() in TOOLS:
            return _read(text, found, tool, is_alone=is_alone)
    return None, None


def _read(
    text: str, found: re.Match[str], tool: str | None, *, is_alone: bool
) -> tuple[NoqaComment | None, Misspelled | None]:
    start, end = found.start(), found.end()

    def misspelled(problem: str) -> tuple[None, Misspelled | None]:
        return None, _worth_telling(text, start, end, tool, problem)

    if tool is not None and tool not in TOOLS:
        return misspelled(f"write `{tool.lower()}` in small letters")
    if tool is not None and not is_alone:
        return misspelled("what holds for a file stands on a line of its own")
    behind = _BLANKS.match(text, end)
    at = behind.end() if behind else end
    if text[at : at + 1] == ":":
        try:
            codes = tuple(_codes(text, at + 1))
        except _Unreadable as error:
            return misspelled(str(error))
        if not codes:
            return misspelled("name rules by their codes: `# noqa: MF101, MF201`")
        last, code = codes[-1]
        return NoqaComment(start, last + len(code), codes, tool), None
    if text[end : end + 1].strip() not in ("", "#"):
        return misspelled("put a colon before the codes: `# noqa: MF101`")
    if tool == OWN_TOOL and _CODE.match(text, at):
        # All rules of a file is more than was meant.
        codes = tuple(_codes(text, at))
        last, final = codes[-1]
        whole = f"# {OWN_TOOL}: noqa: {', '.join(name for _, name in codes)}"
        comment = NoqaComment(start, last + len(final), codes, tool)
        return comment, Misspelled(start, text[start : comment.end], f"write `{whole}`")
    return NoqaComment(start, end, (), tool), None


def _codes(text: str, at: int) -> Iterator[tuple[int, str]]:
    """The codes from an offset on, with their offsets, up to what is none.

    Raises:
        _Unreadable: something stands right behind a code.
    """
    while True:
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
        code = _CODE.match(text, at)
        if code is None:
            return
        # Ruff reads `E501F401` as two codes.
        while code is not None:
            yield code.start(), code[0]
            at = code.end()
            code = _CODE.match(text, at)
        if text[at : at + 1].strip(" \t\f,") not in ("", "#"):
            raise _Unreadable("put a blank or a comma behind each code")


def _worth_telling(
    text: str, start: int, end: int, tool: str | None, problem: str
) -> Misspelled | None:
    """A misspelled comment, unless it is another tool's business."""
    rest = text[end:].partition("#")[0]
    codes = _LIKE_CODE.findall(rest[:200])
    if tool not in (None, OWN_TOOL) and (tool or "").lower() != OWN_TOOL:
        return None
    if codes and not any(code.upper().startswith(_OWN) for code in codes):
        return None
    return Misspelled(start, text[start:end] + rest.rstrip()[:60], problem)
