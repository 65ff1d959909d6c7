"""How a text looks after its edits: blank lines around statements that are gone, long imports.

An edit knows its own statement alone. What several edits leave behind together is put right here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from lint_rules.analysis.stdlib import STDLIB
from lint_rules.diagnostics.diagnostic import TextEdit

LONGEST_LINE = 88
"""Longer imports get parentheses, as Ruff and Black write them."""

_BLANK_AFTER = re.compile(r"(?:[ \t\f]*(?:\r\n|\r|\n))*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_INDENTED_IMPORT = re.compile(r"([ \t]+)(?:import|from)[ \t][^(\\;]*(?:#.*)?[\r\n]*\Z")
_IMPORT = re.compile(r"([ \t]*)from[ \t]+([.\w]+)[ \t]+import[ \t]+([\w \t,]+?)[ \t]*(#.*)?\Z")


def without_gaps(text: str, changes: Sequence[TextEdit]) -> list[TextEdit]:
    """The changes, and those that take away the blank lines that deleted lines leave behind.

    Of the blank lines before and after a gap the larger number stays; none stays at the start of
    the file or of a block.

    Args:
        text: the text before them.
        changes: changes that do not overlap, in the order of the text.
    """
    more: list[TextEdit] = []
    for start, end in _gaps(text, changes):
        after = _BLANK_AFTER.match(text, end)
        surplus = after[0] if after is not None else ""
        if any(c.content and start <= c.start <= end + len(surplus) for c in changes):
            # Something new stands in the gap.
            continue
        blanks, above = _blank_lines_before(text[:start])
        is_first = not above.strip("\ufeff") or _opens_block(above)
        remaining = max(0 if is_first else len(_lines(surplus)) - blanks, 0)
        if not text[end + len(surplus) :] and blanks and not is_first:
            continue
        kept = "".join(_lines(surplus)[:remaining])
        if kept != surplus:
            more.append(TextEdit(end, end + len(surplus), kept))
    return sorted([*changes, *more], key=lambda change: change.order)


def _gaps(text: str, changes: Iterable[TextEdit]) -> list[tuple[int, int]]:
    """The ranges of whole lines that are deleted: those with blank lines alone between them are
    one."""
    found: list[tuple[int, int]] = []
    for change in changes:
        is_line = change.start == 0 or text[change.start - 1] in "\r\n"
        if change.content or change.start == change.end or not is_line:
            continue
        if text[change.end - 1] not in "\r\n":
            continue
        if found and not text[found[-1][1] : change.start].strip():
            found[-1] = found[-1][0], change.end
        else:
            found.append((change.start, change.end))
    return found


def _blank_lines_before(head: str) -> tuple[int, str]:
    """How many blank lines end a text, and what stands above them."""
    lines = _lines(head)
    count = 0
    while count < len(lines) and not lines[-count - 1].strip():
        count += 1
    return count, "".join(lines[: len(lines) - count])


def _found(pattern: re.Pattern[str], text: str) -> str:
    match = pattern.search(text)
    return match[0] if match else ""


def _lines(blanks: str) -> list[str]:
    return blanks.splitlines(keepends=True)


def _opens_block(above: str) -> bool:
    """Whether a text ends with the line that begins a block."""
    last = above.rstrip("\r\n")
    last = last[max(last.rfind("\n"), last.rfind("\r")) + 1 :]
    return last.split("#")[0].rstrip().endswith(":")


def with_sorted_imports(before: str, after: str) -> str:
    """A text in which the imports of functions that are new stand where isort and Ruff put them
    among those above and below, with a blank line after the standard library's.

    Imports that were in another order before stay as they are.
    """
    lines = after.splitlines(keepends=True)
    row = 0
    while row < len(lines):
        end = _end_of_imports(lines, row)
        block = [line for line in lines[row:end] if line.strip()]
        is_new = "".join(lines[row:end]) not in before
        if len(block) > 1 and is_new and _was_sorted(block, before):
            ordered = _in_sections(block)
            lines[row:end] = ordered
            end = row + len(ordered)
        row = max(end, row + 1)
    return "".join(lines)


def _end_of_imports(lines: list[str], row: int) -> int:
    """The row behind the imports of a function that begin in a row."""
    first = _INDENTED_IMPORT.match(lines[row])
    end = row
    while first is not None and row < len(lines):
        match = _INDENTED_IMPORT.match(lines[row])
        if match is not None and match[1] == first[1]:
            end = row + 1
        elif lines[row].strip() or row > end:
            break
        row += 1
    return end


def _was_sorted(block: list[str], before: str) -> bool:
    """Whether the imports that stood next to each other before were in order."""
    pairs = pairwise(block)
    return all(
        _import_order(one) <= _import_order(other) for one, other in pairs if one + other in before
    )


def _in_sections(block: list[str]) -> list[str]:
    ordered = sorted(block, key=_import_order)
    newline = _found(_LINE_END, ordered[0])
    found: list[str] = []
    for number, line in enumerate(ordered):
        if number and _import_order(line)[0] != _import_order(ordered[number - 1])[0]:
            found.append(newline)
        found.append(line)
    return found


def _import_order(line: str) -> tuple[int, bool, str]:
    """Where an import stands: the standard library, then others; `import` before `from`."""
    words = line.split("#")[0].replace(",", " ").split()
    module = words[1]
    package = module.partition(".")[0]
    section = 2 if not package else 0 if package in STDLIB else 1
    return (-1 if package == "__future__" else section, words[0] == "from", module.lower())


def with_wrapped_imports(before: str, after: str) -> str:
    """A text in which imports that have become too long stand in parentheses."""
    known = set(before.splitlines())
    lines = after.splitlines(keepends=True)
    if all(len(line) <= LONGEST_LINE for line in lines):
        return after
    return "".join(line if line.rstrip("\r\n") in known else _wrapped(line) for line in lines)


def _wrapped(line: str) -> str:
    bare = line.rstrip("\r\n")
    match = _IMPORT.match(bare)
    if match is None or len(bare) <= LONGEST_LINE:
        return line
    indent, module, names, comment = match.groups()
    if comment and len(bare) - len(comment) <= LONGEST_LINE:
        return line
    newline = _found(_LINE_END, line) or "\n"
    items = [name.strip() for name in names.split(",") if name.strip()]
    head = f"{indent}from {module} import ("
    listed = [f"{indent}    {item}," for item in items]
    first = f"{head}  {comment}" if comment else head
    return newline.join([first, *listed, f"{indent}){line[len(bare) :]}"])
