"""Repositories with findings of every kind, a baseline, and tags at which it was larger."""

import json
import os
import subprocess
from pathlib import Path

from tests.folder import FLOW

FAILING = FLOW.replace("ArxivTopics", "Authors").replace(
    "self.next(self.end)", "self.next(self.ende)"
)
HABITS = FLOW.replace("ArxivTopics", "PapersFlow").replace("papers: list[str]", "")
NAMED = FLOW.replace("ArxivTopics", "Labels").replace('        """Fetch the papers."""\n', "")
SETTINGS = '[tool.metaflow-lint]\nbaseline = "lint/known.json"\n'
BASELINE = "lint/known.json"
HOSTILE = "<img src=x onerror=alert(1)>&\"'"
"""The name of a folder, which is markup if it is not escaped."""


def write(root: Path) -> None:
    """Writes the files of a repository: a clean flow, one that fails, and some habits."""
    for name, text in {
        "pyproject.toml": SETTINGS,
        "flows/clean.py": FLOW,
        "flows/failing.py": FAILING,
        "flows/habits.py": HABITS,
        f"{HOSTILE}/named.py": NAMED,
        "notes.txt": "",
        BASELINE: '{"version": 1, "findings": {}}',
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def write_baseline(root: Path, **counts: int) -> None:
    """Writes a baseline with so many findings of each rule in a file that is gone."""
    lines = [{"code": code, "line": f"x = {code}", "count": n} for code, n in counts.items()]
    (root / BASELINE).parent.mkdir(parents=True, exist_ok=True)
    (root / BASELINE).write_text(json.dumps({"version": 1, "findings": {"gone.py": lines}}))


def git(root: Path, *words: str, at: int = 1_700_000_000) -> None:
    """Git without anybody's configuration, at some time."""
    variables = {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    for role in ("AUTHOR", "COMMITTER"):
        variables |= {
            f"GIT_{role}_NAME": "x",
            f"GIT_{role}_EMAIL": "x@example.org",
            f"GIT_{role}_DATE": f"{at} +0000",
        }
    environment = {**os.environ, **variables}
    subprocess.run(["git", *words], cwd=root, check=True, capture_output=True, env=environment)


def commit(root: Path, tag: str, at: int) -> None:
    """Commits all files, and tags them."""
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--allow-empty", "--message", tag, at=at)
    git(root, "tag", tag, at=at)


def with_history(root: Path) -> None:
    """Makes a repository whose baseline shrinks from tag to tag."""
    root.mkdir(parents=True, exist_ok=True)
    write(root)
    (root / BASELINE).unlink()
    git(root, "init", "--quiet")
    commit(root, "v0.1", 1_690_000_000)
    for number, count in enumerate((60, 45, 48, 20)):
        write_baseline(root, MF401=count, MF302=5)
        commit(root, f"v0.{number + 2}", 1_700_000_000 + number * 4_000_000)
    write_baseline(root, MF401=12)
