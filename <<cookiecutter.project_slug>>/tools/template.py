"""Knows the template that this project comes from: the `repo` and `rev` of metaflow-lint in .pre-commit-config.yaml."""

import argparse
import re
import subprocess
import sys
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # pre-commit depends on it

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = ROOT / ".pre-commit-config.yaml"
ANSWERS = ROOT / ".cookiecutter.json"


def main() -> int:
    """Print metaflow-lint as pip takes it, or link this project to its template."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["linter", "link"], help="print the linter's requirement; let cruft link")
    repo, rev = origin()
    if parser.parse_args().what == "linter":
        print(f"metaflow-lint @ {vcs_url(repo)}@{rev}")
        return 0
    answers = ANSWERS.read_text(encoding="utf-8")
    command = ["cruft", "link", repo, "--checkout", rev, "--no-input", "--extra-context", answers]
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, check=False).returncode


def origin() -> tuple[str, str]:
    """Return the address and the revision of the template, which are the linter's too."""
    for repository in yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["repos"]:
        if any(hook["id"] == "metaflow-lint" for hook in repository["hooks"]):
            return repository["repo"], repository["rev"]
    sys.exit(f"{CONFIGURATION.name} names no repository with the hook metaflow-lint: add it with its repo and rev")


def vcs_url(repo: str) -> str:
    """Write an address that git takes, such as a folder or `git@host:path`, as pip takes it."""
    if "://" in repo:
        return f"git+{repo}"
    if remote := re.fullmatch(r"([^/:]+):(.+)", repo):
        return f"git+ssh://{remote[1]}/{remote[2]}"
    return f"git+{Path(repo).absolute().as_uri()}"


if __name__ == "__main__":
    sys.exit(main())
