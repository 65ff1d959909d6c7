"""Which version of Metaflow a project uses, and what is known about that version."""

from __future__ import annotations

import re
from pathlib import Path

from lint_rules.metaflow import Facts, facts, known_versions
from lint_rules.model.module import Module
from lint_rules.workspace.snapshot import Files, remembered

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml")
_LOCKED = re.compile(r'^name = "metaflow"\nversion = "([^"\n]+)"', re.MULTILINE)
_REQUIREMENTS = re.compile(r"requirements[\w.-]*\.(txt|in)|pyproject\.toml|environment\.ya?ml")
# Blanks are bounded: a file of nothing but them takes no time.
_REQUIRED = re.compile(
    r"""(?:^|["'\s])metaflow(?:\[[\w,\s-]{0,99}\])?["']?[ \t]{0,9}[=(]?[ \t]{0,9}["']?
    (?P<bounds>(?:(?:===|==|~=|!=|<=|>=|<|>|=|\^)[ \t]{0,9}v?[\w.*+!-]+[ \t]{0,9},?[ \t]{0,9})+)""",
    re.VERBOSE | re.MULTILINE,
)
_BOUND = re.compile(r"(===|==|~=|!=|<=|>=|<|>|=|\^)\s*v?(\d+(?:\.\d+)*)(\.\*)?")
_EXTENSION = re.compile(
    r"^[ \t\"'-]{0,40}(outerbounds|metaflow-(?!lint\b|stubs\b)[a-z][\w-]*|ob-|obproject)\b",
    re.MULTILINE,
)
_EXTENSIONS = "metaflow_extensions"


def metaflow_of(module: Module, version: str | None) -> Facts | None:
    """What is known about the Metaflow that a file is run with.

    Args:
        module: the file.
        version: the version that the settings give; `None` to read what the project states.

    Returns:
        The facts. `None` if the version is none of those that were read, if the repository brings a
        Metaflow of its own, or if an extension may change it: then nothing is certain.
    """
    around = module.resolver
    if around.folder is not None:
        if around.is_own("metaflow") or _is_extended(around.files, around.folder):
            return None
        version = version or stated_version(around.files, around.folder)
    found = facts(version)
    if not found.is_known or _imports_unknown(module, found):
        return None
    return found


@remembered
def stated_version(files: Files, folder: Path) -> str | None:
    """The version of Metaflow that a project states, `None` if it does not.

    A lock file goes before requirements. Of the versions that requirements allow, it is the newest
    one that was read, which is what an installer takes.
    """
    folders = _folders(files, folder)
    for place in folders:
        locked = _locked(files, place)
        if locked is not None:
            return locked if re.match(r"\d", locked) else None
    for place in folders:
        for text in _requirements(files, place):
            required = _REQUIRED.search(text)
            if required:
                return _newest(required["bounds"])
    return None


@remembered
def _locked(files: Files, place: Path) -> str | None:
    """The version of Metaflow in a folder's lock file, `None` if it has none."""
    names = files.names_in(place)
    texts = (_text(files, place / name) for name in _LOCKS if name in names)
    found = (_LOCKED.search(text) for text in texts)
    return next((str(locked[1]) for locked in found if locked), None)


@remembered
def _requirements(files: Files, place: Path) -> tuple[str, ...]:
    """The texts of a folder's files that may say what a project requires, in order."""
    names = sorted(name for name in files.names_in(place) if _REQUIREMENTS.fullmatch(name))
    return tuple(_text(files, place / name) for name in names)


def _newest(bounds: str) -> str | None:
    """The newest version that was read among those that bounds allow; a pinned one as it is."""
    found = _BOUND.findall(bounds)
    pinned = [version for sign, version, star in found if sign in ("==", "===", "=") and not star]
    if pinned:
        return str(pinned[0])
    allowed = [v for v in known_versions() if all(_allows(bound, v) for bound in found)]
    return allowed[-1] if allowed else (str(found[0][1]) if found else None)


def _allows(bound: tuple[str, str, str], version: str) -> bool:
    sign, text, _ = bound
    limit, asked = _numbers(text), _numbers(version)
    begins = asked[: len(limit)] == limit
    match sign:
        case "==" | "===" | "=":
            return begins
        case "!=":
            return not begins
        case "~=":
            return asked >= limit and asked[: len(limit) - 1] == limit[:-1]
        case "^":
            return asked >= limit and asked[:1] == limit[:1]
        case "<":
            return asked < limit
        case "<=":
            return asked <= limit
        case ">":
            return asked > limit
    return asked >= limit


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


@remembered
def _is_extended(files: Files, folder: Path) -> bool:
    """Whether a project has or requires an extension of Metaflow."""
    return any(
        _EXTENSIONS in files.names_in(place)
        or any(_EXTENSION.search(text) for text in _requirements(files, place))
        for place in _folders(files, folder)
    )


def _imports_unknown(module: Module, found: Facts) -> bool:
    """Whether a file imports from `metaflow` what this version does not have: an extension's."""
    for statement in module.descendants.imports:
        if not statement.is_from or statement.level:
            if any(n.name.startswith(_EXTENSIONS) for n in statement.names):
                return True
            continue
        if (statement.module or "").startswith(_EXTENSIONS):
            return True
        if statement.module == "metaflow":
            for name in statement.names:
                if name.name not in found.public_names and name.name not in _SUBMODULES:
                    return True
    return False


_SUBMODULES = frozenset({"cards", "plugins", "util", "exception", "events", "client"})
"""Packages and modules of Metaflow's that a file may import without their being public."""


def _folders(files: Files, folder: Path) -> list[Path]:
    """A folder and those above it, up to the distribution, and the repository's."""
    last = files.distribution(folder)
    above = [place for place in (folder, *folder.parents) if place.is_relative_to(last)]
    return above if files.root in above else [*above, files.root]


def _text(files: Files, path: Path) -> str:
    """The text of a file, empty if there is none."""
    if not files.has_file(path):
        return ""
    try:
        return files.read(path).decode("utf-8", errors="replace")
    except OSError:
        return ""
