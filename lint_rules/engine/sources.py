"""From a file to its source: read it, decode it, or report why that fails."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.relevance import matters
from lint_rules.settings.groups import Group
from lint_rules.settings.severity import Severity
from lint_rules.workspace.file_descriptors import TooLarge
from lint_rules.workspace.notebook import SUFFIX, Notebook
from lint_rules.workspace.source import CannotDecode, Position, Source

if TYPE_CHECKING:
    from lint_rules.workspace.snapshot import Snapshot

SYNTAX_ERROR = ("MF900", "syntax-error")


def unreadable(source: Source, reason: str, row: int = 1, column: int = 1) -> Diagnostic:
    """The diagnostic of a file that cannot be parsed."""
    row = min(row, len(source.line_starts))
    where = Position(row, min(column, len(source.line(row)) + 1))
    return Diagnostic(
        str(source.path),
        *SYNTAX_ERROR,
        f"The file cannot be read: {reason}",
        "fix this first; nothing else in the file was checked",
        where,
        where,
        group=Group.CORRECTNESS,
        severity=Severity.ERROR,
    )


def load(path: Path, snapshot: Snapshot) -> Source | Diagnostic:
    """A file's source, or the diagnostic that says why it has none.

    Raises:
        OSError: the file cannot be read.
    """
    try:
        # A link to a file is in the folder in which it was found.
        content = snapshot.files(snapshot.real(path.parent)).read(path)
        return decoded(path, content, snapshot)
    except TooLarge as error:
        return too_large(path, error)


def too_large(path: Path, error: TooLarge) -> Diagnostic:
    """The diagnostic of a file that is too large to be read."""
    reason = f"{error.strerror}; the setting `max-file-size` says how many"
    return unreadable(Source(path, ""), reason)


def decoded(path: Path, content: bytes, snapshot: Snapshot) -> Source | Diagnostic:
    """The source of a file's bytes: without text where they cannot hold anything that matters."""
    if not matters(snapshot, path, content):
        return Source(path, "")
    return source_of(path, content)


def source_of(path: Path, content: bytes) -> Source | Diagnostic:
    """The source of the bytes of a file that can hold what matters."""
    try:
        return (Notebook if path.suffix == SUFFIX else Source).decode(path, content)
    except CannotDecode as error:
        return unreadable(Source(path, ""), str(error))
