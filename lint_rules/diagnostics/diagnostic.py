"""What rules report: findings, and the edits that fix them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from lint_rules.settings.groups import Group
from lint_rules.settings.severity import Severity
from lint_rules.workspace.source import Position, Source

if TYPE_CHECKING:
    from lint_rules.model.code import Location


class Safety(Enum):
    """Whether a fix keeps the meaning of the code (Ruff's "applicability")."""

    SAFE = "safe"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class TextEdit:
    """A change of the text: what stands from `start` to `end` (offsets) becomes `content`.

    Of insertions at one point the one with the smaller `rank` comes first.
    """

    start: int
    end: int
    content: str
    rank: tuple[int, str] = (0, "")

    @property
    def order(self) -> tuple[int, int, tuple[int, str]]:
        """The order in which changes are made."""
        return self.start, self.end, self.rank


@dataclass(frozen=True, slots=True)
class Replace:
    """Puts `content` where the thing at `location` stands."""

    location: Location
    content: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Replaces the last name of the dotted name at `location`: `publish` of `event().publish`."""

    location: Location
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Append:
    """Puts `content` right behind the thing at `location`."""

    location: Location
    content: str


@dataclass(frozen=True, slots=True)
class InsertLines:
    """Puts lines of their own before the statement at `location`, or after it, indented like it.

    `above_comments` puts them before the comments right above the statement. `rank` orders several
    insertions at one point. The comment at the end of the statement at `comment_of` comes along,
    and so do those above it that are about it alone, if `with_comments_above`.
    """

    location: Location
    lines: tuple[str, ...]
    after: bool = False
    above_comments: bool = False
    rank: tuple[int, str] = (0, "")
    comment_of: Location | None = None
    with_comments_above: bool = False


@dataclass(frozen=True, slots=True)
class DeleteStatement:
    """Removes the simple statement at `location`, with its line if nothing else stands on it, and
    the comments above that are about it alone, if `with_comments_above`."""

    location: Location
    with_comments_above: bool = False


@dataclass(frozen=True, slots=True)
class AddItem:
    """Adds an item to a list with commas (arguments, imported names), beside that at `location`.

    It gets a line of its own where the other has one. `rank` orders several items at one point.
    """

    location: Location
    content: str
    before: bool = False
    rank: tuple[int, str] = (0, "")


@dataclass(frozen=True, slots=True)
class AddToFile:
    """Puts lines at the end of the file in which `location` is; the file may be empty."""

    location: Location
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refuse:
    """No edit: the fix that it belongs to is not offered.

    What puts edits together says so where the code at `location` leaves no way to make them.
    """

    location: Location
    reason: str


Edit = Replace | Rename | Append | InsertLines | DeleteStatement | AddItem | AddToFile | Refuse


@dataclass(frozen=True, slots=True)
class Fix:
    """Edits that belong together: all are made or none."""

    message: str
    edits: tuple[Edit, ...]
    safety: Safety


@dataclass(frozen=True, slots=True)
class Joint:
    """What has to be fixed together: all findings of a project that share a name, in one form.

    Attributes:
        names: what the finding is about, an event's name.
        form: how its fix writes it; two forms do not fit each other.
    """

    names: frozenset[str]
    form: str = ""


@dataclass(frozen=True, slots=True)
class Related:
    """Another location that a finding is about, which may be in another file, and what is there."""

    location: Location
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where, what, and what to do.

    Attributes:
        location: the thing in question.
        message: one sentence with the names in it.
        help: the remedy.
        related: the other places that it is about.
        joint: what it has to be fixed together with.
        home: its own location, if it is reported at a related one because its file is not given.
        group: the group of the rule.
        severity: how bad it is, by the rule.
    """

    code: str
    name: str
    location: Location
    message: str
    help: str
    fix: Fix | None = None
    related: tuple[Related, ...] = ()
    joint: Joint | None = None
    home: Related | None = None
    group: Group = Group.STYLE
    severity: Severity = Severity.WARNING

    def reported_at(self, other: Related) -> Finding:
        """The finding as it is reported at one of its related locations, without its fix."""
        home = Related(self.location, "here")
        rest = tuple(related for related in self.related if related is not other)
        return replace(self, location=other.location, fix=None, related=(home, *rest), home=home)


@dataclass(frozen=True, slots=True)
class RelatedLocation:
    """Another place that a diagnostic is about, with its position in its own file."""

    path: str
    message: str
    start: Position
    end: Position

    @property
    def where(self) -> str:
        """Path, row and column."""
        return f"{self.path}:{self.start.row}:{self.start.column}"


@dataclass(frozen=True, slots=True)
class FileEdits:
    """What a fix changes in another file than that of its diagnostic."""

    source: Source
    edits: tuple[TextEdit, ...]

    @property
    def path(self) -> str:
        """The other file's path."""
        return str(self.source.path)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its position in a file, ready to be shown.

    Attributes:
        edits: what its fix changes in this file.
        edits_in_other_files: what its fix changes in other files.
        related: the other places that it is about.
        defined_at: the one of them that is the finding's own location, if a flow inherits it or its
            file is not given.
        inherited_by: the files of the flows that inherit it.
        group: the group of the rule.
        severity: how bad it is, by the rule. Settings may say something else.
        scope: the classes and functions that the finding's own location is in: `Topics.start`.
        symbol: what it is about there (`lint_rules.model.symbol`).
    """

    path: str
    code: str
    name: str
    message: str
    help: str
    start: Position
    end: Position
    edits: Sequence[TextEdit] = ()
    fix_message: str | None = None
    safety: Safety | None = None
    cell: int | None = None
    related: Sequence[RelatedLocation] = ()
    edits_in_other_files: Sequence[FileEdits] = ()
    defined_at: RelatedLocation | None = None
    inherited_by: Sequence[str] = ()
    group: Group = Group.STYLE
    severity: Severity = Severity.WARNING
    scope: str = ""
    symbol: str = ""

    @property
    def identity(self) -> tuple[str, str, str]:
        """What makes it the same finding of its file after the text has got another layout."""
        return self.code, self.scope, self.symbol

    @property
    def where(self) -> str:
        """Path, cell, row and column, as terminals and editors know to open them."""
        cell = "" if self.cell is None else f"cell {self.cell}:"
        return f"{self.path}:{cell}{self.start.row}:{self.start.column}"

    @property
    def is_fixable_in_file(self) -> bool:
        """Whether its fix changes this file alone, so that a program can apply the edits."""
        return bool(self.edits) and not self.edits_in_other_files

    @property
    def fixable(self) -> bool:
        """Whether `--fix` fixes it."""
        return self.safety is Safety.SAFE

    @property
    def order(self) -> tuple[bool, str, int, int, int, str]:
        """The order in which diagnostics are shown: what is certain comes first, in all files."""
        start = self.start
        place = self.path, self.cell or 0, start.row, start.column
        return not self.group.is_certain, *place, self.code
