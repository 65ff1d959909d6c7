"""Tables of tallies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from lint_rules.health.bars import bar, parts_of
from lint_rules.health.measured import Tally
from lint_rules.health.words import add_rest
from lint_rules.html.page import add
from lint_rules.reports.style import printable
from lint_rules.settings.severity import Severity

Row = tuple[Sequence[str], Tally]

_OPEN, _MOST = 12, 400
"""How many rows are shown at once, and how many there are at all."""


class Table:
    """A table with a row for each of some tallies, and a bar in it.

    Args:
        names: the names of its first columns.
        rows_are: what its rows are, in the plural.
        has_known: whether a baseline silences anything.
        add_first: adds the text of the first column to its cell; as it is, if not given.
    """

    def __init__(
        self,
        names: Sequence[str],
        rows_are: str,
        has_known: bool,
        add_first: Callable[[Element, str], None] | None = None,
    ) -> None:
        self._names = names
        self._rows_are = rows_are
        self._has_known = has_known
        self._add_first = add_first

    def add_to(self, section: Element, rows: Sequence[Row]) -> None:
        """Adds the table: the first rows at once, and those behind them if asked for."""
        severities = [s for s in Severity if any(tally.new[s] for _, tally in rows)]
        most = max((tally.total for _, tally in rows), default=0)
        self._add_part(section, rows[:_OPEN], severities, most)
        rest = rows[_OPEN:_MOST]
        if rest:
            details = add(section, "details")
            add(details, "summary", f"{len(rest):,} more {self._rows_are}")
            self._add_part(details, rest, severities, most)
        add_rest(section, len(rows) - _MOST, "row")

    def _add_part(
        self, into: Element, rows: Sequence[Row], severities: Sequence[Severity], most: int
    ) -> None:
        label = f"table of {self._rows_are}"
        frame = add(into, "div", class_="scroll", role="region", tabindex="0", aria_label=label)
        table = add(frame, "table")
        head = add(add(table, "thead"), "tr")
        for name in self._names:
            add(head, "th", name, scope="col")
        silenced = ["silenced"] if self._has_known else []
        for name in (*(f"{severity.noun}s" for severity in severities), *silenced, "all"):
            add(head, "th", name, scope="col", class_="number")
        add(head, "td", class_="bars")
        body = add(table, "tbody")
        for texts, tally in rows:
            row = add(body, "tr")
            first = add(row, "th", scope="row")
            if self._add_first is None:
                first.text = printable(texts[0])
            else:
                self._add_first(first, texts[0])
            for text in texts[1:]:
                add(row, "td", printable(text))
            known = [tally.known] if self._has_known else []
            for count in (*(tally.new[severity] for severity in severities), *known, tally.total):
                add(row, "td", f"{count:,}", class_="number" if count else "number none")
            bar(add(row, "td", class_="bars"), parts_of(tally), most)
