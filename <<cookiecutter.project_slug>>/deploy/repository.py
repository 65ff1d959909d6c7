"""Reads commits from git: the one to deploy, and earlier ones."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy import Refusal

DIRTY = "-dirty"


def commit(root: Path) -> str:
    """Return the commit of the work tree, with `-dirty` appended if there are uncommitted changes.

    Raises:
        Refusal: If there is no commit.
    """
    found = git(root, "rev-parse", "--verify", "HEAD^{commit}")
    return found + (DIRTY if git(root, "status", "--porcelain", "--", ".") else "")


@contextmanager
def work_tree(root: Path, revision: str) -> Iterator[Path]:
    """Provide the project of a commit in a temporary folder.

    Raises:
        Refusal: If there is no such commit, or it does not contain the project.
    """
    found = git(root, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
    with TemporaryDirectory() as folder:
        tree = Path(folder, "tree").resolve()
        git(root, "worktree", "add", "--quiet", "--detach", str(tree), found)
        try:
            there = tree / git(root, "rev-parse", "--show-prefix")
            if not (there / "flows").is_dir():
                raise Refusal(f"commit {found[:10]} has no folder flows.")
            yield there
        finally:
            git(root, "worktree", "remove", "--force", str(tree))


def git(root: Path, *arguments: str) -> str:
    """Return the output of a git command.

    Raises:
        Refusal: With git's message, if it fails.
    """
    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        raise Refusal("git is not installed. It is needed to find the commit to deploy.") from None
    except subprocess.CalledProcessError as error:
        reason = (error.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise Refusal(f"git {' '.join(arguments[:1])} failed: {reason}. Commit the project first.") from None
    return done.stdout.strip()
