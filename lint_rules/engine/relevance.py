"""Which files rules may find anything in, from their bytes without parsing them: those that
mention Metaflow, and those whose classes derive from the project's own base flows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lint_rules.workspace.snapshot import Files, Snapshot, remembered

MARKS = (b"metaflow", b"obproject")
"""Every file that contains a flow, or uses Metaflow, contains one of them."""

_OF_PROJECTS = (b"raise_event", b"publish_event", b"latest_run", b"latest_successful_run")
"""What a file without a word of Metaflow may say to a project: that it raises events, or reads
results through functions of the project."""

_CLASS = re.compile(rb"^class[ \t]+\w+[ \t]*\(([^()]*)\)[ \t]*:", re.MULTILINE)
_FROM = re.compile(rb"^from[ \t]+([.\w]+)[ \t]+import[ \t]+(\([^)]*\)|[^\n#]*)", re.MULTILINE)
_IMPORT = re.compile(rb"^import[ \t]+([^\n#]*)", re.MULTILINE)

_MOST_LOOKUPS = 3_000
"""How many imports are followed from one file. Beyond, it is read as if it might hold a flow."""


class _Facts(NamedTuple):
    """What a file's bytes say. Paths are texts here, which are compared a million times.

    Attributes:
        can_matter: whether they mention Metaflow.
        bases: the first names of the bases of its classes.
        imports: the names that it imports, `*` for any: each with what it is called where it comes
            from, and with the files on the way there.
    """

    can_matter: bool
    bases: frozenset[bytes]
    imports: tuple[tuple[bytes, bytes, tuple[str, ...]], ...]


def can_matter(content: bytes) -> bool:
    """Whether rules may find anything in a file, from its bytes alone.

    In UTF-16 and UTF-32 there are zeros between the letters; such a file is reported.
    """
    if b"\0" in content:
        content = content.replace(b"\0", b"")
    return any(mark in content for mark in MARKS)


def concerns_projects(content: bytes) -> bool:
    """Whether a file may be of interest to its project, though it does not mention Metaflow."""
    return any(mark in content for mark in _OF_PROJECTS)


def matters(snapshot: Snapshot, path: Path, content: bytes) -> bool:
    """As `can_matter`, also for a file whose classes derive from the project's own base flows."""
    if can_matter(content):
        return True
    if path.suffix != ".py" or b"class" not in content or b"import" not in content:
        return False
    return derives_from_flows(snapshot, path, content)


def derives_from_flows(snapshot: Snapshot, path: Path, content: bytes) -> bool:
    """Whether a class of a file may derive from a flow that another file of the repository holds.

    Follows the imports of the classes' bases alone, and those of files on the way.
    """
    start = snapshot.real(path)
    files = snapshot.files(start.parent)
    facts = _facts(files, start, content)
    waiting = [(facts, facts.bases)] if facts.bases else []
    seen = {str(start)}
    lookups = 0
    while waiting:
        snapshot.deadline.check()
        facts, names = waiting.pop()
        for name, original, ways in facts.imports:
            if name != b"*" and name not in names:
                continue
            lookups += 1
            if lookups > _MOST_LOOKUPS:
                return True
            for file in ways:
                if file in seen:
                    continue
                seen.add(file)
                found = _facts_of(files, file)
                if found.can_matter:
                    return True
                waiting.append((found, found.bases | {original}))
    return False


@remembered
def _facts_of(files: Files, file: str) -> _Facts:
    path = Path(file)
    try:
        return _facts(files, path, files.read(path))
    except OSError:
        return _Facts(False, frozenset(), ())


def _facts(files: Files, path: Path, content: bytes) -> _Facts:
    imports = tuple(
        (name, dotted.rpartition(".")[2].encode(), _files(files, path.parent, dotted))
        for name, dotted in _imports(content)
    )
    return _Facts(can_matter(content), frozenset(_bases(content)), imports)


def _bases(content: bytes) -> set[bytes]:
    """The first names of the bases of a file's classes."""
    given = (base for match in _CLASS.finditer(content) for base in match[1].split(b","))
    return {head for base in given if (head := base.split(b".")[0].split(b"[")[0].strip())}


def _imports(content: bytes) -> Iterator[tuple[bytes, str]]:
    """The names that a file imports, with the dotted names that they stand for."""
    for match in _FROM.finditer(content):
        module = match[1].decode(errors="replace")
        dot = "" if module.endswith(".") else "."
        for item in match[2].strip(b"() \n\r\t").split(b","):
            name, _, alias = item.strip().partition(b" as ")
            known_as = name if name == b"*" else (alias or name).strip()
            yield known_as, f"{module}{dot}{name.strip().decode(errors='replace')}"
    for match in _IMPORT.finditer(content):
        for item in match[1].split(b","):
            name, _, alias = item.strip().partition(b" as ")
            known_as = alias.strip() or name.partition(b".")[0]
            yield known_as, f"{name.strip().decode(errors='replace')}.*"


@remembered
def _files(files: Files, folder: Path, dotted: str) -> tuple[str, ...]:
    """The repository's files on the way to a dotted name."""
    from lint_rules.analysis.imports import place_of

    place, names = place_of(files, dotted, folder)
    if place is None:
        return ()
    found = []
    for name in names:
        if files.has_folder(place):
            found.append(str(place / "__init__.py"))
            place = place / name
            if not files.has_folder(place):
                place = place.with_name(f"{name}.py")
    return (*found, str(place / "__init__.py" if files.has_folder(place) else place))
