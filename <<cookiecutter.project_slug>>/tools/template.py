"""Finds the project's template, by the `repo` and `rev` in .pre-commit-config.yaml, and updates from it."""

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

# The delimiters that start code in the template, and the setting that defines them.
CODE = tuple("<" + sign for sign in "%#<")
DELIMITERS = "_jinja2_env_vars"


def main() -> int:
    """Print the requirement of metaflow-lint for pip, or update to a newer template."""
    parser = argparse.ArgumentParser(description=__doc__)
    help_text = "print the requirement of metaflow-lint for pip, or update to a newer template"
    parser.add_argument("what", choices=["linter", "update"], help=help_text)
    if parser.parse_args().what == "linter":
        repo, rev = origin()
        print(f"metaflow-lint @ {vcs_url(repo)}@{rev}")
        return 0
    return update()


def update() -> int:
    """Link the project to its template if it is not linked yet, and merge newer changes.

    cruft runs code in the answers as code of the template, so this refuses answers that contain code.
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
    """Exit with a message if a file of answers contains code of the template, or changes the delimiters."""
    for name, value in _entries(content):
        if name == DELIMITERS and (not isinstance(value, dict) or set(_begins(value)) - set(CODE)):
            sys.exit(f"{file.name} changes the template's delimiters: undo the change of {name}")
        if isinstance(value, str) and (found := [each for each in CODE if each in value]):
            sys.exit(f"{file.name} contains {found[0]} in {name}, which would run as code of the template: remove it")


def _entries(content: object, name: str = "") -> Iterator[tuple[str, object]]:
    """List all values in parsed JSON, each with the name of its entry."""
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
    """Return the address and the revision of the template, which are also the linter's."""
    for repository in yaml.safe_load(CONFIGURATION.read_text(encoding="utf-8"))["repos"]:
        if any(hook["id"] == "metaflow-lint" for hook in repository["hooks"]):
            return repository["repo"], repository["rev"]
    sys.exit(f"{CONFIGURATION.name} has no repository with the hook metaflow-lint: add it with its repo and rev")


def vcs_url(repo: str) -> str:
    """Convert a git address, such as a folder or `git@host:path`, to a URL for pip."""
    if "://" in repo:
        return f"git+{repo}"
    if remote := re.fullmatch(r"([^/:]+):(.+)", repo):
        return f"git+ssh://{remote[1]}/{remote[2]}"
    return f"git+{Path(repo).absolute().as_uri()}"


if __name__ == "__main__":
    sys.exit(main())
