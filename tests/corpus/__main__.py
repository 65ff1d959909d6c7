"""`python -m tests.corpus FOLDER…`: the properties on all files of folders with flows."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from lint_rules.engine.linter import Linter
from lint_rules.engine.registry import all_rules
from tests.corpus.properties import problems


def main(folders: list[str]) -> int:
    """Prints what does not hold, and returns 1 if anything did not."""
    linter = Linter(all_rules())
    files = sorted(
        file
        for folder in folders
        for suffix in ("py", "ipynb")
        for file in Path(folder).rglob(f"*.{suffix}")
        if file.is_file()
    )
    begun, wrong = time.monotonic(), 0
    for file in files:
        for problem in problems(file, linter):
            print(problem, flush=True)
            wrong += 1
    seconds = time.monotonic() - begun
    print(f"{len(files)} files in {seconds:.0f} s, {wrong} problems")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
