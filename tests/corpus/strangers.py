"""`python -m tests.corpus.strangers [--jobs N] [FOLDER…]`: code without anything of Metaflow's.

Every Python file of this Python's standard library and of the packages beside the linter, and of
the folders given, that does not name Metaflow is looked at twice. As it is: its bytes say that
there is nothing to read in it, or that its classes may have bases in files that name Metaflow, and
then it is read. And as if they had not been asked: it is read with all rules. Nothing may crash,
and nothing may be found but what is no flow's business (a syntax error that Python finds too).
"""

from __future__ import annotations

import argparse
import os
import sys
import sysconfig
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

from lint_rules.diagnostics.diagnostic import Diagnostic
from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from lint_rules.engine.relevance import can_matter, matters
from lint_rules.engine.sources import decoded
from lint_rules.settings.options import Settings
from tests.corpus.properties import parses

RULES = Settings(select=("ALL",), ignore=("MF901",))
MARK = b"\n# metaflow\n"


def wrong(path: Path, content: bytes, linter: Linter) -> Iterator[str]:
    """What is reported in a file without Metaflow, a line each."""
    # Standing nowhere, it is read alone: its neighbours are read on their own turn.
    source = decoded(Path("-"), content + MARK, linter.snapshot)
    if isinstance(source, Diagnostic):
        return
    try:
        found = linter.check(source, RULES)
        if matters(linter.snapshot, path, content):
            found += linter.check(replace(source, path=path), RULES)
    except Exception as error:  # that is what is looked for
        yield f"{path}: {type(error).__name__}: {error}"
        return
    for diagnostic in found:
        if diagnostic.code != "MF900":
            yield f"{path}:{diagnostic.start.row}: {diagnostic.code} {diagnostic.message}"
        elif parses(source.text) and "million characters" not in diagnostic.message:
            yield f"{path}: unread: {diagnostic.message}"


def looked_at(path: Path) -> tuple[bool, list[str]]:
    """Whether a file is a stranger's, and what is reported in it."""
    try:
        content = path.read_bytes()
    except OSError:
        return False, []
    if can_matter(content):
        return False, []
    return True, list(wrong(path.resolve(), content, _linter()))


@cache
def _linter() -> Linter:
    return Linter(all_rules())


def main() -> int:
    """Prints what is reported, and returns 1 if a rule reported anything or failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.strangers")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("folders", nargs="*", type=Path)
    arguments = parser.parse_args()
    own = [Path(sysconfig.get_path(name)) for name in ("stdlib", "purelib")]
    files = sorted({f for folder in [*own, *arguments.folders] for f in folder.rglob("*.py")})
    begun, counts = time.monotonic(), Counter[str]()
    with ProcessPoolExecutor(arguments.jobs) as pool:
        for is_stranger, lines in pool.map(looked_at, files, chunksize=20):
            counts["files"] += is_stranger
            for line in lines:
                counts["unread" if ": unread: " in line else "spoke"] += 1
                print(line, flush=True)
    print(
        f"{counts['files']} of {len(files)} files in {time.monotonic() - begun:.0f} s: "
        f"{counts['spoke']} findings, {counts['unread']} that libcst cannot read and Python can"
    )
    return 1 if counts["spoke"] or not counts["files"] else 0


if __name__ == "__main__":
    sys.exit(main())
