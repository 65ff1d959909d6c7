"""Which files of a repository take names from a module: they import them, name them as its
attributes, or put something in their place, as tests do."""

from __future__ import annotations

import re
from itertools import islice
from pathlib import Path

from lint_rules.model.module import Module
from lint_rules.workspace.file_system import ALWAYS_EXCLUDED
from lint_rules.workspace.snapshot import Files, remembered
from lint_rules.workspace.words import IMPORTS, IN_WORDS, WORD, joined

_MOST_FILES = 20_000
"""Files that are looked into; those beyond are not."""

_MOST_DEPENDENTS = 300
"""Files that are followed from one module to those that import it."""


def taken_elsewhere(name: str, module: Module) -> bool:
    """Whether another file of the repository may take a name from a module."""
    path = module.resolver.path
    if path is None:
        return False
    files = module.resolver.files
    return any(
        _takes(content, stem.encode(), name.encode())
        for stem in _stems(files, files.distribution(path.parent), path)
        for content in files_naming(module, stem)
    )


def files_naming(module: Module, word: str) -> list[bytes]:
    """The contents of the other files of the repository that import something of a name, or have
    it in a text, as `Flow("ArxivTopics")`."""
    path = module.resolver.path
    if path is None:
        return []
    files = module.resolver.files
    named = _naming(files, files.distribution(path.parent), word)
    return [content for other, content in named if other != path]


def dependents(module: Module) -> tuple[bytes, ...]:
    """The contents of the files that may import a module, or a file that does, and so on."""
    path = module.resolver.path
    if path is None:
        return ()
    files = module.resolver.files
    return _dependents(files, files.distribution(path.parent), path)


@remembered
def _dependents(files: Files, root: Path, path: Path) -> tuple[bytes, ...]:
    found: dict[Path, bytes] = {path: b""}
    waiting = [path]
    while waiting and len(found) < _MOST_DEPENDENTS:
        for stem in _stems(files, root, waiting.pop()):
            for other, content in _naming(files, root, stem):
                if other not in found:
                    found[other] = content
                    waiting.append(other)
    return tuple(found.values())[1:]


def _stems(files: Files, root: Path, path: Path) -> frozenset[str]:
    """The names that others import a file by: its own, and those of links to it."""
    own = path.parent.name if path.stem == "__init__" else path.stem
    return frozenset({own, *_links(files, root).get(path, ())})


@remembered
def _sources(files: Files, root: Path) -> tuple[Path, ...]:
    """The Python files below a folder, but for those of environments and builds."""
    return tuple(islice(files.python_files(root, without=ALWAYS_EXCLUDED), _MOST_FILES))


@remembered
def _links(files: Files, root: Path) -> dict[Path, tuple[str, ...]]:
    """The names of the links below a folder that lead to Python files, by these."""
    found: dict[Path, list[str]] = {}
    for path in _sources(files, root):
        try:
            leads_to = files.real(path)
        except OSError:  # it leads out of the repository
            continue
        if leads_to.name != path.name:
            found.setdefault(leads_to, []).append(path.stem)
    return {path: tuple(stems) for path, stems in found.items()}


@remembered
def _naming(files: Files, root: Path, stem: str) -> tuple[tuple[Path, bytes], ...]:
    """The files whose imports or texts mention a module's name, with what stands in them."""
    found = []
    for path in _words(files, root).get(stem.encode(), ()):
        try:
            found.append((files.real(path), files.read(path)))
        except OSError:
            continue
    return tuple(found)


@remembered
def _words(files: Files, root: Path) -> dict[bytes, tuple[Path, ...]]:
    """The words in the imports and the dotted texts of the files below a folder."""
    found: dict[bytes, list[Path]] = {}
    for path in _sources(files, root):
        try:
            words = files.words(path)
        except OSError:
            continue
        for word in words:
            found.setdefault(word, []).append(path)
    return {word: tuple(paths) for word, paths in found.items()}


def _takes(content: bytes, stem: bytes, wanted: bytes) -> bool:
    """Whether a file that mentions a module takes a name from it."""
    content = joined(content)
    imports = [match[0] for match in IMPORTS.finditer(content)]
    known_as: set[bytes] = set()
    for one in imports:
        origin, names = re.split(rb"\bimport\b", one, maxsplit=1)
        words = WORD.findall(names)
        if WORD.findall(origin)[-1:] == [stem] and (b"*" in names or wanted in words):
            return True
        if stem in words:
            known_as.add(stem)
        known_as.update(re.findall(_word(stem) + rb"\s+as\s+(%s+)" % IN_WORDS, names))
    rest = IMPORTS.sub(b"\n", content)
    if not re.search(_word(wanted), rest):
        return False
    mentions = _word(stem, *known_as)
    if re.search(mentions + rb"(?:\s*\.\s*|:)" + _word(wanted), rest):
        return True
    if re.search(mentions + rb"""\s*,\s*["']""" + _word(wanted) + rb"""["']""", rest):
        # `monkeypatch.setattr(flow, "json", …)`
        return True
    is_handed_on = known_as and re.search(_word(*known_as) + _AS_A_VALUE, rest)
    if not is_handed_on and not _names_in_a_text(rest, stem):
        return False
    # Whatever it is then called: `module.json`, `f"{MODULE}.json"`, `patch.multiple(…, json=…)`
    ways = (rb"(?<!self)\.\s*%s", rb"""["']%s["']""", rb"[(,]\s*%s\s*=(?!=)")
    return any(re.search(way % _word(wanted), rest) for way in ways)


_AS_A_VALUE = rb"""(?!\s*(?:\.(?!\s*__dict__)|[:=])|["'])(?<!["'])"""
"""Behind the name of a module: no attribute of it is meant, nor is it a text or bound."""

_LOADS = rb"(?<!%(one)s)(?:__import__|%(one)s{0,30}(?i:module)%(one)s{0,30}|multiple)" % {
    b"one": IN_WORDS
}
"""What loads or patches a module by its name, or is set to it."""


def _names_in_a_text(content: bytes, stem: bytes) -> bool:
    """Whether a text is the name of a module, and not of something in it."""
    end = _word(stem) + rb"""(?:["']|[.:]\{)"""
    dotted = rb"""["'}](?:%s|\.)*\.%s""" % (IN_WORDS, end)
    loaded = _LOADS + rb"""\s*[(\[=]\s*["']""" + end
    return re.search(dotted + b"|" + loaded, content) is not None


def _word(*words: bytes) -> bytes:
    """An expression for one of some words, as a whole."""
    listed = b"|".join(re.escape(word) for word in sorted(words))
    return rb"(?<!%s)(?:%s)(?!%s)" % (IN_WORDS, listed, IN_WORDS)
