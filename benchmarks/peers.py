"""The commands that are measured: this linter's and those of its peers."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from benchmarks.timing import Command

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent

FIXIT_RULES = ("fixit.rules", "fixit.rules.extra", "fixit.upgrade")
"""All rules that Fixit has, 31 of them."""

ALL_RULES = ("--isolated", "--select=ALL")
COLD = ("--no-cache",)
"""What keeps a run from using what another one left."""


def metaflow_lint(
    paths: Iterable[Path | str], *options: str, folder: Path = ROOT, cores: int | None = None
) -> Command:
    """This linter on some paths."""
    words = (str(BIN / "metaflow-lint"), "check", *options)
    given = tuple(map(str, paths))
    name = " ".join(("metaflow-lint check", *options, given[0] if given == (".",) else "FILES"))
    return Command(name, (*words, *given), folder, cores=cores)


def libcst_parse(listing: Path) -> Command:
    """libcst's parse, and nothing else, of the files that a text file lists."""
    return _module("libcst", "python -m benchmarks.parse LIST", "benchmarks.parse", str(listing))


def fixit_serially(listing: Path, *rules: str) -> Command:
    """Fixit in one process on the files that a text file lists."""
    name = " ".join(("python -m benchmarks.fixit_serially LIST", *rules))
    return _module("fixit", name, "benchmarks.fixit_serially", str(listing), *rules)


def fixit(folder: Path, *rules: str) -> Command:
    """Fixit on a folder, with as many processes as it likes."""
    options = ("--quiet", "--rules", ",".join(rules), "lint", ".")
    return _tool("fixit", *options, folder=folder)


def flake8(files: Iterable[Path]) -> Command:
    """flake8 with its defaults, in one process."""
    return _tool("flake8", "--isolated", "--jobs=1", files=files, cores=1)


def pylint_errors(files: Iterable[Path]) -> Command:
    """pylint's search for errors, in one process."""
    command = _tool("pylint", "--rcfile=/dev/null", "-E", files=files, cores=1)
    # Its status adds up what it found: 1 fatal, 2 error, 4 warning, 8 refactor, 16 convention.
    return replace(command, statuses=frozenset(range(32)))


def ruff(folder: Path, *options: str) -> Command:
    """Ruff's rules on syntax and names on a folder."""
    return _tool("ruff", "check", "--isolated", "--select=E9,F", *options, ".", folder=folder)


def python(name: str, *words: str, folder: Path = ROOT) -> Command:
    """Python itself."""
    return Command(name, (sys.executable, *words), folder, frozenset({0}))


def cookiecutter(template: Path, into: Path) -> Command:
    """Cookiecutter on a template, without questions."""
    options = ("--no-input", "--overwrite-if-exists", "--output-dir", str(into))
    words = (str(BIN / "cookiecutter"), str(template), *options)
    return Command("cookiecutter --no-input TEMPLATE", words, into, frozenset({0}))


def _tool(
    tool: str,
    *options: str,
    folder: Path = ROOT,
    files: Iterable[Path] = (),
    cores: int | None = None,
) -> Command:
    words = (str(BIN / tool), *options, *map(str, files))
    shown = " ".join((tool, *options, *(["FILES"] if files else [])))
    return Command(shown, words, folder, cores=cores, needs=tool)


def _module(needs: str, name: str, *words: str) -> Command:
    return Command(name, (sys.executable, "-m", *words), ROOT, cores=1, needs=needs)
