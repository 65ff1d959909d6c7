"""What must hold on any Python file: nothing crashes, and fixes do no harm."""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

from lint_rules.analysis.imports import ImportResolver
from lint_rules.diagnostics.diagnostic import Diagnostic, Safety
from lint_rules.engine.apply_fixes import FixResult, apply_fixes
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.sources import decoded
from lint_rules.model.code import Class, Definition, Function
from lint_rules.settings.options import Settings
from lint_rules.syntax.comments import comments_of
from lint_rules.syntax.errors import CannotRead
from lint_rules.syntax.parse_cache import module_of
from lint_rules.workspace.notebook import Notebook
from lint_rules.workspace.source import Source
from tests.corpus.lowerings import differences, is_plain
from tests.corpus.meaning import compiles, meaning

EVERYTHING = Settings(select=("ALL",))
REPAIRS = frozenset({"MF406", "MF607", "MF808", "MF809", "MF815", "MF820", "MF822"})
"""Rules whose safe fixes change what a flow does, since it is refused or always fails before."""


def problems(path: Path, linter: Linter | None = None) -> Iterator[str]:
    """What does not hold for a file, a line for each; nothing for a file that is well treated."""
    yield from problems_in(path, path.read_bytes(), linter or Linter(all_rules()))


def problems_in(path: Path, content: bytes, linter: Linter) -> Iterator[str]:
    """What does not hold for a file of some bytes. Nothing is read from `path` or written there."""
    source = decoded(path, content, linter.snapshot)
    if isinstance(source, Diagnostic):
        return
    if source.text and path.suffix != ".ipynb" and source.encode(source.text) != content:
        yield f"{path}: its text does not come to its bytes again"
    yield from _misplaced(path, source)
    found = linter.check(source, EVERYTHING)
    for diagnostic in found:
        if diagnostic.code == "MF900" and parses(source.text):
            yield f"{path}: {diagnostic.message}, and Python reads it"
        if not diagnostic.message or not diagnostic.help:
            yield f"{path}: {diagnostic.code} says nothing"
        whole = source.cell(diagnostic.cell or 0) if isinstance(source, Notebook) else source
        if not _is_inside(diagnostic, whole):
            yield f"{path}: {diagnostic.code} is outside of the file"
    if path.suffix != ".ipynb":
        for safeties in ({Safety.SAFE}, set(Safety)):
            yield from _fixed(path, source, linter, safeties)


def _misplaced(path: Path, source: Source) -> Iterator[str]:
    """The things that do not stand where the reader says."""
    try:
        module = module_of(source.text, ImportResolver())
    except CannotRead:
        return
    for thing in (named for definition in module.definitions for named in _all_named(definition)):
        start, end = thing.name_location.range
        if normalize("NFKC", source.text[start:end]) != normalize("NFKC", thing.name):
            yield f"{path}: {thing.name!r} stands where {source.text[start:end]!r} is"
    for offset, comment in comments_of(source.text).comments:
        if not source.text.startswith(comment, offset):
            yield f"{path}: the comment {comment!r} is not where it should be"
    if is_plain(source.text):
        yield from (f"{path}: {difference}" for difference in differences(source.text))


def _all_named(definition: Definition) -> Iterator[Definition]:
    yield definition
    for statement in definition.body:
        if isinstance(statement, Class | Function):
            yield from _all_named(statement)


def _is_inside(diagnostic: Diagnostic, source: Source) -> bool:
    """Whether a diagnostic, and its fix, start and end in lines that there are."""
    places = (diagnostic.start, diagnostic.end)
    return (
        all(1 <= place.row <= len(source.line_starts) for place in places)
        and all(1 <= place.column <= len(source.line(place.row)) + 1 for place in places)
        and (places[0].row, places[0].column) <= (places[1].row, places[1].column)
        and all(0 <= edit.start <= edit.end <= len(source.text) for edit in diagnostic.edits)
    )


def fixed(source: Source, linter: Linter, safeties: set[Safety]) -> FixResult:
    """A file as `check --fix` makes it, if it alone is given."""
    linter.expect([source.path])
    return apply_fixes(linter, [source], lambda _: EVERYTHING, safeties)


def _fixed(path: Path, source: Source, linter: Linter, safeties: set[Safety]) -> Iterator[str]:
    done = fixed(source, linter, safeties)
    kind = "all fixes" if len(safeties) > 1 else "safe fixes"
    for problem in done.problems:
        yield f"{kind}: {problem}"
    if done.count == 0:
        return
    (after_fixes,) = done.sources
    after = after_fixes.text
    if compiles(source.text):
        if not compiles(after):
            yield f"{path}: {kind} leave what Python does not compile"
        elif (
            safeties == {Safety.SAFE}
            and meaning(source.text) != meaning(after)
            and not any(d.code in REPAIRS for d in linter.check(source, EVERYTHING))
        ):
            yield f"{path}: {kind} change more than they say"
    if fixed(after_fixes, linter, safeties).count:
        yield f"{path}: {kind} find more to do the second time"
    # A reason goes with the `noqa` that it was for, and a moved import may drop its comment.
    lost = comments(source.text) - comments(after)
    kept = [c for c in lost if "noqa" not in c and not _beside_import(c, source.text)]
    if kept:
        yield f"{path}: {kind} lose the comment {kept[0]!r}"
    kept_lines = Counter(source.text.splitlines()) - Counter(after.splitlines())
    if sum(kept_lines.values()) > 8 * done.count + 8:
        yield f"{path}: {kind} change {sum(kept_lines.values())} lines for {done.count} findings"


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
        for token in tokenize.generate_tokens(io.StringIO(text, newline=None).readline):
            if token.type == tokenize.COMMENT:
                found[token.string] += 1
    except (tokenize.TokenError, SyntaxError, IndentationError):
        pass
    return found
