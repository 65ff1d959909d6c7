"""`python -m tests.fuzz [--minutes N] [FOLDER…]`: bytes and changed flows, guided by coverage.

Atheris (libFuzzer for Python) drives `tests.fuzz.target`. The seeds are the rules' examples, with
the files around them, the layouts of the reader's tests, a repository for each setting, and the
files and small repositories below the folders given. What is found lies in `.fuzz/found`, a file
and a `.txt` each; the corpus that reaches new code is kept in `.fuzz/corpus` and taken up again.
"""

from __future__ import annotations

import argparse
import hashlib
import posixpath
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from lint_rules.engine.registry import all_rules
from lint_rules.rules.base import Good, dedent
from lint_rules.settings.options import Option, options
from tests.fuzz.repository import MARK
from tests.syntax.test_reader import LAYOUTS

HOME = Path(".fuzz")
LARGEST = 12_000
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
    known, others = _seeds(), _found_in(arguments.folders)
    # Reading them all may take longer than there is: some, and others the next time.
    for content in [
        *known,
        *random.sample(others, min(len(others), round(20 * arguments.minutes))),
    ]:
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
    reports = sorted(found.glob("*.txt")) + sorted(found.glob("[cto][rio]*-*"))
    for file in reports:
        print(f"{file}: {file.read_text().splitlines()[0] if file.suffix else 'ended the process'}")
    return 1 if reports else 0


def _seeds() -> list[bytes]:
    examples = [
        Good(example) if isinstance(example, str) else example
        for rule in all_rules()
        for example in (*rule.bad, *rule.good)
    ]
    seeds = [dedent(example.code).encode() for example in examples]
    seeds += [
        repository({"flows/flow.py": dedent(example.code).encode(), **_around(example.packages)})
        for example in examples
    ]
    seeds += [f"import metaflow\n{text}".encode() for text in LAYOUTS.values()]
    for option in options().values():
        settings = f"[tool.metaflow-lint]\n{option.name.replace('_', '-')} = {_value(option)}\n"
        seeds.append(repository({"pyproject.toml": settings.encode(), "flow.py": seeds[0]}))
    return seeds


def _found_in(folders: list[Path]) -> list[bytes]:
    """The files that concern Metaflow, and small repositories, below some folders."""
    seeds: list[bytes] = []
    for folder in folders:
        files = [f for s in ("py", "ipynb") for f in folder.rglob(f"*.{s}") if f.is_file()]
        contents = {file: file.read_bytes() for file in sorted(files)}
        concern = {f: c for f, c in contents.items() if b"metaflow" in c and len(c) < LARGEST}
        seeds += concern.values()
        seeds += _together(folder, concern)
    return seeds


def repository(files: dict[str, bytes]) -> bytes:
    """An input that is a repository of some files."""
    return b"".join(MARK + name.encode() + b"\n" + text + b"\n" for name, text in files.items())


def _around(packages: dict[str, str]) -> dict[str, bytes]:
    """The files around an example, whose paths start from the flow's folder."""
    return {posixpath.normpath(f"flows/{n}"): dedent(t).encode() for n, t in packages.items()}


def _value(option: Option) -> str:
    """A value of the right type, in TOML; no path leads anywhere."""
    if "dict" in str(option.type):
        return '{ "*.py" = ["MF3"] }'
    if "tuple" in str(option.type):
        return '["MF1", "flow.py"]'
    return "3" if option.type is int else '"other.toml"'


def _together(folder: Path, files: dict[Path, bytes]) -> Iterator[bytes]:
    """Files that lie in one folder, as long as they are few and small."""
    neighbours: dict[Path, dict[str, bytes]] = defaultdict(dict)
    for file, text in files.items():
        for parent in file.relative_to(folder).parents:
            neighbours[parent][file.relative_to(folder / parent).as_posix()] = text
    for some in neighbours.values():
        if len(some) > 1 and sum(map(len, some.values())) < LARGEST:
            yield repository(some)


if __name__ == "__main__":
    sys.exit(main())
