"""The frame of a page in one file that needs no other, and loads nothing.

`xml.etree` writes it, so all texts are escaped. A policy in the page lets no style and no script
run but its own.
"""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from xml.etree.ElementTree import Element, SubElement, tostring


class Page:
    """A page that is being written.

    Args:
        title: its title.
        sheet: its style, which follows that of all pages.
        script: its script, if it has one.

    Attributes:
        body: what is put into it.
    """

    def __init__(self, title: str, sheet: str, script: str = "") -> None:
        sheet = own("lint_rules.html", "base.css") + sheet
        self._script = script
        self._html = Element("html", {"lang": "en"})
        head = add(self._html, "head")
        add(head, "meta", charset="utf-8")
        scripts = f"script-src '{_hash(script)}'; " if script else ""
        policy = (
            f"default-src 'none'; {scripts}style-src '{_hash(sheet)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'"
        )
        SubElement(head, "meta", {"http-equiv": "Content-Security-Policy", "content": policy})
        add(head, "meta", name="viewport", content="width=device-width, initial-scale=1")
        add(head, "meta", name="color-scheme", content="light dark")
        add(head, "title", title)
        add(head, "style", sheet)
        self.body = add(self._html, "body")

    def skip_link(self, id: str, text: str) -> None:
        """Adds a link for keyboards that leads past what is the same on each page."""
        add(self.body, "a", text, class_="skip", href=f"#{id}")

    def text(self) -> str:
        """The page's text."""
        if self._script:
            add(self.body, "script", self._script)
        return f"<!doctype html>\n{tostring(self._html, encoding='unicode', method='html')}\n"


def add(into: Element, tag: str, text: str = "", **attributes: str) -> Element:
    """Adds an element, and returns it.

    Args:
        into: what it is added to.
        tag: its tag.
        text: its text, as it is to be read.
        attributes: its attributes; `class_` is `class`, and `aria_label` is `aria-label`.
    """
    names = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    element = SubElement(into, tag, names)
    element.text = text or None
    return element


def own(package: str, name: str) -> str:
    """The text of a file of this package, such as a style."""
    return files(package).joinpath(name).read_text(encoding="utf-8")


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
