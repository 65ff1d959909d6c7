"""Numbers with their nouns."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from lint_rules.html.page import add


def counted(count: int, one: str, many: str = "") -> tuple[str, str]:
    """A number, and the noun that follows it."""
    return f"{count:,}", one if count == 1 else many or f"{one}s"


def number(count: int, one: str, many: str = "") -> str:
    """A number with its noun: `1 finding`, `2 findings`."""
    return " ".join(counted(count, one, many))


def add_rest(into: Element, count: int, one: str, many: str = "") -> None:
    """Adds how many are left out, if any are."""
    if count > 0:
        add(into, "p", f"And {number(count, one, many)} more.", class_="quiet")
