"""`python -m tests.corpus.strangers [FOLDER…]`: code that has nothing to do with Metaflow.

Every Python file of this Python's standard library and of the packages beside the linter, and of
the folders given, is read with all rules. Those that do not name Metaflow are read as if they did:
nothing may crash, and nothing may be found but what is no flow's business (a syntax error that
Python finds too, an unused `noqa`).
"""

from __future__ import annotations

import sys
import sysconfig
import time
from collections.abc import Iterator
from pathlib import Path

from lint_rules.findings import Diagnostic
from lint_rules.linter import Linter, decoded
from lint_rules.registry import all_rules
from lint_rules.settings import Settings
from tests.corpus.properties import parses

RULES = Settings(select=("ALL",), ignore=("MF901",))
MARK = b"\n# metaflow\n"


def wrong(path: Path, content: bytes, linter: Linter) -> Iterator[str]:
    """What is said of a file without Metaflow, a line each."""
    # Standing nowhere, it is read alone: its neighbours are read on their own turn.
    source = decoded(Path("-"), content + MARK)
    if isinstance(source, Diagnostic):
        return
    try:
        found = linter.check(source, RULES)
    except Exception as error:  # that is what is looked for
        yield f"{path}: {type(error).__name__}: {error}"
        return
    for diagnostic in found:
        if diagnostic.code != "MF900":
            yield f"{path}:{diagnostic.start.row}: {diagnostic.code} {diagnostic.message}"
        elif parses(source.text) and "million characters" not in diagnostic.message:
            yield f"{path}: unread: {diagnostic.message}"


def main(folders: list[str]) -> int:
    """Prints what is said, and returns 1 where a rule spoke or failed."""
    linter = Linter(all_rules())
    own = [sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    begun, count, unread, spoke = time.monotonic(), 0, 0, 0
    for file in sorted({f for folder in [*own, *folders] for f in Path(folder).rglob("*.py")}):
        content = file.read_bytes() if file.is_file() else b"metaflow"
        if b"metaflow" in content or b"obproject" in content:
            continue
        count += 1
        for line in wrong(file, content, linter):
            unread += ": unread: " in line
            spoke += ": unread: " not in line
            print(line, flush=True)
    seconds = time.monotonic() - begun
    told = f"{spoke} findings, {unread} that libcst cannot read and Python can"
    print(f"{count} files in {seconds:.0f} s: {told}")
    return 1 if spoke else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
