"""Files that hold flows though they say no word of Metaflow: their classes derive from the
project's own base flows. Told from bytes, without reading code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from lint_rules.workspace import overlay
from lint_rules.workspace.discovery import can_matter

_CLASS = re.compile(rb"^class\s+\w+\s*\(([^()]*)\)\s*:", re.MULTILINE)
_FROM = re.compile(rb"^from\s+([.\w]+)\s+import\s+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
_IMPORT = re.compile(rb"^import\s+([^\n#]*)", re.MULTILINE)


def derives_from_flows(path: Path, content: bytes) -> bool:
    """Whether a class of a file may derive from a flow that another file of the repository holds.

    Follows the imports of the classes' bases alone, and those of files on the way.
    """
    waiting = [(path.resolve(), content, _bases(content))]
    seen = {waiting[0][0]}
    while waiting:
        here, text, names = waiting.pop()
        for dotted in _origins(text, names) if names else ():
            for file in _files(here.parent, dotted):
                if file in seen:
                    continue
                seen.add(file)
                found = _content(file)
                if can_matter(found):
                    return True
                last = dotted.rpartition(".")[2].encode()
                waiting.append((file, found, _bases(found) | {last}))
    return False


def _bases(content: bytes) -> set[bytes]:
    """The first names of the bases of a file's classes."""
    given = (base for match in _CLASS.finditer(content) for base in match[1].split(b","))
    return {head for base in given if (head := base.split(b".")[0].split(b"[")[0].strip())}


def _origins(content: bytes, names: set[bytes]) -> Iterator[str]:
    """The dotted names that a file imports under some names."""
    for match in _FROM.finditer(content):
        for item in match[2].strip(b"() \n\r\t").split(b","):
            name, _, alias = item.strip().partition(b" as ")
            if name == b"*" or (alias or name).strip() in names:
                module = match[1].decode(errors="replace")
                dot = "" if module.endswith(".") else "."
                yield f"{module}{dot}{name.strip().decode(errors='replace')}"
    for match in _IMPORT.finditer(content):
        for item in match[1].split(b","):
            name, _, alias = item.strip().partition(b" as ")
            if (alias.strip() or name.partition(b".")[0]) in names:
                yield f"{name.strip().decode(errors='replace')}.*"


def _files(folder: Path, dotted: str) -> Iterator[Path]:
    """The repository's files on the way to a dotted name."""
    from lint_rules.analysis.imports import place_of

    place, names = place_of(dotted, folder)
    if place is None:
        return
    for name in names:
        if place.is_dir():
            yield place / "__init__.py"
            place = place / name
            if not place.is_dir():
                place = place.with_name(f"{name}.py")
    yield place / "__init__.py" if place.is_dir() else place


@overlay.cached
def _content(file: Path) -> bytes:
    try:
        return overlay.content(file)
    except OSError:
        return b""
