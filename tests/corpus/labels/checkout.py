"""`python -m tests.corpus.labels.checkout FOLDER`: clones what the labels are about.

Each repository is fetched with git at the labelled commit, without its history, into
FOLDER/OWNER__NAME. What is there already is left alone, so an interrupted run can be repeated.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.corpus.labels.data import files

GITHUB = "https://github.com"


def main(words: Sequence[str] | None = None, *, source: str = GITHUB) -> int:
    """Clones the repositories. Returns 1 if one of them could not be had, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tests.corpus.labels.checkout")
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    folder = parser.parse_args(words).folder
    commits = {(file.folder, file.repository, file.commit) for file in files()}
    failed = 0
    for name, repository, commit in sorted(commits):
        if (folder / name).exists():
            continue
        try:
            clone(f"{source}/{repository}", commit, folder / name)
        except subprocess.CalledProcessError as error:
            failed += 1
            print(f"{repository}: git could not fetch {commit}: {error.stderr.strip()}")
    print(f"{len(commits) - failed} of {len(commits)} repositories are in {folder}")
    return 1 if failed else 0


def clone(address: str, commit: str, into: Path) -> None:
    """Fetches one commit. Nothing is left behind if that fails.

    Raises:
        CalledProcessError: git failed. Its message is in `stderr`.
    """
    partial = into.with_name(f".{into.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    try:
        for words in (
            ("init", "--quiet"),
            ("fetch", "--quiet", "--depth", "1", address, commit),
            ("checkout", "--quiet", "FETCH_HEAD"),
        ):
            # No filters of Git LFS, and no question about a password: the repositories are public.
            quiet = {"GIT_LFS_SKIP_SMUDGE": "1", "GIT_TERMINAL_PROMPT": "0"}
            subprocess.run(
                ["git", "-c", "core.hooksPath=/dev/null", *words],
                cwd=partial,
                env={**os.environ, **quiet},
                check=True,
                capture_output=True,
                text=True,
            )
        partial.rename(into)
    finally:
        shutil.rmtree(partial, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
