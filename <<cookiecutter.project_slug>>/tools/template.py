"""Knows the template that this project comes from: the `repo` and `rev` of metaflow-lint in .pre-commit-config.yaml."""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import yaml  # type: ignore[import-untyped]  # pre-commit depends on it

ROOT = Path(__file__).resolve().parent.parent
CONFIGURATION = ROOT / ".pre-commit-config.yaml"
ANSWERS = ROOT / ".cookiecutter.json"
LINK = ROOT / ".cruft.json"

# What begins code in the template, and the setting that says so.
CODE = tuple("<" + sign for sign in "%#<")
DELIMITERS = "_jinja2_env_vars"


def main() -> int:
    """Print metaflow-lint as pip takes it, or take over a newer template."""
    parser = argparse.ArgumentParser(description=__doc__)
    help_text = "print metaflow-lint as pip takes it, or take over what is new"
    parser.add_argument("what", choices=["linter", "update"], help=help_text)
    if parser.parse_args().what == "linter":
        repo, rev = origin()
        print(f"metaflow-lint @ {vcs_url(repo)}@{rev}")
        return 0
    return update()


def update() -> int:
    """Link the project to its template if it is not linked yet, and merge what is newer.

    cruft runs what the answers hold as code of the template, so answers that hold any are refused.
    """
    cruft = [sys.executable, "-m", "cruft"]
    if not LINK.exists():
        repo, rev = origin()
        text = ANSWERS.read_text(encoding="utf-8")
        refuse_code(ANSWERS, json.loads(text))
        command = [*cruft, "link", f"--checkout={rev}", "--no-input", f"--extra-context={text}", "--", repo]
        if status := subprocess.run(command, cwd=ROOT, check=False).returncode:
            return status
    refuse_code(LINK, json.loads(LINK.read_text(encoding="utf-8")))
    command = [*cruft, "update", "--skip-apply-ask", "--allow-untracked-files"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def refuse_code(file: Path, content: object) -> None:
    """End with a sentence if a file of answers holds code of the template, or has other text begin it."""
    for name, value in _entries(content):
        if name == DELIMITERS and (not isinstance(value, dict) or set(_begins(value)) - set(CODE)):
            sys.exit(f"{file.name} changes what begins code in the template: undo the change of {name}")
        if isinstance(value, str) and (found := [each for each in CODE if each in value]):
            sys.exit(f"{file.name} holds {found[0]} in {name}, which would run as code of the template: take it out")


def _entries(content: object, name: str = "") -> Iterator[tuple[str, object]]:
    """List all that is in parsed JSON, each with the name of the entry that it belongs to."""
    yield name, content
    if isinstance(content, dict) and name != DELIMITERS:
        for key, value in content.items():
            yield name, key
            yield from _entries(value, key)
    elif isinstance(content, list):
        for value in content:
            yield from _entries(value, name)


def _begins(delimiters: dict) -> Iterator[str]:
    return (text for setting, text in delimiters.items() if not setting.endswith("_end_string"))


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
