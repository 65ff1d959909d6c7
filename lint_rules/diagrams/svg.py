"""A drawing as an SVG file, which follows the reader's light or dark colours."""

from __future__ import annotations

from xml.etree.ElementTree import Element, tostring

from lint_rules.html.page import own


def style() -> str:
    """The style of all drawings."""
    return own("lint_rules.diagrams", "drawing.css")


def document(drawing: Element) -> str:
    """The text of a file with a drawing in it."""
    drawing.set("xmlns", "http://www.w3.org/2000/svg")
    sheet = Element("style")
    sheet.text = f"\n{style()}"
    drawing.insert(0, sheet)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(drawing, encoding="unicode")}\n'
