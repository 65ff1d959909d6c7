"""What decides, besides the files that are checked, what is found: Python, the linter, libcst, and
the rules of others."""

from __future__ import annotations

import os
import sys

from lint_rules import __version__
from lint_rules.engine.cache.verifier import Rows, Verifier, look
from lint_rules.workspace.recording import Consulted, Found

_LARGEST = 100_000_000


def versions() -> list[str]:
    """What tells one installation from another, for the names of entries."""
    return [__version__, sys.version, sys.executable, *sys.path]


def loaded(verifier: Verifier, known: Rows) -> Rows | None:
    """The code that this process has loaded, and the folders that packages are found in.

    Args:
        verifier: knows when the run began.
        known: what earlier runs had loaded, if it is still as it was.

    Returns:
        `None` if some of it may have been changed since the run began: nobody knows which
        version of it was loaded.
    """
    found = dict(known)
    for what in _code() | _folders() | _entry_points():
        if what in found:
            continue
        now = look(what, _LARGEST) or Found(None)
        if what.kind == "content" and now.value and not verifier.is_old(now):
            return None
        found[what] = verifier.trusted(now)
    return found


def _code() -> set[Consulted]:
    """The files of all modules; what is compiled is renewed with its source.

    Those of rules of the repository's own are read by the file system, which notes them.
    """
    from lint_rules.engine.registry import LOCAL

    modules = list(sys.modules.items())
    others = (module for name, module in modules if not name.startswith(LOCAL))
    files = {getattr(module, "__file__", None) for module in others}
    return {Consulted("content", os.path.realpath(file)) for file in files if file}


def _folders() -> set[Consulted]:
    """The folders on the import path, in which packages that bring rules may turn up, and archives;
    those of this package's rules, which are found by their names."""
    from lint_rules import rules

    top = rules.__path__[0]
    inner = (entry.path for entry in os.scandir(top) if entry.is_dir())
    found = set()
    for path in map(os.path.realpath, (*filter(None, sys.path), top, *inner)):
        found.add(Consulted("listing" if os.path.isdir(path) else "content", path))
    return found


def _entry_points() -> set[Consulted]:
    """The files in which packages name rules, where such a file is missing, too."""
    found = set()
    for path in filter(os.path.isdir, sys.path):
        for name in os.listdir(path):
            if name.endswith((".dist-info", ".egg-info")):
                file = os.path.join(path, name, "entry_points.txt")
                found.add(Consulted("content", os.path.realpath(file)))
    return found
