"""`python -m tests.fuzz [--minutes N] [FOLDER…]`: bytes and changed flows, guided by coverage.

Atheris (libFuzzer for Python) drives `tests.fuzz.target`. The seeds are the rules' examples and the
files below the folders given. What is found lies in `.fuzz/found`, a file and a `.txt` each; the
corpus that reaches new code is kept in `.fuzz/corpus` and taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import time
from pathlib import Path

from lint_rules.registry import all_rules
from lint_rules.rules.base import dedent

HOME = Path(".fuzz")
LARGEST = 8_000
LONGEST = 60
"""Bytes of an input, and the seconds that it may take before it counts as a hang."""


def main() -> int:
    """Fuzzes for the time given; returns 1 if anything was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("folders", nargs="*", type=Path)
    arguments = parser.parse_args()
    corpus, found = HOME / "corpus", HOME / "found"
    for folder in (corpus, found):
        folder.mkdir(parents=True, exist_ok=True)
    for content in _seeds(arguments.folders):
        (corpus / hashlib.sha256(content).hexdigest()[:20]).write_bytes(content)
    end = time.monotonic() + 60 * arguments.minutes
    # A crash of the parser, a hang or too much memory end the process, not the search.
    while (left := end - time.monotonic()) > 1:
        words = [
            *(sys.executable, "-m", "tests.fuzz.target", str(corpus)),
            *(f"-max_total_time={max(1, round(left))}", f"-max_len={LARGEST}"),
            *(f"-timeout={LONGEST}", f"-report_slow_units={LONGEST}", "-rss_limit_mb=3000"),
            f"-artifact_prefix={found}/",
        ]
        if subprocess.run(words, check=False).returncode == 0:
            break
    told = sorted(found.glob("*.txt")) + sorted(found.glob("[cto][rio]*-*"))
    for file in told:
        print(f"{file}: {file.read_text().splitlines()[0] if file.suffix else 'ended the process'}")
    return 1 if told else 0


def _seeds(folders: list[Path]) -> list[bytes]:
    examples = [
        dedent(example if isinstance(example, str) else example.code).encode()
        for rule in all_rules()
        for example in (*rule.bad, *rule.good)
    ]
    files = [file for folder in folders for s in ("py", "ipynb") for file in folder.rglob(f"*.{s}")]
    contents = (file.read_bytes() for file in sorted(files) if file.is_file())
    return examples + [c for c in contents if b"metaflow" in c and len(c) < LARGEST]


if __name__ == "__main__":
    sys.exit(main())
