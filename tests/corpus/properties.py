"""What must hold on any Python file: nothing crashes, and fixes do no harm."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from lint_rules.findings import Diagnostic, Safety
from lint_rules.linter import Linter, load
from lint_rules.registry import all_rules
from lint_rules.settings import Settings
from lint_rules.source import Source

EVERYTHING = Settings(select=("ALL",))


def problems(path: Path, linter: Linter | None = None) -> Iterator[str]:
    """What does not hold for a file, a line for each; nothing for a file that is well treated."""
    linter = linter or Linter(all_rules())
    source = load(path)
    if isinstance(source, Diagnostic):
        if parses(path.read_bytes()):
            yield f"{path}: {source.message}, and Python reads it"
        return
    found = linter.check(source, EVERYTHING)
    for diagnostic in found:
        if diagnostic.code == "MF900" and parses(source.text):
            yield f"{path}: {diagnostic.message}, and Python reads it"
        if not diagnostic.message or not diagnostic.help:
            yield f"{path}: {diagnostic.code} says nothing"
        if not 1 <= diagnostic.start.row <= diagnostic.end.row <= len(source.line_starts):
            yield f"{path}: {diagnostic.code} is outside of the file"
    if path.suffix != ".ipynb":
        for safeties in ({Safety.SAFE}, set(Safety)):
            yield from _fixed(path, source, linter, safeties)


def _fixed(path: Path, source: Source, linter: Linter, safeties: set[Safety]) -> Iterator[str]:
    fixed = linter.fix(source, EVERYTHING, safeties)
    kind = "all fixes" if len(safeties) > 1 else "safe fixes"
    if fixed.problem:
        yield f"{path}: {kind}: {fixed.problem}"
    if fixed.count == 0:
        return
    after = fixed.source.text
    if parses(source.text) and not parses(after):
        yield f"{path}: {kind} leave what Python does not read"
    if linter.fix(fixed.source, EVERYTHING, safeties).count:
        yield f"{path}: {kind} find more to do the second time"
    # A reason goes with the `noqa` that it was for, and a moved import may drop its comment.
    lost = comments(source.text) - comments(after)
    kept = [c for c in lost if "noqa" not in c and not _beside_import(c, source.text)]
    if kept:
        yield f"{path}: {kind} lose the comment {kept[0]!r}"
    kept_lines = Counter(source.text.splitlines()) - Counter(after.splitlines())
    if sum(kept_lines.values()) > 8 * fixed.count + 8:
        yield f"{path}: {kind} change {sum(kept_lines.values())} lines for {fixed.count} findings"


def _beside_import(comment: str, text: str) -> bool:
    """Whether a comment stands on the line of an import, or of a name in one."""
    for line in text.splitlines():
        code = line.partition(comment)[0].strip() if comment in line else ""
        if code.startswith(("from ", "import ")) or code.endswith(("(", ",")):
            return True
    return False


def parses(code: str | bytes) -> bool:
    """Whether this Python reads a text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def comments(text: str) -> Counter[str]:
    """The comments of a text, as far as they can be read."""
    found: Counter[str] = Counter()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found[token.string] += 1
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    return found
